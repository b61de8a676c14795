import { describe, expect, it } from 'vitest';
import { datasetOf, type LabelledRow } from '../../../../../learning/dataset/dataset.ts';
import { allRows } from '../../../../../learning/dataset/frame.ts';
import { solveBordered, solveCholesky } from '../../../../../learning/trainers/logistic/cholesky.ts';
import type { SparseRows } from '../../../../../learning/trainers/logistic/sparse-rows.ts';
import { fitModel, logisticTrainer, type LogisticModel } from '../../../../../learning/trainers/logistic/index.ts';
import { fitLogistic, sigmoid, type LogisticProblem } from '../../../../../learning/trainers/logistic/newton.ts';
import { createRandom } from '../../../../../learning/statistics/random.ts';
import { complaintsSchema } from '../../../../../shared/encoding/complaints.ts';
import { auc, logLoss } from '../../../../../shared/metrics/index.ts';
import { hasReferenceData } from '../../../../support/reference-data.ts';
import { referenceFrame } from '../../../../support/reference-frame.ts';
import { inEnglish, saying } from '../../../../support/saying.ts';

/** A dense row-major matrix as rows of a design; its zeros are left out. */
function rowsOf(values: ArrayLike<number>, rows: number, cols: number): SparseRows {
  const [starts, index, value] = [new Uint32Array(rows + 1), [] as number[], [] as number[]];
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) {
      if (values[i * cols + j] === 0) continue;
      index.push(j);
      value.push(values[i * cols + j]!);
    }
    starts[i + 1] = index.length;
  }
  return { rows, cols, starts, index: Uint32Array.from(index), value: Float64Array.from(value) };
}

function gradientOf(p: LogisticProblem, theta: { intercept: number; weights: Float64Array }): number[] {
  const { x } = p;
  const gradient = Array<number>(x.cols + 1).fill(0);
  for (let i = 0; i < x.rows; i++) {
    const entries = Array.from({ length: x.starts[i + 1]! - x.starts[i]! }, (_, k) => x.starts[i]! + k);
    const z = entries.reduce((s, k) => s + x.value[k]! * theta.weights[x.index[k]!]!, theta.intercept);
    const residual = (p.weights?.[i] ?? 1) * (sigmoid(z) - p.y[i]!);
    gradient[0]! += residual;
    for (const k of entries) gradient[x.index[k]! + 1]! += residual * x.value[k]!;
  }
  theta.weights.forEach((w, j) => (gradient[j + 1]! += p.l2 * w));
  return gradient;
}

function randomProblem(rows: number, cols: number, seed: number): LogisticProblem & { dense: Float64Array } {
  const random = createRandom(seed);
  const dense = Float64Array.from({ length: rows * cols }, () => random.normal());
  const odds = (i: number): number => sigmoid(2 * dense[i * cols]! - dense[i * cols + 1]!);
  const y = Array.from({ length: rows }, (_, i) => Number(random.chance(odds(i))));
  const weights = Array.from({ length: rows }, () => 0.5 + random.next());
  return { dense, x: rowsOf(dense, rows, cols), y, weights, l2: 0.7 };
}

/** A thousand rows with two numbers and one of 300 levels, the levels in between. */
function leveledProblem(): LogisticProblem {
  const random = createRandom(11);
  const [rows, levels] = [1000, 300];
  const effects = Array.from({ length: levels }, () => random.normal());
  const dense = new Float64Array(rows * (levels + 2));
  const y = Array.from({ length: rows }, (_, i) => {
    const [level, first, last] = [random.below(levels), random.normal(), random.normal()];
    const row = i * (levels + 2);
    dense[row] = first;
    dense[row + 1 + level] = 1;
    dense[row + levels + 1] = last;
    return Number(random.chance(sigmoid(first - last + effects[level]!)));
  });
  return { x: rowsOf(dense, rows, levels + 2), y, l2: 0.5 };
}

