import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRandom } from '../../../../learning/statistics/random.ts';
import { anyCommand } from '../../../support/commands.ts';
import { inEnglish } from '../../../support/saying.ts';

let folder: string;
const at = (name: string): string => join(folder, name);
async function run(...args: string[]): Promise<string> {
  const { code, out, err } = await anyCommand(args, { OUTPOST_RUNS_FOLDER: at('runs') });
  expect(code, err).toBe(0);
  return out;
}
const quick = ['--label', 'y', '--repeats', '100'];

/** Labels that have nothing to do with the numbers beside them: what a model says of them it has learned by heart. */
function noise(rows: number, seed: number): string[] {
  const random = createRandom(seed);
  return Array.from({ length: rows }, () => {
    const cells = Array.from({ length: 6 }, () => random.next().toFixed(6));
    return [...cells, random.next() < 0.5 ? 1 : 0].join(',');
  });
}

const header = 'a,b,c,d,e,f,y';
const write = (name: string, rows: readonly string[], head = header): void =>
  writeFileSync(at(name), `${[head, ...rows].join('\n')}\n`);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-learned-'));
  const rows = noise(1000, 1);
  write('train.csv', rows);
  write('mixed.csv', [...rows.slice(0, 90), ...noise(910, 2)]);
  write('fresh.csv', noise(1000, 3));
  const made = ['--data', at('train.csv'), '--label', 'y'];
  await run('train', ...made, '--trainer', 'boosting', '--out', at('trees'));
  await run('train', ...made, '--out', at('line'));
  await run('dataset', 'build', ...made, '--out', at('sets'));
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const judged = (data: string): string[] => ['evaluate', at('trees'), '--data', at(data), ...quick];

describe('rows a model learned from', () => {
  it('are counted and shown before any figure, also without dates', async () => {
    const text = await run(...judged('train.csv'));
    expect(text.split('\n')[0]).toBe(
      'All of these 1,000 rows are ones the model learned from: these figures are too good.',
    );
    const { file } = JSON.parse(await run(...judged('train.csv'), '--json'));
    expect(file.learned).toMatchObject({ rows: 1000, of: 1000, byChance: 0, beyondChance: true });
    expect((await run(...judged('mixed.csv'))).split('\n')[0]).toBe(
      '90 of these 1,000 rows are ones the model learned from: these figures are too good.',
    );
    expect(await run(...judged('fresh.csv'))).not.toMatch(/learned from/);
  });

  it('are known in the dataset the model was made from, also where no run is kept', async () => {
    const data = at(join('sets', readdirSync(at('sets'))[0]!));
    const text = await run('evaluate', at('trees'), '--data', data, '--repeats', '100', '--runs', at('none'));
    expect(text).toMatch(/^All of these 1,000 rows are ones the model learned from/);
    expect(readdirSync(folder)).not.toContain('none');
  });

  it('decide nothing between two models', async () => {
    const both = (data: string): string[] => ['compare', at('trees'), at('line'), '--data', at(data), ...quick];
    const text = await run(...both('train.csv'));
    const lines = text.split('\n');
    expect(lines[0]).toBe('All of these 1,000 rows are ones trees learned from: these figures are too good.');
    expect(lines[2]).toBe(
      'It is not clear whether trees is better or worse than line: all of these 1,000 rows are ones trees learned from.',
    );
    const found = JSON.parse(await run(...both('train.csv'), '--json'));
    expect(found).toMatchObject({ result: 'cannot_tell', learned: { first: { rows: 1000 }, second: { rows: 1000 } } });
    expect(new Set(Object.values<{ result: string }>(found.figures).map((f) => f.result))).toEqual(
      new Set(['cannot_tell']),
    );
    // Fewer than a tenth: shown, and judged all the same.
    const some = JSON.parse(await run(...both('mixed.csv'), '--json'));
    expect(some.learned.first.rows).toBe(90);
    expect(inEnglish(some.reason)).not.toContain('learned from');
  });

  it('are not known where the run is not kept and there are no dates, which stands first', async () => {
    const text = await run(...judged('train.csv'), '--runs', at('none'));
    expect(text).toMatch(/^Whether the model learned from any of these cases is not known: they carry no dates/);
  });

  it('are those before the cut only, and not those that chance repeats', async () => {
    const days = (rows: readonly string[], month: string): string[] =>
      rows.map((row, i) => `${month}-${10 + (i % 9)},${row}`);
    const [old, late] = [days(noise(600, 5), '2026-03'), days(noise(300, 6), '2026-05')];
    write('dated.csv', [...old, ...late], `received,${header}`);
    const data = ['--data', at('dated.csv'), '--time', 'received', '--label', 'y'];
    await run('train', ...data, '--cut', '2026-05-01', '--out', at('dated'));
    const found = JSON.parse(await run('evaluate', at('dated'), ...data, '--repeats', '100', '--json'));
    expect(found.file.learned).toMatchObject({ rows: 600, of: 900 });
    const coarse = (seed: number): string[] =>
      noise(1000, seed).map((row) =>
        row
          .split(',')
          .map((v) => Math.round(Number(v)))
          .join(','),
      );
    write('coarse.csv', coarse(7));
    write('other.csv', coarse(8));
    await run('train', '--data', at('coarse.csv'), '--label', 'y', '--out', at('coarse'));
    const other = await run('evaluate', at('coarse'), '--data', at('other.csv'), ...quick);
    expect(other).not.toContain('learned from');
    const same = await run('evaluate', at('coarse'), '--data', at('coarse.csv'), ...quick);
    expect(same).toMatch(/^All of these 1,000 rows are ones the model learned from/);
  });
});
