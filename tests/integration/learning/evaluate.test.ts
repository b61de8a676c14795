import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { learnCommand, type Printed } from '../../support/commands.ts';
import { saying } from '../../support/saying.ts';

let folder: string;
const at = (name: string): string => join(folder, name);

const run = (...args: string[]): Promise<Printed> => learnCommand(args, { OUTPOST_RUNS_FOLDER: join(folder, 'runs') });

async function done(...args: string[]): Promise<string> {
  const { code, out, err } = await run(...args);
  expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' });
  return out;
}

/** A file of one number that tells the label and one column that is noise; the label depends on `office` not at all. */
function table(rows: number, seed: number): string {
  const lines = ['amount,colour,office,received,incident,y'];
  let state = seed;
  const next = (): number => (state = (state * 16807) % 2147483647) / 2147483647;
  for (let i = 0; i < rows; i++) {
    const amount = Math.round(next() * 1000) / 10;
    const y = Number(next() < 1 / (1 + Math.exp(-(amount - 45) / 12)));
    const colour = ['red', 'green', 'blue', ''][Math.floor(next() * 4)]!;
    const day = `2026-0${1 + Math.floor(next() * 3)}-1${Math.floor(next() * 9)}`;
    lines.push(`${amount},${colour},${next() < 0.5 ? 'Pune' : 'Delhi'},${day},${Math.floor(i / 2)},${y}`);
  }
  return `${lines.join('\n')}\n`;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-evaluate-'));
  writeFileSync(at('train.csv'), table(1500, 11));
  writeFileSync(at('test.csv'), table(1500, 12));
  const common = ['--time', 'received', '--ignore', 'office', '--split', 'none', '--keep-twins'];
  await done('train', '--data', at('train.csv'), ...common, '--out', at('good'));
  const without = [...common.slice(0, 2), '--ignore', 'office,amount', ...common.slice(4)];
  await done('train', '--data', at('train.csv'), ...without, '--out', at('blind'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const test = (): string[] => ['--data', at('test.csv'), '--time', 'received', '--repeats', '200'];

describe('registry evaluate', () => {
  it('counts cases of one scammer once', async () => {
    const [header, ...lines] = table(1500, 13).trim().split('\n');
    const apart = lines.map((line, i) => line.replace(/,\d+,(\d)$/, `,${i},$1`));
    const scammer = (line: string, i: number): string => (line.endsWith('1') ? `S${Math.floor(i / 30)}` : '');
    writeFileSync(at('apart.csv'), [header, ...apart].join('\n'));
    writeFileSync(
      at('scammers.csv'),
      [`${header},scammer`, ...apart.map((l, i) => `${l},${scammer(l, i)}`)].join('\n'),
    );
    const judged = async (name: string) =>
      JSON.parse(await done('evaluate', at('good'), '--data', at(name), '--repeats', '200', '--json'));
    const [one, other] = [await judged('apart.csv'), await judged('scammers.csv')];
    const named = new Set(apart.map(scammer).filter((name) => name !== ''));
    expect(one.groups).toBe(1500);
    expect(other.groups).toBe(other.genuine + named.size);
    expect(other.figures.auc.value).toBe(one.figures.auc.value);
    // Only genuine cases are independent now: the share of scams called scam has an interval by scammer.
    expect([one.figures.recall.method, other.figures.recall.method]).toEqual(['exact', 'bootstrap']);
    expect([one.figures.wrong_accusation.method, other.figures.wrong_accusation.method]).toEqual(['exact', 'exact']);
  });

  it('gives every figure with an interval, curves and parts, in the file and on the screen', async () => {
    const files = ['--model', at('good/model.onnx'), '--manifest', at('good/manifest.json')];
    const text = await done('evaluate', ...files, ...test(), '--out', at('all.json'));
    const found = JSON.parse(readFileSync(at('all.json'), 'utf8'));
    expect(found).toMatchObject({ rows: 1500, groups: 750, file: { time: 'received', unlabelled: 0 } });
    for (const name of ['recall', 'missed', 'wrong_accusation', 'unclear', 'auc', 'average_precision', 'log_loss']) {
      const { value, low, high } = found.figures[name];
      expect(low).toBeLessThanOrEqual(value);
      expect(high).toBeGreaterThanOrEqual(value);
    }
    expect(found.figures.auc.value).toBeGreaterThan(0.85);
    expect(found.curves.roc.at(-1)).toMatchObject({ genuine: 1, scams: 1 });
    expect(found.queue.map((q: { first: number }) => q.first)).toEqual([50, 100, 200]);
    expect(text).toContain('1,500 cases');
    expect(text).toContain('count as one: 750 groups');
    expect(text).toMatch(/Genuine providers called scam {2,}\d+\.\d %/);
  });

  it('parts the cases by attributes, a column the model does not read, the month, and what is missing', async () => {
    const found = JSON.parse(await done('evaluate', at('good'), ...test(), '--json'));
    const values = (name: string): string[] =>
      found.slices.slices.filter((s: { name: string }) => s.name === name).map((s: { value: string }) => s.value);
    expect(values('colour').toSorted()).toEqual(['(missing)', 'blue', 'green', 'red']);
    expect(values('office').toSorted()).toEqual(['Delhi', 'Pune']);
    expect(values('month').toSorted()).toEqual(['2026-01', '2026-02', '2026-03']);
    expect(values('amount')).toEqual([]);
    const some = JSON.parse(await done('evaluate', at('good'), ...test(), '--slices', 'office', '--json'));
    expect(new Set(some.slices.slices.map((s: { name: string }) => s.name))).toEqual(new Set(['office']));
  });

  it('warns of cases the model may have learned from', async () => {
    // Made on 1 November 2026 from all rows: whatever was received before may be among them.
    const found = JSON.parse(await done('evaluate', at('good'), ...test(), '--json'));
    expect(found.file.maybeSeen).toEqual({ before: '2026-11-01', rows: 1500 });
    const text = await done('evaluate', at('good'), ...test(), '--runs', at('none'));
    expect(text).toMatch(/^All cases were received before 2026-11-01: the model may have learned from them/);
    writeFileSync(at('later.csv'), table(1500, 12).replaceAll('2026-0', '2027-0'));
    const later = ['--data', at('later.csv'), ...test().slice(2)];
    expect(await done('evaluate', at('good'), ...later)).not.toContain('may have learned');
    const compared = JSON.parse(await done('compare', at('good'), at('blind'), ...later, '--json'));
    expect(compared.maybeSeen).toEqual({
      first: { before: '2026-11-01', rows: 0 },
      second: { before: '2026-11-01', rows: 0 },
    });
  });

  it('is the same for the same seed, and does not depend on the order of the rows', async () => {
    const [head, ...rows] = table(1500, 12).trimEnd().split('\n');
    writeFileSync(at('reversed.csv'), [head, ...rows.toReversed()].join('\n'));
    const one = JSON.parse(await done('evaluate', at('good'), ...test(), '--json'));
    expect(JSON.parse(await done('evaluate', at('good'), ...test(), '--json'))).toEqual(one);
    const reversed = ['--data', at('reversed.csv'), ...test().slice(2)];
    const other = JSON.parse(await done('evaluate', at('good'), ...reversed, '--json'));
    // What is beyond chance shows in resamples, and these follow the order of the rows.
    for (const name of Object.keys(one.figures).filter((own) => own !== 'calibration_error_beyond_chance'))
      expect(other.figures[name].value).toBeCloseTo(one.figures[name].value, 9);
  });

  it('says what to do about a column that is not there and a model that is not named', async () => {
    const missing = await run('evaluate', at('good'), ...test(), '--slices', 'district');
    expect(missing).toMatchObject({ code: 2 });
    expect(missing.err).toContain('no column district; it has amount');
    const beside = await run('evaluate', ...test(), '--model', at('good/model.onnx'));
    expect(beside).toMatchObject({ code: 0, out: (await run('evaluate', at('good'), ...test())).out });
    const unnamed = await run('evaluate', ...test(), '--manifest', at('good/manifest.json'));
    expect(unnamed).toMatchObject({ code: 2 });
    expect(unnamed.err).toContain('--model and --manifest');
  });
});

describe('registry compare', () => {
  it('finds a model that sees the amount better than one that does not, and the other way round', async () => {
    const better = JSON.parse(await done('compare', at('good'), at('blind'), ...test(), '--by', 'log_loss', '--json'));
    expect(better).toMatchObject({ rows: 1500, groups: 750, onlyFirst: 0, onlySecond: 0 });
    expect(better.figures.log_loss.result).toBe('better');
    expect(better.figures.auc.result).toBe('better');
    const files = (name: string, prefix: string): string[] => [
      `--${prefix}model`,
      at(`${name}/model.onnx`),
      `--${prefix}manifest`,
      at(`${name}/manifest.json`),
    ];
    const text = await done('compare', ...files('blind', ''), ...files('good', 'with-'), ...test(), '--by', 'log_loss');
    expect(text.split('\n')[0]).toMatch(/is worse than .*: .*\.$/);
  });

  it('cannot tell a model from itself', async () => {
    const same = JSON.parse(await done('compare', at('good'), at('good'), ...test(), '--json'));
    expect(same).toMatchObject({ result: 'cannot_tell', changed: 0, figures: { auc: { difference: 0 } } });
    expect(same.sentence).toEqual(saying('It is not clear whether'));
  });

  it('leaves out and counts rows only one of the models can read', async () => {
    const lines = table(1500, 12).split('\n');
    lines[7] = lines[7]!.replace(/^[^,]*/, 'lots');
    writeFileSync(at('partly.csv'), lines.join('\n'));
    const data = ['--data', at('partly.csv'), ...test().slice(2)];
    const found = JSON.parse(await done('compare', at('good'), at('blind'), ...data, '--json'));
    expect(found).toMatchObject({ rows: 1499, onlyFirst: 0, onlySecond: 1 });
    const text = await done('compare', at('good'), at('blind'), ...data);
    expect(text).toContain('1 row left out that only one model can read');
  });

  it('refuses one folder alone', async () => {
    expect(await run('compare', at('good'), ...test())).toMatchObject({ code: 2 });
  });
});

describe('a dataset that was kept', () => {
  const parsed = async (...args: string[]) => JSON.parse(await done(...args, '--json'));

  /** The test file in the order of its dataset, and that dataset. */
  async function built(): Promise<{ csv: string; dataset: string }> {
    const common = ['--time', 'received', '--keep-twins', '--ignore', 'office', '--out', at('kept')];
    const { file } = await parsed('dataset', 'build', '--data', at('test.csv'), ...common);
    const [, ...rows] = gunzipSync(readFileSync(file)).toString().trimEnd().split('\n');
    const lines = rows.map((row) => {
      const [received, [amount, colour], label, , incident] = JSON.parse(row);
      return [amount, colour, received, incident, label].join(',');
    });
    writeFileSync(at('ordered.csv'), ['amount,colour,received,incident,y', ...lines].join('\n'));
    return { csv: at('ordered.csv'), dataset: file };
  }

  it('gives the figures, curves and slices of the file it was built from', async () => {
    const { csv, dataset } = await built();
    const judge = (...data: string[]) => parsed('evaluate', at('good'), '--repeats', '200', '--data', ...data);
    const [own, fromCsv] = [await judge(dataset), await judge(csv, '--time', 'received')];
    expect(own).toEqual(fromCsv);
    expect(own.slices.slices.some((s: { name: string }) => s.name === 'month')).toBe(true);
    const compare = (...data: string[]) =>
      parsed('compare', at('good'), at('blind'), '--repeats', '200', '--data', ...data);
    expect(await compare(dataset)).toEqual(await compare(csv, '--time', 'received'));
    // Told by how it begins, too.
    writeFileSync(at('renamed'), readFileSync(dataset));
    expect(await judge(at('renamed'))).toEqual(own);
  });

  it('parts its cases by attribute and month, and says that it kept no other column', async () => {
    const { dataset } = await built();
    const some = await parsed('evaluate', at('good'), '--data', dataset, '--slices', 'colour,month');
    expect(new Set(some.slices.slices.map((s: { name: string }) => s.name))).toEqual(new Set(['colour', 'month']));
    const office = await run('evaluate', at('good'), '--data', dataset, '--slices', 'office');
    expect(office).toMatchObject({ code: 2, err: expect.stringContaining('office cannot divide its cases') });
    const weighted = await run('evaluate', at('good'), '--data', dataset, '--weight', 'amount');
    expect(weighted).toMatchObject({ code: 2, err: expect.stringContaining('--weight is for CSV files') });
  });

  it('of other cases is refused; attributes it does not hold are named and unknown', async () => {
    writeFileSync(
      at('other.csv'),
      ['size,y', ...Array.from({ length: 40 }, (_, i) => `${i % 7}.5,${i % 2}`)].join('\n'),
    );
    const { file } = await parsed('dataset', 'build', '--data', at('other.csv'), '--out', at('kept'));
    const refused = await run('evaluate', at('good'), '--data', file);
    expect(refused).toMatchObject({ code: 2, err: expect.stringContaining('no attribute that the model reads') });
    const part = ['--time', 'received', '--ignore', 'office,colour', '--out', at('kept')];
    const kept = await parsed('dataset', 'build', '--data', at('test.csv'), ...part);
    expect(await done('evaluate', at('good'), '--data', kept.file)).toContain('so unknown to the model: colour.');
  });
});
