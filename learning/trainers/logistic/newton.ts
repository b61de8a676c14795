import { OutpostError } from '../../../shared/errors/index.ts';
import { solveBordered, solveCholesky } from './cholesky.ts';
import { notBothClasses } from '../base/trainer.ts';
import type { SparseRows } from './design.ts';

/** Rows of a design, labels 0/1 and weights. */
export interface LogisticProblem {
  readonly x: SparseRows;
  readonly y: ArrayLike<number>;
  readonly weights?: ArrayLike<number> | undefined;
  /** Strength of the L2 penalty: `0.5 * l2 * |w|^2` is added to the summed log loss. The intercept is free. */
  readonly l2: number;
  /** Columns of which a row has one at most: their part of the Hessian is diagonal. */
  readonly exclusive?: { readonly from: number; readonly to: number } | null | undefined;
  /** Most steps of Newton's method; about ten are usual. */
  readonly maxIterations?: number | undefined;
  /** Called before each step of Newton's method, to cancel by throwing. */
  readonly beforeStep?: (iteration: number) => void;
}

export interface LogisticFit {
  readonly intercept: number;
  readonly weights: Float64Array;
  readonly iterations: number;
  /** Largest absolute component of the gradient where it stopped. */
  readonly gradient: number;
  /** Penalised loss where it stopped. */
  readonly loss: number;
  /** Whether that is the optimum: the gradient is below the tolerance, or the next step would gain less than rounding. */
  readonly converged: boolean;
}

/** Stops below this gradient, in units of summed log loss. */
const tolerance = 1e-9;
const usualIterations = 100;
/** Relative gain in loss below which rounding decides; a line search would only shorten good steps. */
const flat = 1e-11;

/** 1 / (1 + exp(-z)) without overflow. */
export function sigmoid(z: number): number {
  return z >= 0 ? 1 / (1 + Math.exp(-z)) : 1 - 1 / (1 + Math.exp(z));
}

/** log(1 + exp(z)) without overflow. */
function softplus(z: number): number {
  return z > 0 ? z + Math.log1p(Math.exp(-z)) : Math.log1p(Math.exp(z));
}

function check(problem: LogisticProblem): void {
  const { x, y, weights } = problem;
  if (y.length !== x.rows) throw notBothClasses(0);
  let [positive, negative] = [0, 0];
  for (let i = 0; i < x.rows; i++) {
    const weight = weights ? weights[i]! : 1;
    if (y[i] === 1) positive += weight;
    else negative += weight;
  }
  if (positive <= 0 || negative <= 0) throw notBothClasses(x.rows);
  if (!x.value.every(Number.isFinite))
    throw new OutpostError('BAD_INPUT', 'The design holds a value that is no number.');
}

/** `theta[0]` (the intercept) plus the weighted entries of each row. */
export function linear(x: SparseRows, theta: Float64Array): Float64Array {
  const z = new Float64Array(x.rows);
  for (let i = 0; i < x.rows; i++) {
    let sum = theta[0]!;
    for (let k = x.starts[i]!; k < x.starts[i + 1]!; k++) sum += x.value[k]! * theta[x.index[k]! + 1]!;
    z[i] = sum;
  }
  return z;
}

function penalisedLoss(problem: LogisticProblem, theta: Float64Array, z: Float64Array): number {
  let loss = 0;
  for (let i = 0; i < z.length; i++) {
    loss += (problem.weights ? problem.weights[i]! : 1) * (softplus(z[i]!) - problem.y[i]! * z[i]!);
  }
  let square = 0;
  for (let j = 1; j < theta.length; j++) square += theta[j]! ** 2;
  return loss + 0.5 * problem.l2 * square;
}

interface Derivatives {
  readonly g: Float64Array;
  /** Lower triangle, row-major. */
  readonly h: Float64Array;
}

/** Adds one row's share to gradient and (lower triangle of the) Hessian. */
function addRow(x: SparseRows, i: number, residual: number, curve: number, { g, h }: Derivatives): void {
  const size = x.cols + 1;
  const { index, value, starts } = x;
  g[0]! += residual;
  h[0]! += curve;
  for (let k = starts[i]!; k < starts[i + 1]!; k++) {
    const j = index[k]! + 1;
    const c = curve * value[k]!;
    g[j]! += residual * value[k]!;
    h[j * size]! += c;
    // Entries of a row need not come in ascending columns: the larger of the two is the row of the triangle.
    for (let l = starts[i]!; l <= k; l++) {
      const m = index[l]! + 1;
      h[m <= j ? j * size + m : m * size + j]! += c * value[l]!;
    }
  }
}

