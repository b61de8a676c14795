import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTraining, type TrainingFile } from '../../../../learning/data/read-training.ts';
import { readLabelledCsv } from '../../../support/labelled-csv.ts';
import { recordOf } from '../../../../learning/dataset/dataset.ts';
import { figuresOf } from '../../../../learning/figures/figures.ts';
import { clopperPearson } from '../../../../shared/metrics/index.ts';
import { fc, test as prop } from '../../property.ts';
import { rejectedLines, reasonsInEnglish } from '../../../support/in-english.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-weights-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function reading(rows: readonly string[], more: { keepTwins?: boolean; time?: string } = {}): Promise<TrainingFile> {
  const file = join(folder, 'table.csv');
  writeFileSync(file, `${rows.join('\n')}\n`);
  const columns = { label: 'y', time: null, weight: 'w', ignore: [], schema: null, keepTwins: false, ...more };
  return readTraining(file, columns);
}

/** Twenty rows of one number, each with the given weight. */
function table(weight: (i: number) => string): string[] {
  return ['x,y,w', ...Array.from({ length: 20 }, (_, i) => `${(i * 7) % 11}.5,${i % 2},${weight(i)}`)];
}

describe('a column of weights', () => {
  it('says how many cases a row stands for, and is no attribute', async () => {
    const { dataset, columns } = await reading(table((i) => (i < 5 ? '2.5' : '1e-1')));
    expect(dataset.schema.attributes.map((a) => a.name)).toEqual(['x']);
    expect(columns.map((c) => c.header)).toEqual(['x']);
    expect([...dataset.frame.weights].toSorted((a, b) => a - b)).toEqual([
      ...Array.from({ length: 15 }, () => 0.1),
      ...Array.from({ length: 5 }, () => 2.5),
    ]);
    expect(recordOf(dataset, 0).weight).toBe(dataset.frame.weights[0]);
  });

  it('leaves out rows with 0, which count for nothing, and those with no weight, each with its reason', async () => {
    const bad: Record<number, string> = { 2: '0', 3: '0.0', 4: '-1', 5: 'many', 6: 'inf', 7: '', 8: 'NaN' };
    const { dataset, rejected } = await reading(table((i) => bad[i] ?? '3'));
    expect(dataset.frame.rows).toBe(13);
    expect(reasonsInEnglish(rejected.reasons)).toEqual({
      'its weight is 0: it counts for nothing': 2,
      'w is no weight: write a number of at least 0': 5,
    });
    expect(rejected.first.map((r) => r.line)).toEqual([4, 5, 6, 7, 8, 9, 10]);
  });

  it('may leave most rows out by 0, but not all of them', async () => {
    expect((await reading(table((i) => (i < 17 ? '0' : '1')))).dataset.frame.rows).toBe(3);
    await expect(reading(table(() => '0'))).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringContaining('has the weight 0'),
    });
  });

  it('has to be there and cannot be the label as well', async () => {
    await expect(reading(['x,y', '1,1', '2,0'])).rejects.toMatchObject({ code: 'BAD_CSV' });
    const file = join(folder, 'table.csv');
    const columns = { label: 'y', time: null, weight: 'y', ignore: [], schema: null, keepTwins: false };
    await expect(readTraining(file, columns)).rejects.toMatchObject({ code: 'BAD_INPUT' });
  });

  it('is read for judging too', async () => {
    const { dataset } = await reading(table((i) => String(i)));
    const { rows } = await readLabelledCsv(join(folder, 'table.csv'), dataset.schema, { label: 'y', weight: 'w' });
    expect(rows.map((row) => row.weight)).toEqual(Array.from({ length: 19 }, (_, i) => i + 1));
  });

  it('gives exact intervals by the rows where all weigh the same, and leaves rows of weight 0 out of every count', () => {
    const thresholds = { notScamBelow: 0.3, scamFrom: 0.6 };
    const cases = Array.from({ length: 30 }, (_, i) => ({
      label: 1 as const,
      weight: i < 20 ? 4 : 0,
      score: i < 13 || i >= 20 ? 0.9 : 0.1,
    }));
    const { recall } = figuresOf(cases, thresholds);
    expect(recall).toMatchObject({ ...clopperPearson(13, 20), n: 20 });
  });
});

describe('the row of an incident that is kept', () => {
  const rows = ['x,y,w,day,incident', ...Array.from({ length: 10 }, (_, i) => `${i}.5,${i % 2},1,2026-02-01,`)];
  const kept = ({ dataset }: TrainingFile): unknown[] =>
    Array.from({ length: dataset.frame.rows }, (_, i) => recordOf(dataset, i))
      .filter((row) => row.incident !== null)
      .map((row) => row.encoded['x']);

  it('is the first received that can be read: a bad first row does not drop its incident', async () => {
    const twins = ['1e300,1,1,2026-01-01,A', '77,1,1,2026-01-02,A', '88,1,1,2026-01-03,A', '99,0,0,2026-01-01,A'];
    const read = await reading([...rows, ...twins], { time: 'day' });
    expect(kept(read)).toEqual([77]);
    const beyond = rejectedLines(read.rejected.first).find(([line]) => line === 12)![1];
    expect(reasonsInEnglish(read.rejected.reasons)).toEqual({
      [beyond]: 1,
      'another case of its incident was received first': 1,
      'its weight is 0: it counts for nothing': 1,
    });
    expect((await reading([...rows, ...twins], { time: 'day', keepTwins: true })).dataset.frame.rows).toBe(12);
  });

  const anyRow = fc.record({
    x: fc.integer({ min: 0, max: 3 }),
    y: fc.constantFrom('0', '1', ''),
    weight: fc.constantFrom('1', '2', '0', 'x'),
    day: fc.constantFrom('2026-01-01', '2026-01-02', 'soon'),
    incident: fc.constantFrom('A', 'B', ''),
  });
  prop(
    'does not depend on the order of the rows: the same cases give the same dataset',
    [fc.array(anyRow, { minLength: 2, maxLength: 8 }), fc.nat()],
    async (cases, turn) => {
      const lines = cases.map((c) => `${c.x},${c.y},${c.weight},${c.day},${c.incident}`);
      const turned = [...lines.slice(turn % lines.length), ...lines.slice(0, turn % lines.length)].toReversed();
      const one = await reading([...rows, ...lines], { time: 'day' });
      const again = await reading([rows[0]!, ...turned, ...rows.slice(1)], { time: 'day' });
      expect(again.dataset.hash).toBe(one.dataset.hash);
      expect(again.rejected.reasons).toEqual(one.rejected.reasons);
    },
    60,
  );
});
