import { OutpostError } from '../../../shared/errors/index.ts';
import { solveBordered, solveCholesky } from './cholesky.ts';
import { notBothClasses } from '../base/trainer.ts';
import type { SparseRows } from './sparse-rows.ts';
import { sentence } from '../../../shared/language/sentence.ts';

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

interface LogisticFit {
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

function hasBothClasses({ x, y, weights }: LogisticProblem): boolean {
  let [positive, negative] = [0, 0];
  for (let i = 0; i < x.rows; i++) {
    const weight = weights ? weights[i]! : 1;
    if (y[i] === 1) positive += weight;
    else negative += weight;
  }
  return positive > 0 && negative > 0;
}

function check(problem: LogisticProblem): void {
  const { x, y } = problem;
  if (y.length !== x.rows) throw notBothClasses(0);
  if (!hasBothClasses(problem)) throw notBothClasses(x.rows);
  for (let k = 0; k < x.value.length; k++)
    if (!Number.isFinite(x.value[k]!))
      throw new OutpostError('BAD_INPUT', sentence('trainers.design_holds_value_no_number'));
}

/** `theta[0]` (the intercept) plus the weighted entries of each row, written into `z`. */
export function linear(x: SparseRows, theta: Float64Array, z: Float64Array = new Float64Array(x.rows)): Float64Array {
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

/** Adds one row's share to the gradient. */
function addToGradient(x: SparseRows, i: number, residual: number, g: Float64Array): void {
  const { index, value, starts } = x;
  g[0]! += residual;
  for (let k = starts[i]!; k < starts[i + 1]!; k++) g[index[k]! + 1]! += residual * value[k]!;
}

/** Adds one row's share to one side of the Hessian: of two columns the one that comes later in rows is the row of it. */
function addToHessian(x: SparseRows, i: number, curve: number, h: Float64Array): void {
  const { index, value, starts } = x;
  const [size, start, end] = [x.cols + 1, starts[i]!, starts[i + 1]!];
  h[0]! += curve;
  for (let k = start; k < end; k++) {
    const base = (index[k]! + 1) * size;
    const c = curve * value[k]!;
    h[base]! += c;
    for (let l = start; l <= k; l++) h[base + 1 + index[l]!]! += c * value[l]!;
  }
}

/** Brings both sides of a Hessian together in its lower triangle: columns need not come in ascending order. */
function foldHessian(h: Float64Array, size: number): void {
  for (let j = 1; j < size; j++) for (let m = 1; m < j; m++) h[j * size + m]! += h[m * size + j]!;
}

/** Gradient and, when `h` is given, Hessian, which are added to it. */
function addDerivatives(problem: LogisticProblem, z: Float64Array, g: Float64Array, h: Float64Array | null): void {
  const { x, y, weights } = problem;
  for (let i = 0; i < x.rows; i++) {
    const weight = weights ? weights[i]! : 1;
    const p = sigmoid(z[i]!);
    addToGradient(x, i, weight * (p - y[i]!), g);
    if (h !== null) addToHessian(x, i, weight * p * (1 - p), h);
  }
}

function gradientAt(problem: LogisticProblem, theta: Float64Array, z: Float64Array): Float64Array {
  const g = new Float64Array(theta.length);
  addDerivatives(problem, z, g, null);
  for (let j = 1; j < g.length; j++) g[j]! += problem.l2 * theta[j]!;
  return g;
}

function derivatives(problem: LogisticProblem, theta: Float64Array, z: Float64Array): Derivatives {
  const size = theta.length;
  const sums: Derivatives = { g: new Float64Array(size), h: new Float64Array(size * size) };
  addDerivatives(problem, z, sums.g, sums.h);
  foldHessian(sums.h, size);
  for (let j = 1; j < size; j++) {
    sums.g[j]! += problem.l2 * theta[j]!;
    sums.h[j * size + j]! += problem.l2;
  }
  return sums;
}

/** A point with the linear predictor of every row there. */
interface Point {
  readonly theta: Float64Array;
  readonly z: Float64Array;
}

/**
 * Halves the Newton step until the loss falls (Armijo, 1e-4); null when rounding leaves nothing to gain. `room` is written
 * over.
 */
function lineSearch(
  problem: LogisticProblem,
  theta: Float64Array,
  step: Float64Array,
  loss: number,
  slope: number,
  room: Float64Array,
): (Point & { readonly loss: number }) | null {
  for (let t = 1; t > 1e-10; t /= 2) {
    const next = theta.map((value, j) => value - t * step[j]!);
    const z = linear(problem.x, next, room);
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

/** From so many rows on, steps are looked for that need fewer passes over all of them. */
const manyRows = 30_000;
/** Rows of the sample that says about where the optimum of many rows is. */
const sampleRows = 10_000;
const sampleIterations = 6;
/** A Hessian serves for the next step too when its last one left no more than this share of the gradient. */
const goodStep = 0.03;

/** Every `every`th row of a problem, its penalty in proportion. */
function sampleOf({ x, y, weights, ...rest }: LogisticProblem, every: number): LogisticProblem {
  const rows = Math.floor(x.rows / every);
  const starts = new Uint32Array(rows + 1);
  for (let i = 0; i < rows; i++) starts[i + 1] = starts[i]! + x.starts[i * every + 1]! - x.starts[i * every]!;
  const [index, value] = [new Uint32Array(starts[rows]!), new Float64Array(starts[rows]!)];
  for (let i = 0; i < rows; i++) {
    const [from, to] = [x.starts[i * every]!, x.starts[i * every + 1]!];
    index.set(x.index.subarray(from, to), starts[i]!);
    value.set(x.value.subarray(from, to), starts[i]!);
  }
  const take = (of: ArrayLike<number>): Float64Array => Float64Array.from({ length: rows }, (_, i) => of[i * every]!);
  return {
    x: { rows, cols: x.cols, starts, index, value },
    y: take(y),
    weights: weights && take(weights),
    l2: rest.l2 / every,
    exclusive: rest.exclusive,
    maxIterations: sampleIterations,
  };
}

/** Where to begin: near the optimum when a sample of many rows can say where that is. */
function startOf(problem: LogisticProblem): Float64Array {
  const zero = new Float64Array(problem.x.cols + 1);
  if (problem.x.rows < manyRows) return zero;
  const sample = sampleOf(problem, Math.floor(problem.x.rows / sampleRows));
  if (!hasBothClasses(sample)) return zero;
  const { intercept, weights } = fitLogistic(sample);
  return Float64Array.of(intercept, ...weights);
}

/** Gradient at a point, and the step to take from there. */
interface Slope {
  readonly g: Float64Array;
  readonly step: () => Float64Array;
}

/**
 * Finds Newton's steps. Of many rows a Hessian is kept as long as its steps are nearly as good as those of a new one
 * (chord method; Kelley, Iterative Methods for Linear and Nonlinear Equations, 5.4.1): the optimum is where the gradient
 * vanishes, whichever steps lead there.
 */
function createSlopes(problem: LogisticProblem): (theta: Float64Array, z: Float64Array) => Slope {
  // Factoring the Hessian of many columns takes longer than summing it.
  const keeps = problem.x.rows >= manyRows && problem.x.cols ** 2 < problem.x.value.length;
  let kept: Float64Array | null = null;
  let before = Infinity;
  const served = (theta: Float64Array, z: Float64Array): Derivatives | null => {
    if (kept === null) return null;
    const g = gradientAt(problem, theta, z);
    return largest(g) <= goodStep * before ? { g, h: kept } : null;
  };
  return (theta, z) => {
    const { g, h } = served(theta, z) ?? derivatives(problem, theta, z);
    kept = keeps ? h : null;
    before = largest(g);
    return { g, step: () => solved(problem, keeps ? h.slice() : h, g) };
  };
}

/**
 * L2-penalised logistic regression at its exact optimum (the problem is strictly convex, so it is unique): Newton's
 * method with a line search, ended by the gradient; `converged` says when the steps did not do. Throws BAD_INPUT without rows, with one class only, or with values
 * that are no numbers.
 */
export function fitLogistic(problem: LogisticProblem): LogisticFit {
  check(problem);
  const { maxIterations = usualIterations } = problem;
  const slopeAt = createSlopes(problem);
  let theta = startOf(problem);
  let z = linear(problem.x, theta);
  // For the next point: the two take turns.
  let room: Float64Array = new Float64Array(z.length);
  let loss = penalisedLoss(problem, theta, z);
  for (let iterations = 0; ; iterations++) {
    problem.beforeStep?.(iterations);
    const { g, step: stepFrom } = slopeAt(theta, z);
    const gradient = largest(g);
    const converged = gradient < tolerance;
    const done = { intercept: theta[0]!, weights: theta.slice(1), iterations, gradient, loss, converged };
    if (converged || iterations === maxIterations) return done;
    const step = stepFrom();
    const slope = step.reduce((sum, s, j) => sum + s * g[j]!, 0);
    const isFlat = slope < flat * (1 + loss);
    const found = isFlat ? null : lineSearch(problem, theta, step, loss, slope, room);
    if (!found) return polish(problem, { ...done, converged: isFlat }, theta, step, slopeAt, room);
    room = z;
    ({ theta, z, loss } = found);
  }
}

/**
 * So near to the optimum the loss no longer tells steps apart, but a full Newton step still squares the distance: taken
 * as long as the gradient shrinks.
 */
function polish(
  problem: LogisticProblem,
  fit: LogisticFit,
  theta: Float64Array,
  step: Float64Array,
  slopeAt: ReturnType<typeof createSlopes>,
  room: Float64Array,
): LogisticFit {
  const next = theta.map((value, j) => value - step[j]!);
  const z = linear(problem.x, next, room);
  const { g, step: stepFrom } = slopeAt(next, z);
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
    : polish(problem, better, next, stepFrom(), slopeAt, room);
}