function derivatives(problem: LogisticProblem, theta: Float64Array, z: Float64Array): Derivatives {
  const { x, y, weights, l2 } = problem;
  const size = x.cols + 1;
  const sums: Derivatives = { g: new Float64Array(size), h: new Float64Array(size * size) };
  for (let i = 0; i < x.rows; i++) {
    const weight = weights ? weights[i]! : 1;
    const p = sigmoid(z[i]!);
    addRow(x, i, weight * (p - y[i]!), weight * p * (1 - p), sums);
  }
  for (let j = 1; j < size; j++) {
    sums.g[j]! += l2 * theta[j]!;
    sums.h[j * size + j]! += l2;
  }
  return sums;
}

/** Halves the Newton step until the loss falls (Armijo, 1e-4); null when rounding leaves nothing to gain. */
function lineSearch(problem: LogisticProblem, theta: Float64Array, step: Float64Array, loss: number, slope: number) {
  for (let t = 1; t > 1e-10; t /= 2) {
    const next = theta.map((value, j) => value - t * step[j]!);
    const z = linear(problem.x, next);
    const nextLoss = penalisedLoss(problem, next, z);
    if (nextLoss <= loss - 1e-4 * t * slope) return { theta: next, z, loss: nextLoss };
  }
  return null;
}

/** So few columns are eliminated one by one as fast. */
const fewExclusive = 200;

function solved({ exclusive }: LogisticProblem, h: Float64Array, g: Float64Array): Float64Array {
  if (!exclusive || exclusive.to - exclusive.from < fewExclusive) return solveCholesky(h, g);
  // The intercept comes first.
  return solveBordered(h, g, exclusive.from + 1, exclusive.to + 1);
}

function largest(values: Float64Array): number {
  return values.reduce((max, v) => Math.max(max, Math.abs(v)), 0);
}

/**
 * L2-penalised logistic regression at its exact optimum (the problem is strictly convex, so it is unique): Newton's
 * method with a line search, ended by the gradient; `converged` says when the steps did not do. Throws BAD_INPUT without rows, with one class only, or with values
 * that are no numbers.
 */
export function fitLogistic(problem: LogisticProblem): LogisticFit {
  check(problem);
  const { maxIterations = usualIterations } = problem;
  let theta = new Float64Array(problem.x.cols + 1);
  let z = linear(problem.x, theta);
  let loss = penalisedLoss(problem, theta, z);
  for (let iterations = 0; ; iterations++) {
    problem.beforeStep?.(iterations);
    const { g, h } = derivatives(problem, theta, z);
    const gradient = largest(g);
    const converged = gradient < tolerance;
    const done = { intercept: theta[0]!, weights: theta.slice(1), iterations, gradient, loss, converged };
    if (converged || iterations === maxIterations) return done;
    const step = solved(problem, h, g);
    const slope = step.reduce((sum, s, j) => sum + s * g[j]!, 0);
    const isFlat = slope < flat * (1 + loss);
    const found = isFlat ? null : lineSearch(problem, theta, step, loss, slope);
    if (!found) return polish(problem, { ...done, converged: isFlat }, theta, step);
    ({ theta, z, loss } = found);
  }
}

/**
 * So near to the optimum the loss no longer tells steps apart, but a full Newton step still squares the distance: taken
 * as long as the gradient shrinks.
 */
function polish(problem: LogisticProblem, fit: LogisticFit, theta: Float64Array, step: Float64Array): LogisticFit {
  const next = theta.map((value, j) => value - step[j]!);
  const z = linear(problem.x, next);
  const { g, h } = derivatives(problem, next, z);
  const gradient = largest(g);
  if (!(gradient < fit.gradient)) return fit;
  const loss = penalisedLoss(problem, next, z);
  const converged = fit.converged || gradient < tolerance;
  const better = {
    intercept: next[0]!,
    weights: next.slice(1),
    iterations: fit.iterations + 1,
    gradient,
    loss,
    converged,
  };
  return gradient < tolerance || better.iterations >= (problem.maxIterations ?? usualIterations)
    ? better
    : polish(problem, better, next, solved(problem, h, g));
}
