import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registryCommand, type Printed } from '../support/commands.ts';

let folder: string;
const at = (name: string): string => join(folder, name);
const run = (...args: string[]): Promise<Printed> => registryCommand(args, { OUTPOST_RUNS_FOLDER: at('runs') });

function put(name: string, text: string): string {
  writeFileSync(at(name), text);
  return at(name);
}

/** A table whose first column tells the label most of the time; the others are made of the number of the row. */
function table(rows: number, others: Readonly<Record<string, (i: number) => string>> = {}, label = String): string {
  let state = 7;
  const next = (): number => (state = (state * 16807) % 2147483647) / 2147483647;
  const lines = Array.from({ length: rows }, (_, i) => {
    const amount = Math.round(next() * 1000) / 10;
    return [amount, ...Object.values(others).map((cell) => cell(i)), label(Number(next() < amount / 100))].join(',');
  });
  return `${[['amount', ...Object.keys(others), 'y'].join(','), ...lines].join('\n')}\n`;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-line-'));
  put('table.csv', table(200));
  expect(await run('train', '--data', at('table.csv'), '--out', at('model'))).toMatchObject({ code: 0 });
  expect(await run('train', '--data', at('table.csv'), '--l2', '30', '--out', at('other'))).toMatchObject({ code: 0 });
  expect(await run('dataset', 'build', '--data', at('table.csv'), '--out', at('datasets'))).toMatchObject({ code: 0 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const dataset = (): string => join(at('datasets'), readdirSync(at('datasets'))[0]!);

describe('a folder that holds another model', () => {
  it.each(['export', 'reproduce'])('is not written over by runs %s unless it is forced', async (command) => {
    const runs: { id: string; params: { l2: number } }[] = JSON.parse((await run('runs', 'list', '--json')).out);
    const { id } = runs.find(({ params }) => params.l2 === 30)!;
    const before = readFileSync(at('model/model.onnx'));
    const refused = await run('runs', command, id, '--out', at('model'));
    expect(refused).toMatchObject({ code: 2, out: '', err: expect.stringMatching(/holds the model .* --force/) });
    expect(readFileSync(at('model/model.onnx'))).toEqual(before);
    expect(await run('runs', command, id, '--out', at('other'))).toMatchObject({ code: 0 });
    expect(await run('runs', command, id, '--out', at(command))).toMatchObject({ code: 0 });
    const [own] = runs.filter(({ params }) => params.l2 !== 30);
    expect(await run('runs', command, own!.id, '--out', at(command))).toMatchObject({ code: 2 });
    expect(await run('runs', command, own!.id, '--out', at(command), '--force')).toMatchObject({ code: 0 });
    expect(readFileSync(join(at(command), 'model.onnx'))).toEqual(before);
  });

  it('is refused before a search, which may find another', async () => {
    const space = put('space.json', '{"trainer": ["logistic"]}');
    const search = (data: string) => run('train', '--data', data, '--search', space, '--out', at('model'));
    expect(await search('none.csv')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/A search may find another/),
    });
  });
});

describe('a place where nothing can be written', () => {
  const nowhere = '/proc/outpost/deep';
  it.each<[string, () => string[]]>([
    ['dataset build', () => ['dataset', 'build', '--data', at('table.csv'), '--out', nowhere]],
    ['runs export', () => ['runs', 'export', '1', '--out', nowhere]],
    [
      'init',
      () => ['init', '--folder', at('centre'), '--keys', nowhere, '--passphrase-file', put('pass', 'long enough')],
    ],
    ['import-model', () => ['import-model', '--model', at('model/model.onnx'), '--out', nowhere]],
    ['evaluate', () => ['evaluate', at('model'), '--data', at('none.csv'), '--out', join(nowhere, 'x.json')]],
    ['compare', () => ['compare', at('model'), at('other'), '--data', 'none.csv', '--out', join(nowhere, 'x.json')]],
    ['train --runs', () => ['train', '--data', at('table.csv'), '--out', at('x'), '--runs', nowhere]],
  ])('is refused at once by %s', async (_name, args) => {
    const refused = await run(...args());
    expect(refused).toMatchObject({ code: 2, out: '', err: expect.stringMatching(/cannot be (?:used|written)/) });
    expect(existsSync(at('centre'))).toBe(false);
  });
});

describe('options that name columns', () => {
  it.each([
    ['train', () => ['--out', at('x')]],
    ['evaluate', () => [at('model')]],
    ['compare', () => [at('model'), at('other')]],
  ])('are refused by %s for a dataset, the label among them', async (command, more) => {
    const refused = await run(command, ...more(), '--data', dataset(), '--label', 'y');
    expect(refused).toMatchObject({ code: 2, err: expect.stringContaining('--label is for CSV files') });
  });
});

describe('import-model', () => {
  it('reads a dataset as it reads the file that was built from', async () => {
    const theirs = at('model/model.onnx');
    const take = (data: string, out: string) =>
      run('import-model', '--model', theirs, '--data', data, '--out', at(out));
    const [file, kept] = [await take(at('table.csv'), 'from-file'), await take(dataset(), 'from-dataset')];
    expect([file.code, kept.code]).toEqual([0, 0]);
    const metrics = (out: string) => JSON.parse(readFileSync(join(at(out), 'metrics.json'), 'utf8'));
    expect(metrics('from-dataset')).toEqual(metrics('from-file'));
  });
});

describe('compare', () => {
  it('shows what is to be known of the rows for both models, and what holds of both once', async () => {
    const wider = put('wider.csv', table(200, { place: (i) => `place ${i % 3}`, x: (i) => String(i % 7) }));
    expect(await run('train', '--data', wider, '--ignore', 'x', '--out', at('wider'))).toMatchObject({ code: 0 });
    const { code, out } = await run('compare', at('model'), at('wider'), '--data', wider, '--repeats', '100');
    expect(code).toBe(0);
    expect(out).toContain('table: Columns the model does not read: place, x.\n');
    expect(out).toContain('wider: Columns the model does not read: x.\n');
    const both = put('both.csv', `${readFileSync(at('table.csv'), 'utf8')}5,maybe\n`);
    const same = (await run('compare', at('model'), at('other'), '--data', both, '--repeats', '100')).out;
    expect(same.match(/1 row left out:\n {2}1 row: y is neither/g)).toHaveLength(1);
  });
});

describe('evaluate', () => {
  it('counts whole scams in whole numbers', async () => {
    const { out } = await run('evaluate', at('model'), '--data', at('table.csv'), '--repeats', '100');
    expect(out).toMatch(/In the first 50 of the queue: \d+ scams \(/);
  });
});
