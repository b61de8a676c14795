import { describe, expect, it } from 'vitest';
import { datasetOf, type LabelledRow } from '../../registry/learning/dataset.ts';
import { fitModel } from '../../registry/learning/logistic-model.ts';
import { fitLogistic, sigmoid, type LogisticProblem } from '../../registry/learning/logistic.ts';
import { createRandom } from '../../registry/learning/random.ts';
import { complaintsSchema } from '../../shared/encoding/complaints.ts';
import { auc, logLoss } from '../../shared/metrics/index.ts';
import { hasReferenceData, referenceFigures, referenceRows } from '../support/reference-data.ts';

function gradientOf(p: LogisticProblem, theta: { intercept: number; weights: Float64Array }): number[] {
  const gradient = Array<number>(p.cols + 1).fill(0);
  for (let i = 0; i < p.rows; i++) {
    const row = Array.from(p.x.subarray(i * p.cols, (i + 1) * p.cols));
    const residual =
      (p.weights?.[i] ?? 1) * (sigmoid(row.reduce((s, v, j) => s + v * theta.weights[j]!, theta.intercept)) - p.y[i]!);
    gradient[0]! += residual;
    row.forEach((v, j) => (gradient[j + 1]! += residual * v));
  }
  theta.weights.forEach((w, j) => (gradient[j + 1]! += p.l2 * w));
  return gradient;
}

function randomProblem(rows: number, cols: number, seed: number): LogisticProblem {
  const random = createRandom(seed);
  const x = Float64Array.from({ length: rows * cols }, () => random.normal());
  const y = Array.from({ length: rows }, (_, i) => Number(random.chance(sigmoid(2 * x[i * cols]! - x[i * cols + 1]!))));
  const weights = Array.from({ length: rows }, () => 0.5 + random.next());
  return { x, rows, cols, y, weights, l2: 0.7 };
}

describe('logistic regression', () => {
  it.each([1, 2, 3, 4, 5])('stops where the gradient is zero (seed %d)', (seed) => {
    const problem = randomProblem(400, 7, seed);
    const fit = fitLogistic(problem);
    for (const g of gradientOf(problem, fit)) expect(Math.abs(g)).toBeLessThan(1e-8);
    expect(fit.iterations).toBeLessThan(15);
  });

  it('without columns finds the log odds of the share', () => {
    const fit = fitLogistic({ x: new Float64Array(0), rows: 4, cols: 0, y: [1, 1, 1, 0], l2: 1 });
    expect(fit.intercept).toBeCloseTo(Math.log(3), 12);
  });

  it('solves two symmetric rows as the closed condition w = 1 - tanh(w / 2) demands', () => {
    // x = -1, 1 with y = 0, 1 and l2 = 1: stationarity is 2 (sigmoid(w) - 1) + w = 0.
    const fit = fitLogistic({ x: Float64Array.from([-1, 1]), rows: 2, cols: 1, y: [0, 1], l2: 1 });
    const [w] = fit.weights;
    expect(2 * (sigmoid(w!) - 1) + w!).toBeCloseTo(0, 10);
    expect(fit.intercept).toBeCloseTo(0, 12);
  });

  it('stays finite on perfectly separable rows', () => {
    const fit = fitLogistic({ x: Float64Array.from([-5, -4, 4, 5]), rows: 4, cols: 1, y: [0, 0, 1, 1], l2: 1e-3 });
    expect(Number.isFinite(fit.weights[0])).toBe(true);
    expect(fit.gradient).toBeLessThan(1e-8);
  });

  it('counts a weight of two like the same row twice', () => {
    const problem = randomProblem(60, 3, 9);
    const weights = Array.from({ length: 60 }, (_, i) => (i % 2 === 0 ? 2 : 1));
    const index = weights.flatMap((w, i) => Array<number>(w).fill(i));
    const repeated = {
      ...problem,
      rows: index.length,
      weights: undefined,
      y: index.map((i) => problem.y[i]!),
      x: Float64Array.from(index.flatMap((i) => [...problem.x.subarray(3 * i, 3 * i + 3)])),
    };
    const [a, b] = [fitLogistic({ ...problem, weights }), fitLogistic(repeated)];
    a.weights.forEach((w, j) => expect(w).toBeCloseTo(b.weights[j]!, 10));
  });

  it('refuses no rows, one class, and values that are no numbers', () => {
    const base = { rows: 2, cols: 1, l2: 1 };
    expect(() => fitLogistic({ x: new Float64Array(0), rows: 0, cols: 1, y: [], l2: 1 })).toThrow(
      expect.objectContaining({ code: 'BAD_INPUT' }),
    );
    expect(() => fitLogistic({ ...base, x: Float64Array.from([1, 2]), y: [1, 1] })).toThrow(
      expect.objectContaining({ code: 'BAD_INPUT' }),
    );
    expect(() => fitLogistic({ ...base, x: Float64Array.from([1, NaN]), y: [1, 0] })).toThrow(
      expect.objectContaining({ code: 'BAD_INPUT' }),
    );
  });

  it('gives constant columns no weight, also when their deviation is rounding noise', () => {
    const random = createRandom(6);
    const rows: LabelledRow[] = Array.from({ length: 200 }, () => {
      const label = random.chance(0.6) ? 1 : 0;
      // The mean of many times 0.1 is not 0.1: the computed deviation is about 1e-17, not 0.
      return {
        facts: {
          schema: { id: 'complaints', version: 1 },
          attributes: { contact_minutes: 0.1, gift_cards_asked: label === 1 && random.chance(0.5) },
          tactics: [],
        },
        label,
        received: '2026-06-01',
      };
    });
    const model = fitModel(complaintsSchema, datasetOf(complaintsSchema, rows).rows);
    const at = model.design.numeric.findIndex((t) => t.column === 'contact_minutes');
    expect(model.weights[at]).toBe(0);
    expect(model.weights.filter((w) => w !== 0)).toHaveLength(1);
  });
});