describe('many rows', () => {
  it('are fitted to the same optimum from where a sample of them says it is', () => {
    const problem = randomProblem(40_000, 4, 5);
    const fit = fitLogistic(problem);
    expect(fit.converged).toBe(true);
    // Few of the steps from 0 are needed from there.
    expect(fit.iterations).toBeLessThan(8);
    expect(Math.max(...gradientOf(problem, fit).map(Math.abs))).toBeLessThan(1e-8);
  });

  it('of which the sample has one class only are fitted all the same', () => {
    const problem = randomProblem(40_000, 3, 6);
    // Every fourth row is in the sample.
    const y = Array.from({ length: 40_000 }, (_, i) => (i % 4 === 0 ? 0 : problem.y[i]!));
    const fit = fitLogistic({ ...problem, y });
    expect(fit.converged).toBe(true);
    expect(Math.max(...gradientOf({ ...problem, y }, fit).map(Math.abs))).toBeLessThan(1e-8);
  });
});

describe('a category with many levels', () => {
  it('is solved apart to the same optimum', () => {
    const problem = leveledProblem();
    const [plain, apart] = [fitLogistic(problem), fitLogistic({ ...problem, exclusive: { from: 1, to: 301 } })];
    expect(apart.iterations).toBe(plain.iterations);
    expect(apart.intercept).toBeCloseTo(plain.intercept, 11);
    apart.weights.forEach((weight, j) => expect(weight).toBeCloseTo(plain.weights[j]!, 11));
    expect(Math.max(...gradientOf(problem, apart).map(Math.abs))).toBeLessThan(1e-9);
  });

  it('solves equations with a diagonal part anywhere as the dense way does', () => {
    const random = createRandom(3);
    const n = 12;
    for (const [from, to] of [
      [0, 5],
      [4, 9],
      [7, 12],
      [0, 12],
      [3, 3],
    ] as const) {
      const apart = (i: number, j: number): boolean => i !== j && i >= from && i < to && j >= from && j < to;
      const a = new Float64Array(n * n);
      for (let i = 0; i < n; i++)
        for (let j = 0; j <= i; j++) a[i * n + j] = i === j ? n + random.next() : apart(i, j) ? 0 : random.normal();
      const b = Float64Array.from({ length: n }, () => random.normal());
      const wanted = solveCholesky(a.slice(), b);
      solveBordered(a, b, from, to).forEach((x, i) => expect(x).toBeCloseTo(wanted[i]!, 12));
    }
  });

  it('refuses equations that have no unique solution', () => {
    expect(() => solveBordered(Float64Array.of(1, 0, 0, 0), Float64Array.of(1, 1), 1, 2)).toThrow(
      saying('no unique solution'),
    );
  });
});

