import { OutpostError } from '../../shared/errors/index.ts';
import { chooseCalibrator } from '../calibration/index.ts';
import { uncalibrated, type Calibrator } from '../calibration/calibrator.ts';
import { clusteredMean, lossPerRow, type JudgedRows } from '../statistics/model-selection.ts';
import { makeFits } from '../workers/worker-pool.ts';
import { kindsOf, requireEnoughRows } from './fitting.ts';
import { foldRows, foldTasks, outOfFoldMargins } from './folds.ts';
import { allRows, type Frame } from '../dataset/frame.ts';
import type { TrainSettings } from './settings.ts';
import { between, type FitContext } from '../trainers/base/trainer.ts';
import { trainerOf, type ReadyTrainer } from '../trainers/index.ts';
import { sentence } from '../../shared/language/sentence.ts';

/** Rows to learn from, and later ones to judge by, whose order is the caller's. Groups are numbered over all blocks. */
export interface ValidationBlock {
  readonly learn: Frame;
  readonly unseen: Frame;
}

/** What settings gave on rows they had not learned from, block after block. */
export interface Validation {
  readonly logLoss: number;
  /** Standard error of the log loss, by group. */
  readonly standardError: number;
  /** Probabilities of the unseen rows, as a model of the rows before them gives them. */
  readonly scores: Float64Array;
}

/** The unseen rows of all blocks as they are judged. */
export function judgedRowsOf(blocks: readonly Pick<ValidationBlock, 'unseen'>[]) {
  return {
    labels: Uint8Array.from(blocks.flatMap(({ unseen }) => [...unseen.labels])),
    weights: Float64Array.from(blocks.flatMap(({ unseen }) => [...unseen.weights])),
    groups: Int32Array.from(blocks.flatMap(({ unseen }) => [...unseen.groups])),
  } satisfies JudgedRows;
}

/** The calibrator that ships with a trainer's model of these rows: set on their own out-of-fold margins (see `fitRows`). */
function calibratorOf(trainer: ReadyTrainer, learn: Frame, settings: TrainSettings, context: FitContext): Calibrator {
  const kinds = kindsOf(settings, trainer);
  if (kinds.every((kind) => kind === 'none')) return uncalibrated;
  const tasks = foldTasks(trainer, foldRows(learn, allRows(learn), settings.seed));
  const margins = outOfFoldMargins(tasks, makeFits(learn, tasks, context));
  const { labels, weights, groups } = learn;
  return chooseCalibrator({ margins, labels, weights, groups, seed: settings.seed, kinds }).calibrator;
}

/** Scores of a block's unseen rows by model and calibration of the rows before them. */
function scoresOf(
  { learn, unseen }: ValidationBlock,
  trainer: ReadyTrainer,
  settings: TrainSettings,
  context: FitContext,
): Float64Array {
  const rows = allRows(learn);
  requireEnoughRows(learn, rows);
  const calibrator = calibratorOf(trainer, learn, settings, between(context, 0, 0.8));
  const model = trainer.fit(learn, rows, between(context, 0.8, 1));
  return model.margins(unseen, allRows(unseen)).map((margin) => calibrator.probability(margin));
}

/**
 * Log loss of a trainer with its calibration on later rows than it learned from: rolling origin evaluation (Tashman 2000).
 * Labels of the rows that are judged have no part in their scores. Costs one fit a block, and those of five folds for a
 * trainer that is calibrated. Throws BAD_INPUT when a block has too few rows to learn from or none to judge by, CANCELLED
 * when asked to stop.
 */
export function validate(blocks: readonly ValidationBlock[], settings: TrainSettings, context: FitContext): Validation {
  if (settings.trainer === 'auto')
    throw new OutpostError('BAD_INPUT', sentence('train.validation_needs_one_trainer_name'));
  const trainer = trainerOf(settings.trainer, settings.params);
  const scores = Float64Array.from(
    blocks.flatMap((block, at) => [
      ...scoresOf(block, trainer, settings, between(context, at / blocks.length, (at + 1) / blocks.length)),
    ]),
  );
  if (scores.length === 0) throw new OutpostError('BAD_INPUT', sentence('train.no_later_rows_judge'));
  const rows = judgedRowsOf(blocks);
  const { mean, error } = clusteredMean(lossPerRow(rows, scores), rows);
  return { logLoss: mean, standardError: error, scores };
}