type Row = Record<string, string>;

/** Design as the reference computes it: median imputed and scaled numbers with indicators, 0/1 columns, one-hot with all levels of the training part. */
function referenceDesign(reference: Record<string, any>, train: Row[]): { names: string[]; row: (r: Row) => number[] } {
  const scaler = reference['lr_split_S'].scaler;
  const names: string[] = [...reference['numeric']];
  const withMissing: string[] = reference['numeric'].filter((c: string) => train.some((r) => r[c] === ''));
  names.push(...withMissing.map((c) => `missing:${c}`), ...reference['boolean']);
  const levels = Object.keys(reference['categorical']).map(
    (c) => [c, [...new Set(train.map((r) => r[c] || '(missing)'))].toSorted()] as const,
  );
  for (const [c, values] of levels) names.push(...values.map((v) => `${c}=${v}`));
  const stats = new Map<string, { median: number; mean: number; std: number }>();
  for (const c of reference['numeric'] as string[]) {
    const known = train
      .map((r) => r[c]!)
      .filter((v) => v !== '')
      .map(Number)
      .toSorted((a, b) => a - b);
    const middle = known.length / 2;
    const median = Number.isInteger(middle) ? (known[middle - 1]! + known[middle]!) / 2 : known[Math.floor(middle)]!;
    const filled = train.map((r) => (r[c] === '' ? median : Number(r[c])));
    const mean = filled.reduce((a, b) => a + b, 0) / filled.length;
    const std = Math.sqrt(filled.reduce((a, b) => a + (b - mean) ** 2, 0) / filled.length);
    expect(mean).toBeCloseTo(scaler[c].mean, 6);
    stats.set(c, { median, mean, std: std < 1e-9 ? 1 : std });
  }
  const row = (r: Row): number[] => [
    ...[...stats].map(([c, s]) => ((r[c] === '' ? s.median : Number(r[c])) - s.mean) / s.std),
    ...withMissing.map((c) => Number(r[c] === '')),
    ...reference['boolean'].map((c: string) => Number(r[c])),
    ...levels.flatMap(([c, values]) => values.map((v) => Number((r[c] || '(missing)') === v))),
  ];
  return { names, row };
}

describe.runIf(hasReferenceData('logistic regression against scikit-learn'))('against scikit-learn', () => {
  it.each(['adult', 'elec2', 'ftc_dnc_2020'])('%s: the same weights, AUC and log loss on split S', (set) => {
    const reference = referenceFigures(set);
    const rows = referenceRows(set, set);
    const test = new Set(
      referenceRows(set, 'predictions')
        .filter((r) => r['split'] === 'S')
        .map((r) => Number(r['row'])),
    );
    const train = rows.filter((_, i) => !test.has(i));
    const held = rows.filter((_, i) => test.has(i));
    expect([train.length, held.length]).toEqual([reference['split_S'].n_train, reference['split_S'].n_test]);
    const design = referenceDesign(reference, train);
    const x = new Float64Array(train.length * design.names.length);
    train.forEach((r, i) => x.set(design.row(r), i * design.names.length));
    const fit = fitLogistic({
      x,
      rows: train.length,
      cols: design.names.length,
      y: train.map((r) => Number(r['y'])),
      l2: 1,
    });
    expect(fit.gradient).toBeLessThan(1e-8);
    const wanted = reference['lr_split_S'];
    expect(design.names.toSorted()).toEqual(Object.keys(wanted.weights).toSorted());
    design.names.forEach((name, j) => expect(Math.abs(fit.weights[j]! - wanted.weights[name])).toBeLessThan(1e-5));
    const labels = held.map((r) => Number(r['y']));
    const scores = held.map((r) => sigmoid(design.row(r).reduce((s, v, j) => s + v * fit.weights[j]!, fit.intercept)));
    expect(Math.abs(auc({ labels, scores }) - reference['split_S'].lr.auc)).toBeLessThan(1e-5);
    expect(Math.abs(logLoss({ labels, scores }) - reference['split_S'].lr.logloss)).toBeLessThan(1e-5);
  });
});
