import { InferenceSession, Tensor } from 'onnxruntime-node';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkGraph } from '../../../../../shared/encoding/onnx/index.ts';
import { boostingTrainer, type BoostedModel } from '../../../../../learning/trainers/boosting/index.ts';
import { uncalibrated } from '../../../../../learning/calibration/calibrator.ts';
import { exportModel } from '../../../../../learning/export/export.ts';
import { allRows, type Frame } from '../../../../../learning/dataset/frame.ts';
import { createRandom } from '../../../../../learning/statistics/random.ts';
import type { EncodedRow } from '../../../../../shared/encoding/encode.ts';
import { fc, test } from '../../../property.ts';
import { frameOf, schemaOf, type Kinds } from './frames.ts';
import { inEnglish } from '../../../../support/saying.ts';

const stories = ['virus', 'refund', 'bank', 'tax', 'nobody told this one'];
const kinds: Kinds = {
  minutes: 'number',
  money: 'number',
  story: stories,
  tactic_upi: 'tactic',
  nothing: 'number',
};

const oneRow: EncodedRow = { minutes: 1, money: 2, story: 'virus', tactic_upi: 1, nothing: 3 };

/** Invented rows in which every column but `nothing` matters, with missing and unlisted values. */
function trainingFrame(rows: number, seed: number): Frame {
  const random = createRandom(seed);
  const labels: number[] = [];
  const encoded = Array.from({ length: rows }, (): EncodedRow => {
    const minutes = random.chance(0.2) ? NaN : Math.fround(random.normal() * 30);
    const money = random.chance(0.1) ? NaN : Math.fround(Math.exp(3 * random.normal()));
    const story = random.pick(['', 'unlisted', 'unlisted too', ...stories.slice(0, 4)]);
    const tactic = random.chance(0.3) ? NaN : Number(random.chance(0.4));
    const z =
      (Number.isNaN(minutes) ? 1 : minutes / 20) +
      Math.log(money || 1) / 3 +
      (story === 'virus' ? 1.5 : story.startsWith('unlisted') ? -1 : story === '' ? 0.7 : 0) +
      (tactic === 1 ? 1 : 0);
    labels.push(Number(random.chance(1 / (1 + Math.exp(-z)))));
    return { minutes, money, story, tactic_upi: tactic, nothing: 3 };
  });
  return frameOf(kinds, encoded, labels);
}

function fit(frame: Frame, extra: Record<string, unknown> = {}): BoostedModel {
  const params = boostingTrainer.params.parse({ earlyStopping: null, ...extra });
  return boostingTrainer.fit(frame, allRows(frame), params, { seed: 1 }) as BoostedModel;
}

function bytesOf(model: BoostedModel): Uint8Array {
  return exportModel(schemaOf(kinds), model, uncalibrated);
}

function feedsOf(rows: readonly EncodedRow[]): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(kinds).map(([name, kind]) => {
      const values = rows.map((row) => row[name]!);
      const dims = [rows.length, 1];
      return typeof kind === 'string'
        ? [name, new Tensor('float32', Float32Array.from(values, Number), dims)]
        : [name, new Tensor('string', values.map(String), dims)];
    }),
  );
}

async function open(model: BoostedModel): Promise<InferenceSession> {
  return await InferenceSession.create(bytesOf(model), { intraOpNumThreads: 1, logSeverityLevel: 3 });
}

/** Largest difference between the trainer's probabilities and the runtime's. */
async function difference(model: BoostedModel, session: InferenceSession, rows: readonly EncodedRow[]) {
  const frame = frameOf(
    kinds,
    rows,
    rows.map(() => 0),
  );
  const wanted = Array.from(model.margins(frame, allRows(frame)), uncalibrated.probability);
  const given = (await session.run(feedsOf(rows)))['probability']!;
  expect(given.dims).toEqual([rows.length, 1]);
  return Math.max(...Array.from(given.data as Float32Array, (p, i) => Math.abs(p - wanted[i]!)));
}

