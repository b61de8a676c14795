import { labelledRow } from '../../learning/bundled.ts';
import { datasetOf } from '../../learning/dataset/dataset.ts';
import { allRows } from '../../learning/dataset/frame.ts';
import { designOf } from '../../learning/trainers/logistic/design.ts';
import { sparseRows, type SparseRows } from '../../learning/trainers/logistic/sparse-rows.ts';
import { fitLogistic, linear, sigmoid, type LogisticProblem } from '../../learning/trainers/logistic/newton.ts';
import { simulateCases } from '../../learning/simulate/index.ts';
import { complaintsSchema } from '../../shared/encoding/complaints.ts';
import { compare, mustAgree, timePerUnit, type Comparison } from './measure.ts';

/** How near to the smallest loss the slower way has to come, relative. */
const closeness = 1e-6;
const mostSteps = 20_000;

/** Adds `factor` times each row, with a leading 1 for the intercept. */
function addRows(x: SparseRows, factors: Float64Array, out: Float64Array): void {
  for (let i = 0; i < x.rows; i++) {
    out[0]! += factors[i]!;
    for (let k = x.starts[i]!; k < x.starts[i + 1]!; k++) out[x.index[k]! + 1]! += factors[i]! * x.value[k]!;
  }
}

function lossAndGradient(p: LogisticProblem, theta: Float64Array): { loss: number; gradient: Float64Array } {
  const gradient = new Float64Array(theta.length);
  const z = linear(p.x, theta);
  let loss = 0;
  for (let i = 0; i < z.length; i++) {
    loss += (z[i]! > 0 ? z[i]! : 0) + Math.log1p(Math.exp(-Math.abs(z[i]!))) - p.y[i]! * z[i]!;
  }
  addRows(
    p.x,
    z.map((v, i) => sigmoid(v) - p.y[i]!),
    gradient,
  );
  for (let j = 1; j < theta.length; j++) {
    loss += 0.5 * p.l2 * theta[j]! ** 2;
    gradient[j]! += p.l2 * theta[j]!;
  }
  return { loss, gradient };
}

/** Largest eigenvalue of the bound X'X/4 + l2 of the Hessian, by power iteration: the longest step that never overshoots. */
function curvature(p: LogisticProblem): number {
  let v = new Float64Array(p.x.cols + 1).fill(1);
  let value = 0;
  for (let k = 0; k < 100; k++) {
    const next = new Float64Array(v.length);
    addRows(
      p.x,
      linear(p.x, v).map((z) => z / 4),
      next,
    );
    value = Math.sqrt(next.reduce((sum, x) => sum + x * x, 0));
    v = next.map((x) => x / value);
  }
  return value + p.l2;
}

/** Plain gradient descent until the loss is as near to `target` as asked; how many steps, or null when it gave up. */
function descend(p: LogisticProblem, target: number): number | null {
  let theta = new Float64Array(p.x.cols + 1);
  const step = 1 / curvature(p);
  for (let steps = 0; steps < mostSteps; steps++) {
    const { loss, gradient } = lossAndGradient(p, theta);
    if (loss <= target * (1 + closeness)) return steps;
    theta = theta.map((value, j) => value - step * gradient[j]!);
  }
  return null;
}

/** Fitting to the exact optimum against plain gradient descent to nearly the same loss. */
export async function trainingComparisons(): Promise<Comparison[]> {
  const cases = simulateCases({ cases: 2000, seed: 2, from: '2026-06-01', days: 60 });
  const { frame } = datasetOf(complaintsSchema, Array.from(cases, labelledRow));
  const rows = allRows(frame);
  const design = designOf(frame, rows);
  const problem = { x: sparseRows(design, frame.columns, rows), y: frame.labels, l2: 1 };
  const fit = fitLogistic(problem);
  const steps = descend(problem, fit.loss);
  mustAgree(fit.gradient < 1e-8, 'the fit is no optimum');
  const exact = await timePerUnit(1, 7, () => fitLogistic(problem));
  const plain = await timePerUnit(1, 1, () => descend(problem, fit.loss));
  const reached =
    steps === null
      ? `gave up after ${mostSteps} steps, short of the optimum`
      : `${steps} steps to within 1e-6 of the smallest loss`;
  return [
    compare({
      name: 'Fitting a logistic model',
      unit: `fit of ${rows.length} rows, ${design.size} columns`,
      ours: { what: `Newton, ${fit.iterations} steps, exact optimum`, microseconds: exact },
      other: { what: 'gradient descent, longest safe step', microseconds: plain },
      checked: `Gradient descent: ${reached}.`,
    }),
  ];
}
