import type { Thresholds } from '../../shared/domain/verdict.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { uncalibrated, type Calibrator } from './calibrator.ts';
import type { Frame, Rows } from './frame.ts';
import { outOfFoldMargins } from './folds.ts';
import type { TrainSettings } from './settings.ts';
import { thresholdsFromCosts, thresholdsFromScores } from './thresholds.ts';
import type { FitContext, FittedModel } from './trainer.ts';
import { trainerOf, type ReadyTrainer } from './trainers.ts';

/** A model with calibration and thresholds, fitted to some rows. */
export interface Fitted {
  readonly trainer: ReadyTrainer;
  readonly model: FittedModel;
  readonly calibrator: Calibrator;
  readonly thresholds: Thresholds;
  /** Probabilities of the fitted rows, in their order, by models and calibrators that had not seen them; NaN: none. */
  readonly unseen: Float64Array;
}

/** Fewest rows of a class that training is tried with. */
export const fewestOfAClass = 5;

/** Throws BAD_INPUT when there are too few rows of a class to learn and to judge. */
export function requireEnoughRows(frame: Frame, rows: Rows): void {
  const counts: [number, number] = [0, 0];
  for (const i of rows) if (frame.weights[i]! > 0) counts[frame.labels[i] === 1 ? 1 : 0] += 1;
  const [genuine, scams] = counts;
  if (rows.length === 0) throw new OutpostError('BAD_INPUT', 'There are no rows to train on.');
  if (genuine === 0 || scams === 0) {
    throw new OutpostError(
      'BAD_INPUT',
      'Training needs both confirmed scams and genuine providers; only one of them is there.',
    );
  }
  if (Math.min(genuine, scams) < fewestOfAClass) {
    throw new OutpostError(
      'BAD_INPUT',
      `Training needs at least ${fewestOfAClass} confirmed scams and ${fewestOfAClass} genuine providers; there are ${scams} and ${genuine}.`,
    );
  }
}

/** A probability per margin; NaN stays. */
export function probabilities(calibrator: Calibrator, margins: Float64Array): Float64Array {
  return margins.map((m) => (Number.isNaN(m) ? m : calibrator.probability(m)));
}

/** Thresholds from scores the model did not learn from. */
function thresholdsOf(settings: TrainSettings, frame: Frame, rows: Rows, unseen: Float64Array): Thresholds {
  if (settings.costs !== null) return thresholdsFromCosts(settings.costs);
  const scored = Array.from(rows, (i, at) => ({
    label: frame.labels[i] === 1 ? (1 as const) : (0 as const),
    weight: frame.weights[i]!,
    score: unseen[at]!,
  }));
  return thresholdsFromScores(scored.filter((s) => !Number.isNaN(s.score)));
}

/**
 * Fits trainer, calibration and thresholds to rows of a frame. The last two are set on out-of-fold scores, never on
 * scores of rows a model has learned from.
 */
export function fitRows(frame: Frame, rows: Rows, settings: TrainSettings, context: FitContext): Fitted {
  requireEnoughRows(frame, rows);
  const trainer = trainerOf('logistic', settings.params);
  const part = (from: number, to: number): FitContext => ({
    ...context,
    onProgress: (share) => context.onProgress?.(from + share * (to - from)),
  });
  const margins = outOfFoldMargins(trainer, frame, rows, part(0, 0.8));
  const calibrator = uncalibrated;
  const unseen = probabilities(calibrator, margins);
  const thresholds = thresholdsOf(settings, frame, rows, unseen);
  return { trainer, model: trainer.fit(frame, rows, part(0.8, 1)), calibrator, thresholds, unseen };
}