describe('the graph of boosted trees', () => {
  const model = fit(trainingFrame(3000, 4));
  let session: InferenceSession;
  beforeAll(async () => {
    session = await open(model);
  });

  const thresholds = (name: string): number[] => {
    const at = model.ensemble.columns.findIndex((c) => c.name === name);
    return model.ensemble.trees.flatMap((tree) => [...tree.value].filter((_, n) => tree.column[n] === at));
  };
  /** Any float32, and the ones next to where a split of the column divides. */
  const numberOf = (name: string) => {
    const edges = thresholds(name)
      .filter(Number.isFinite)
      .flatMap((t) => [Math.fround(t), Math.fround(t * (1 + 1e-7)), Math.fround(t * (1 - 1e-7))]);
    return fc.oneof(fc.constantFrom(NaN, Infinity, -Infinity, 0, -0), fc.float(), fc.constantFrom(...edges));
  };
  const anyRow = fc.record({
    minutes: numberOf('minutes'),
    money: numberOf('money'),
    story: fc.constantFrom('', 'unlisted', 'never seen before', 'Ünlisted', ...stories),
    tactic_upi: fc.constantFrom(0, 1, NaN),
    nothing: fc.constantFrom(3, NaN, 1e30),
  });

  test(
    'gives the trainer’s probability for any row',
    [fc.array(anyRow, { minLength: 1, maxLength: 40 })],
    async (rows) => {
      expect(await difference(model, session, rows)).toBeLessThan(1e-6);
    },
  );

  it('gives them in large batches too, where the runtime adds up in another order', async () => {
    const { columns } = trainingFrame(2500, 77);
    const rows = Array.from({ length: 2500 }, (_, i) =>
      Object.fromEntries(
        columns.map((c) =>
          c.kind === 'number'
            ? [c.attribute.name, c.values[i]!]
            : [c.attribute.name, c.codes[i] === -1 ? '' : c.levels[c.codes[i]!]!],
        ),
      ),
    );
    expect(await difference(model, session, rows)).toBeLessThan(1e-6);
  });

  it('gives the base rate where no tree helped', async () => {
    const random = createRandom(1);
    const rows = Array.from({ length: 300 }, () => ({ ...oneRow, minutes: random.normal() }));
    const labels = rows.map(() => Number(random.chance(0.3)));
    const none = fit(frameOf(kinds, rows, labels), { earlyStopping: {} });
    expect(none.summary).toMatchObject({ trees: 0, parts_watched: 5 });
    expect(inEnglish(boostingTrainer.fitText!(none.summary)!)).toMatch(/^0 trees of at most 200, .* No tree helped/);
    const opened = await open(none);
    expect(await difference(none, opened, [oneRow, { ...oneRow, story: '', minutes: NaN }])).toBeLessThan(1e-6);
    const rate = labels.reduce((a, b) => a + b, 0) / 300;
    const given = (await opened.run(feedsOf([oneRow])))['probability']!;
    expect(Number(given.data[0])).toBeCloseTo(rate, 6);
    expect(checkGraph(bytesOf(none)).nodes.length).toBeGreaterThan(0);
  });

  it('is made of the same bytes every time and passes the checks of an installed model', () => {
    const bytes = bytesOf(model);
    expect(bytesOf(fit(trainingFrame(3000, 4)))).toEqual(bytes);
    expect(checkGraph(bytes).nodes.some((n) => n.opType === 'TreeEnsembleRegressor')).toBe(true);
  });

  it('reads only the columns that a split looks at', () => {
    expect(model.ensemble.columns.map((c) => c.name)).toEqual(['minutes', 'money', 'story', 'tactic_upi']);
  });

  it('is whole without a single split', async () => {
    const frame = trainingFrame(60, 8);
    const bare = fit(frame, { gamma: 1e9, rounds: 3 });
    expect(bare.ensemble.columns).toEqual([]);
    const rows = [{ minutes: 1, money: 2, story: 'tax', tactic_upi: NaN, nothing: NaN }];
    expect(await difference(bare, await open(bare), rows)).toBeLessThan(1e-6);
  });

  it('is whole when all it could read is a category', async () => {
    const only: Kinds = { story: stories };
    const rows = [{ story: 'tax' }, { story: '' }];
    const frame = frameOf(only, rows, [0, 1]);
    const bytes = exportModel(schemaOf(only), fit(frame, { gamma: 1e9 }), uncalibrated);
    const bare = await InferenceSession.create(bytes, { logSeverityLevel: 3 });
    const { probability } = await bare.run({ story: new Tensor('string', ['tax', ''], [2, 1]) });
    expect([...(probability!.data as Float32Array)]).toEqual([0.5, 0.5]);
  });

  it('tells missing from present where only that matters', async () => {
    const rows = Array.from({ length: 40 }, (_, i) => ({
      minutes: i % 2 === 0 ? NaN : Math.fround(i / 7),
      money: 1,
      story: '',
      tactic_upi: 0,
      nothing: 0,
    }));
    const frame = frameOf(
      kinds,
      rows,
      rows.map((_, i) => i % 2),
    );
    const small = fit(frame, { rounds: 1, maxDepth: 1 });
    expect(small.ensemble.trees[0]!.value[0]).toBe(Infinity);
    const [infinite, present, missing] = small.margins(
      frameOf(kinds, [{ ...rows[1]!, minutes: Infinity }, rows[1]!, rows[0]!], [0, 0, 0]),
      Uint32Array.of(0, 1, 2),
    );
    expect(infinite).toBe(present);
    expect(missing).toBeLessThan(present!);
    expect(await difference(small, await open(small), [...rows, { ...rows[1]!, minutes: Infinity }])).toBeLessThan(
      1e-6,
    );
  });
});