describe('logistic regression', () => {
  it.each([1, 2, 3, 4, 5])('stops where the gradient is zero (seed %d)', (seed) => {
    const problem = randomProblem(400, 7, seed);
    const fit = fitLogistic(problem);
    for (const g of gradientOf(problem, fit)) expect(Math.abs(g)).toBeLessThan(1e-8);
    expect(fit.iterations).toBeLessThan(15);
  });

  it('says whether it came to the optimum', () => {
    const problem = randomProblem(400, 7, 1);
    expect(fitLogistic(problem).converged).toBe(true);
    const cut = fitLogistic({ ...problem, maxIterations: 2 });
    expect(cut).toMatchObject({ iterations: 2, converged: false });
    expect(cut.gradient).toBeGreaterThan(1e-9);
    // Weights so large that no gradient of doubles gets below the tolerance: the loss tells.
    const heavy = fitLogistic({ ...problem, weights: Array.from({ length: 400 }, () => 1e9) });
    expect(heavy.gradient).toBeGreaterThan(1e-9);
    expect(heavy.converged).toBe(true);
  });

  it('is said in the card not to have come to the optimum when it has not', () => {
    const { method } = logisticTrainer.card;
    expect(method({ converged: 1 })).toEqual(method({}));
    expect(inEnglish(method({}))).toContain('at its exact optimum');
    expect(inEnglish(method({ converged: 0 }))).toContain('near its optimum, which the steps allowed did not reach');
  });

  it('without columns finds the log odds of the share', () => {
    const fit = fitLogistic({ x: rowsOf([], 4, 0), y: [1, 1, 1, 0], l2: 1 });
    expect(fit.intercept).toBeCloseTo(Math.log(3), 12);
  });

  it('solves two symmetric rows as the closed condition w = 1 - tanh(w / 2) demands', () => {
    // x = -1, 1 with y = 0, 1 and l2 = 1: stationarity is 2 (sigmoid(w) - 1) + w = 0.
    const fit = fitLogistic({ x: rowsOf([-1, 1], 2, 1), y: [0, 1], l2: 1 });
    const [w] = fit.weights;
    expect(2 * (sigmoid(w!) - 1) + w!).toBeCloseTo(0, 10);
    expect(fit.intercept).toBeCloseTo(0, 12);
  });

  it('stays finite on perfectly separable rows', () => {
    const fit = fitLogistic({ x: rowsOf([-5, -4, 4, 5], 4, 1), y: [0, 0, 1, 1], l2: 1e-3 });
    expect(Number.isFinite(fit.weights[0])).toBe(true);
    expect(fit.gradient).toBeLessThan(1e-8);
  });

  it('counts a weight of two like the same row twice', () => {
    const problem = randomProblem(60, 3, 9);
    const weights = Array.from({ length: 60 }, (_, i) => (i % 2 === 0 ? 2 : 1));
    const index = weights.flatMap((w, i) => Array<number>(w).fill(i));
    const dense = index.flatMap((i) => [...problem.dense.subarray(3 * i, 3 * i + 3)]);
    const repeated = {
      l2: problem.l2,
      y: index.map((i) => problem.y[i]!),
      x: rowsOf(dense, index.length, 3),
    };
    const [a, b] = [fitLogistic({ ...problem, weights }), fitLogistic(repeated)];
    a.weights.forEach((w, j) => expect(w).toBeCloseTo(b.weights[j]!, 10));
  });

  it('refuses no rows, one class, and values that are no numbers', () => {
    const refused = expect.objectContaining({ code: 'BAD_INPUT' });
    expect(() => fitLogistic({ x: rowsOf([], 0, 1), y: [], l2: 1 })).toThrow(refused);
    expect(() => fitLogistic({ x: rowsOf([1, 2], 2, 1), y: [1, 1], l2: 1 })).toThrow(refused);
    expect(() => fitLogistic({ x: rowsOf([1, NaN], 2, 1), y: [1, 0], l2: 1 })).toThrow(refused);
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
    const { frame } = datasetOf(complaintsSchema, rows);
    const model = fitModel(frame, allRows(frame), { l2: 1 }, { seed: 1 });
    const at = model.design.numeric.findIndex((t) => t.column === 'contact_minutes');
    expect(model.weights[at]).toBe(0);
    expect(model.weights.filter((w) => w !== 0)).toHaveLength(1);
  });
});

/** Names of a design's terms as the reference spells them. */
function termNames({ numeric, categories }: LogisticModel['design']): (string | null)[] {
  return [
    ...numeric.map((t) => t.column),
    ...numeric.filter((t) => t.indicator).map((t) => `missing:${t.column}`),
    ...categories.flatMap(({ column, values }) => [
      ...values.map((v) => `${column}=${v}`),
      null,
      `${column}=(missing)`,
    ]),
  ];
}

describe.runIf(hasReferenceData('logistic regression against scikit-learn'))('against scikit-learn', () => {
  it.each(['adult', 'elec2', 'ftc_dnc_2020'])('%s: the same weights, AUC and log loss on split S', (set) => {
    const { frame, train, test, reference } = referenceFrame(set);
    expect([train.length, test.length]).toEqual([reference['split_S'].n_train, reference['split_S'].n_test]);
    const model = fitModel(frame, train, { l2: 1 }, { seed: 1 });
    expect(model.summary['gradient']).toBeLessThan(1e-8);
    const wanted = reference['lr_split_S'];
    expect(Math.abs(model.intercept - wanted.intercept)).toBeLessThan(1e-4);
    termNames(model.design).forEach((name, j) => {
      // What the training part never shows (unlisted values, nothing missing) has no term in the reference.
      const expected = name === null ? 0 : (wanted.weights[name] ?? 0);
      expect(Math.abs(model.weights[j]! - expected)).toBeLessThan(1e-5);
    });
    const labels = Array.from(test, (i) => frame.labels[i]!);
    const scores = Array.from(model.margins(frame, test), sigmoid);
    expect(Math.abs(auc({ labels, scores }) - reference['split_S'].lr.auc)).toBeLessThan(1e-5);
    expect(Math.abs(logLoss({ labels, scores }) - reference['split_S'].lr.logloss)).toBeLessThan(1e-5);
  });
});
