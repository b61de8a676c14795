import { z } from 'zod';
import { OutpostError } from '../../../shared/errors/index.ts';
import { valuesAt, type Frame, type Rows } from '../../dataset/frame.ts';
import { describeParameter } from '../base/parameters.ts';
import { goOn, requireBothClasses, type FitContext, type FittedModel, type Trainer } from '../base/trainer.ts';
import { designOf, widestCategory, type Design } from './design.ts';
import { sparseBlocks, sparseRows, type SparseRows } from './sparse-rows.ts';
import { addLogistic } from './graph.ts';
import { fitLogistic, linear } from './newton.ts';
import { sentence } from '../../../shared/language/sentence.ts';

/** Parameters of the logistic trainer. */
const logisticParams = z.strictObject({
  l2: describeParameter(z.number().gt(0).max(1e9).default(1), {
    meaning: sentence('logistic.l2'),
    source: sentence('trainers.source', { program: 'scikit-learn', name: '1 / C' }),
    aliases: ['lambda', 'alpha', 'C', 'reg_lambda', 'penalty'],
  }),
});
type LogisticParams = z.infer<typeof logisticParams>;

/** Most terms: the work of a step grows with their third power, and at this number takes some seconds. */
const mostTerms = 2500;

/** Weights of a fitted logistic model by the order of its design. */
export interface LogisticModel extends FittedModel {
  readonly design: Design;
  readonly intercept: number;
  readonly weights: Float64Array;
}

/** Which terms vary at all: one that never does stays at exactly 0, whatever the last digits of the optimum say. */
function varying(x: SparseRows, weights: Float64Array): Uint8Array {
  const seen = new Float64Array(x.cols);
  const [low, high] = [new Float64Array(x.cols).fill(Infinity), new Float64Array(x.cols).fill(-Infinity)];
  let used = 0;
  for (let i = 0; i < x.rows; i++) {
    if (weights[i] === 0) continue;
    used += 1;
    for (let k = x.starts[i]!; k < x.starts[i + 1]!; k++) {
      const j = x.index[k]!;
      seen[j]! += 1;
      const value = x.value[k]!;
      if (value < low[j]!) low[j] = value;
      if (value > high[j]!) high[j] = value;
    }
  }
  return Uint8Array.from(seen, (n, j) => Number(n > 0 && (n < used || low[j]! < high[j]!)));
}

/** Fits an exact L2-penalised logistic model to rows of a frame. */
export function fitModel(frame: Frame, rows: Rows, params: LogisticParams, context: FitContext): LogisticModel {
  requireBothClasses(frame, rows);
  const design = designOf(frame, rows);
  if (design.size > mostTerms) {
    throw new OutpostError('BAD_INPUT', sentence('trainers.too_many_terms', { terms: design.size, most: mostTerms }));
  }
  const x = sparseRows(design, frame.columns, rows, context.memory);
  const weights = valuesAt(frame.weights, rows);
  const fit = fitLogistic({
    x,
    weights,
    y: valuesAt(frame.labels, rows),
    l2: params.l2,
    exclusive: widestCategory(design),
    beforeStep(iteration) {
      goOn(context);
      // Newton's method needs about ten steps here; how many exactly is not known before.
      context.onProgress?.(1 - 0.75 ** iteration);
    },
  });
  const live = varying(x, weights);
  const kept = fit.weights.map((w, j) => (live[j] ? w : 0));
  const summary = {
    iterations: fit.iterations,
    gradient: fit.gradient,
    converged: Number(fit.converged),
    terms: live.reduce((sum, l) => sum + l, 0),
  };
  return modelOf({ design, intercept: fit.intercept, weights: kept, summary });
}

type SavedLogistic = Pick<LogisticModel, 'design' | 'intercept' | 'weights' | 'summary'>;

function modelOf(saved: SavedLogistic): LogisticModel {
  const { design, intercept, weights } = saved;
  const theta = Float64Array.of(intercept, ...weights);
  return {
    ...saved,
    saved,
    margins(other, wanted) {
      const margins = new Float64Array(wanted.length);
      for (const { from, x } of sparseBlocks(design, other.columns, wanted))
        linear(x, theta, margins.subarray(from, from + x.rows));
      return margins;
    },
    addTo: (graph) => addLogistic(graph, saved),
  };
}

/** L2-penalised logistic regression at its exact optimum. */
export const logisticTrainer: Trainer<LogisticParams> = {
  name: 'logistic',
  id: 'outpost-logistic/2',
  about: sentence('logistic.about'),
  card: {
    method: ({ converged }) => sentence('logistic.method', { converged: converged !== 0 }),
    limit: sentence('logistic.limit'),
  },
  // At the optimum of the log loss with a free intercept the mean score is the share of scams: nothing to put right,
  // unless the log odds are no straight line, which `auto` finds out.
  calibration: 'none',
  params: logisticParams,
  fit: fitModel,
  revive: (saved) => modelOf(saved as SavedLogistic),
  effort: 1,
};
