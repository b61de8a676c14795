import { OutpostError } from '../../shared/errors/index.ts';
import { chooseCalibrator } from './calibration/index.ts';
import { clusteredMean, lossPerRow, type JudgedRows } from './choice.ts';
import { kindsOf, requireEnoughRows } from './fitting.ts';
import { allRows, type Frame } from './frame.ts';
import type { TrainSettings } from './settings.ts';
import type { FitContext } from './trainer.ts';
import { trainerOf } from './trainers.ts';

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
  /** Probabilities of the unseen rows, calibrated by those of other groups. */
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

/**
 * Log loss of a trainer with its calibration on later rows than it learned from, at the cost of one fit a block: rolling
 * origin evaluation (Tashman 2000). Throws BAD_INPUT when a block has too few rows to learn from or none to judge by,
 * CANCELLED when asked to stop.
 */
export function validate(blocks: readonly ValidationBlock[], settings: TrainSettings, context: FitContext): Validation {
  if (settings.trainer === 'auto') throw new OutpostError('BAD_INPUT', 'Validation needs one trainer by its name.');
  const trainer = trainerOf(settings.trainer, settings.params);
  const margins = blocks.flatMap(({ learn, unseen }, at) => {
    const rows = allRows(learn);
    requireEnoughRows(learn, rows);
    const onProgress = (share: number): void => context.onProgress?.((at + share) / blocks.length);
    return [...trainer.fit(learn, rows, { ...context, onProgress }).margins(unseen, allRows(unseen))];
  });
  if (margins.length === 0) throw new OutpostError('BAD_INPUT', 'There are no later rows to judge by.');
  const rows = judgedRowsOf(blocks);
  const task = { ...rows, margins: Float64Array.from(margins), seed: settings.seed, kinds: kindsOf(settings, trainer) };
  const { unseen: scores } = chooseCalibrator(task);
  const { mean, error } = clusteredMean(lossPerRow(rows, scores), rows);
  return { logLoss: mean, standardError: error, scores };
}
