import { uncalibrated, type Calibrator } from './calibrator.ts';
import { effectiveCount } from '../statistics/effective-sample-size.ts';
import { sigmoid } from '../trainers/logistic/newton.ts';
import type { GraphParts } from '../onnx/parts.ts';
import { differ, usable, type CalibrationSample, type UsableSample } from './calibration-sample.ts';

/** Stops below this gradient of the mean log loss; ten times what rounding leaves of it. */
const tolerance = 1e-14;
/** Limits of Lin, Lin & Weng (2007), algorithm 1. */
const maxIterations = 100;
const smallestStep = 1e-10;
const ridge = 1e-12;
/** A step that promises less than this says nothing by its loss: rounding of a million terms is as large. */
const flat = 1e-13;

/** Standardised margins with targets and weights that sum to 1. */
interface Problem {
  readonly z: Float64Array;
  readonly targets: Float64Array;
  readonly weights: Float64Array;
}

interface Line {
  readonly slope: number;
  readonly intercept: number;
}

/** log(1 + exp(x)) without overflow. */
function softplus(x: number): number {
  return x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x));
}

function lossOf({ z, targets, weights }: Problem, line: Line): number {
  let loss = 0;
  for (let i = 0; i < z.length; i++) {
    const x = line.slope * z[i]! + line.intercept;
    loss += weights[i]! * (softplus(x) - targets[i]! * x);
  }
  return loss;
}

/** Newton's step, the slope of the loss along it, and the largest component of the gradient. */
function newton({ z, targets, weights }: Problem, line: Line) {
  let [g0, g1, h00, h01, h11] = [0, 0, ridge, 0, ridge];
  for (let i = 0; i < z.length; i++) {
    const p = sigmoid(line.slope * z[i]! + line.intercept);
    const residual = weights[i]! * (p - targets[i]!);
    const curve = weights[i]! * p * (1 - p);
    g0 += residual;
    g1 += residual * z[i]!;
    h00 += curve;
    h01 += curve * z[i]!;
    h11 += curve * z[i]! * z[i]!;
  }
  const determinant = h00 * h11 - h01 * h01;
  const intercept = -(h11 * g0 - h01 * g1) / determinant;
  const slope = -(h00 * g1 - h01 * g0) / determinant;
  return { slope, intercept, fall: g0 * intercept + g1 * slope, gradient: Math.max(Math.abs(g0), Math.abs(g1)) };
}

/** Newton's method with halved steps (Armijo 1e-4), from slope 0 and the base rate. */
function minimise(problem: Problem, start: Line): Line {
  let line = start;
  let loss = lossOf(problem, line);
  let last = Infinity;
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    const step = newton(problem, line);
    if (step.gradient < tolerance) return line;
    if (Math.abs(step.fall) < flat) {
      // So near to the optimum full steps are taken without a look at the loss, as long as the gradient shrinks.
      if (step.gradient >= last) return line;
      last = step.gradient;
      line = { slope: line.slope + step.slope, intercept: line.intercept + step.intercept };
      continue;
    }
    let [size, next, nextLoss] = [1, line, loss];
    for (; size >= smallestStep; size /= 2) {
      next = { slope: line.slope + size * step.slope, intercept: line.intercept + size * step.intercept };
      nextLoss = lossOf(problem, next);
      if (nextLoss <= loss + 1e-4 * size * step.fall) break;
    }
    if (size < smallestStep) return line;
    [line, loss] = [next, nextLoss];
  }
  return line;
}

/** Effective number of the rows of a class; 0 without any. */
function effectiveRows({ labels, weights }: UsableSample, label: number): number {
  return effectiveCount(weights.filter((_, i) => labels[i] === label));
}

function momentsOf({ margins, weights }: UsableSample): { mean: number; deviation: number; total: number } {
  let [total, sum, squares] = [0, 0, 0];
  const origin = margins[0]!;
  for (let i = 0; i < margins.length; i++) {
    total += weights[i]!;
    sum += weights[i]! * (margins[i]! - origin);
  }
  const mean = origin + sum / total;
  for (let i = 0; i < margins.length; i++) squares += weights[i]! * (margins[i]! - mean) ** 2;
  return { mean, deviation: Math.sqrt(squares / total), total };
}

/**
 * Slope and intercept of Platt's sigmoid (Platt 1999), numerically as in Lin, Lin & Weng (2007): targets are
 * (n+1)/(n+2) for scams and 1/(n+2) for genuine providers, n being the effective number of rows of the class, so that
 * a factor on all weights changes nothing. Null without margins that differ.
 */
function plattLine(sample: CalibrationSample): Line | null {
  const rows = usable(sample);
  if (rows.margins.length === 0 || !differ(rows)) return null;
  const { mean, deviation, total } = momentsOf(rows);
  const [genuine, scams] = [effectiveRows(rows, 0), effectiveRows(rows, 1)];
  const [low, high] = [1 / (genuine + 2), (scams + 1) / (scams + 2)];
  const problem: Problem = {
    z: rows.margins.map((m) => (m - mean) / deviation),
    targets: Float64Array.from(rows.labels, (y) => (y === 1 ? high : low)),
    weights: rows.weights.map((w) => w / total),
  };
  const line = minimise(problem, { slope: 0, intercept: Math.log((scams + 1) / (genuine + 1)) });
  const slope = line.slope / deviation;
  return { slope, intercept: line.intercept - slope * mean };
}

/** The calibrator sigmoid(slope * margin + intercept); the slope must be above 0. */
export function plattCalibrator({ slope, intercept }: Line): Calibrator {
  return {
    kind: 'platt',
    probability: (margin) => sigmoid(slope * margin + intercept),
    addTo(graph: GraphParts, margin) {
      graph.constants.push({ name: 'platt:slope', dims: [1, 1], values: [slope] });
      graph.constants.push({ name: 'platt:intercept', dims: [1], values: [intercept] });
      // One Gemm: a runtime drops factors and summands that it takes for 1 and 0, to 1e-8.
      graph.nodes.push(
        { op: 'Gemm', inputs: [margin, 'platt:slope', 'platt:intercept'], output: 'platt:log_odds' },
        { op: 'Sigmoid', inputs: ['platt:log_odds'], output: 'platt:probability' },
      );
      return 'platt:probability';
    },
    summary: { slope, intercept },
  };
}

/**
 * Platt calibration of a sample. No calibration at all when margins do not differ or the fitted slope is not above 0:
 * it would turn the order of scores around. Rows whose margin is NaN and rows of weight 0 are left out.
 */
export function fitPlatt(sample: CalibrationSample): Calibrator {
  const line = plattLine(sample);
  return line === null || !(line.slope > 0) ? uncalibrated : plattCalibrator(line);
}
