import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { boostingTrainer, type BoostedModel } from '../../../../learning/trainers/boosting/index.ts';
import { uncalibrated } from '../../../../learning/calibration/calibrator.ts';
import { exportModel } from '../../../../learning/export/export.ts';
import { allRows, type Frame } from '../../../../learning/dataset/frame.ts';
import { logisticTrainer, type LogisticModel } from '../../../../learning/trainers/logistic/index.ts';
import { createRandom, type Random } from '../../../../learning/statistics/random.ts';
import type { FittedModel } from '../../../../learning/trainers/base/trainer.ts';
import type { EncodedRow } from '../../../../shared/encoding/encode.ts';
import { frameOf, schemaOf, type Kinds } from './boosting/frames.ts';

/** Where float32 is at its edges. */
const edges = [0, -0, 1e-45, -1e-45, 1.17549435e-38, 3.4028234663852886e38, -3.4028234663852886e38, NaN, 16777216, 0.1];
const levels = ['a', 'b', 'c'];
const kinds: Kinds = { x: 'number', train_only: 'number', test_only: 'number', level: levels, tactic: 'tactic' };

/** Numbers as tables have them: even, few, far from zero, over many sizes, too small for a normal float32, both zeros. */
const numbers: Record<string, (random: Random) => number> = {
  even: (random) => random.normal(),
  few: (random) => random.below(4),
  offset: (random) => 1e9 + 64 * random.below(5),
  sizes: (random) => Math.max(-3e38, Math.min(3e38, Math.exp(40 * random.normal()))),
  denormal: (random) => 1e-40 * random.normal(),
  zeros: (random) => random.pick([0, -0, 1e-45, -1e-45]),
};

function trainingFrame(number: (random: Random) => number, rows: number, seed: number): Frame {
  const random = createRandom(seed);
  const labels: number[] = [];
  const encoded = Array.from({ length: rows }, (_, i): EncodedRow => {
    const x = random.chance(0.1) ? NaN : Math.fround(number(random));
    const level = random.pick(['', 'unlisted', ...levels]);
    const z = Math.sign(Number.isNaN(x) ? 0 : x) + Number(level === 'a');
    labels.push(i < 2 ? i : Number(random.chance(1 / (1 + Math.exp(-2 * z)))));
    return { x, train_only: random.below(3), test_only: NaN, level, tactic: random.pick([0, 1, NaN]) };
  });
  return frameOf(kinds, encoded, labels);
}

/** A float32 that is, or lies next to, one of the values a model decides by. */
function near(values: readonly number[], random: Random): number {
  const place = new Float32Array([values.length === 0 ? 0 : random.pick(values)]);
  new Int32Array(place.buffer)[0]! += random.below(3) - 1;
  return place[0]! * Number(Number.isFinite(place[0]!)) || 0;
}

function testRows(thresholds: readonly number[], seed: number): EncodedRow[] {
  const random = createRandom(seed);
  const value = (): number => Math.fround(random.chance(0.5) ? random.pick(edges) : near(thresholds, random));
  return Array.from({ length: 400 }, () => ({
    x: value(),
    train_only: value(),
    test_only: value(),
    level: random.pick(['', 'never seen', 'unlisted', ...levels]),
    tactic: random.pick([0, 1, NaN]),
  }));
}

async function difference(model: FittedModel, rows: readonly EncodedRow[]): Promise<number> {
  const frame = frameOf(
    kinds,
    rows,
    rows.map(() => 0),
  );
  const wanted = model.margins(frame, allRows(frame)).map((z) => 1 / (1 + Math.exp(-z)));
  const bytes = exportModel(schemaOf(kinds), model, uncalibrated);
  const session = await InferenceSession.create(bytes, { intraOpNumThreads: 1, logSeverityLevel: 3 });
  const feeds = Object.fromEntries(
    session.inputNames.map((name) => {
      const cells = rows.map((row) => row[name]!);
      const tensor = typeof kinds[name] === 'string' ? Float32Array.from(cells, Number) : cells.map(String);
      const dims = [rows.length, 1];
      return [
        name,
        tensor instanceof Float32Array ? new Tensor('float32', tensor, dims) : new Tensor('string', tensor, dims),
      ];
    }),
  );
  const found = (await session.run(feeds))[session.outputNames[0]!]!.data as Float32Array;
  await session.release();
  return wanted.reduce(
    (most, p, i) => Math.max(most, Math.abs(p - found[i]!) || Number(Number.isNaN(p - found[i]!))),
    0,
  );
}

describe.each(Object.keys(numbers))('a column of %s numbers', (name) => {
  it.each([20, 1500])(
    'scores at the edges of float32 and of bins in the graph as in training (%d rows)',
    async (rows) => {
      const frame = trainingFrame(numbers[name]!, rows, rows);
      const params = boostingTrainer.params.parse({ rounds: 40, minChildWeight: 0.1 });
      const trees = boostingTrainer.fit(frame, allRows(frame), params, { seed: 1 }) as BoostedModel;
      const thresholds = trees.ensemble.trees.flatMap((t) => [...t.value].filter((_, node) => t.column[node]! >= 0));
      const line = logisticTrainer.fit(frame, allRows(frame), { l2: 1 }, { seed: 1 });
      for (const model of [trees, line]) expect(await difference(model, testRows(thresholds, 5))).toBeLessThan(1e-6);
    },
  );
});

/** Columns that a solver stumbles over: a copy in another unit, a sum of two, a constant, one far from zero, one heavy. */
function awkwardFrame(): Frame {
  const random = createRandom(20);
  const labels: number[] = [];
  const rows = Array.from({ length: 60 }, (): EncodedRow => {
    const [a, b] = [random.below(21) - 10, random.below(21) - 10];
    const heavy = 2 ** random.below(30);
    labels.push(Number(random.chance(1 / (1 + Math.exp(-a / 4)))));
    return { a, b, copy: 2 * a + 1, sum: a + b, constant: Math.fround(0.1), far: 1e9 + 64 * random.below(9), heavy };
  });
  const names = ['a', 'b', 'copy', 'sum', 'constant', 'far', 'heavy'];
  return frameOf(Object.fromEntries(names.map((n) => [n, 'number' as const])), rows, labels);
}

describe('logistic regression on awkward columns', () => {
  it('comes to the optimum that scikit-learn finds', () => {
    const frame = awkwardFrame();
    const model = logisticTrainer.fit(frame, allRows(frame), { l2: 1 }, { seed: 1 }) as LogisticModel;
    // scikit-learn 1.2.1 on the same rows, columns standardised (the constant one by 1):
    // LogisticRegression(C=1, solver='newton-cholesky', tol=1e-10). lbfgs stops 1e-5 from it.
    const weights = [0.5573525, 0.3475629, 0.5573525, 0.6392633, 0, 0.474614, -0.2364822];
    weights.forEach((weight, j) => expect(model.weights[j]).toBeCloseTo(weight, 6));
    expect(model.intercept).toBeCloseTo(0.1251972, 6);
  });
});
