import { OutpostError } from '../../shared/errors/index.ts';
import type { Frame, Rows } from '../dataset/frame.ts';
import type { FitContext, FittedModel } from '../trainers/base/trainer.ts';
import type { ReadyTrainer } from '../trainers/index.ts';
import { sentence } from '../../shared/language/sentence.ts';

/** Rows in folds: each fold is scored in turn by a model of the others. Their arrays lie in shared memory. */
export interface FoldedRows {
  /** Ascending. */
  readonly rows: Rows;
  /** Fold of each row, in the order of `rows`. */
  readonly folds: Uint8Array;
  /** How many folds there are. */
  readonly count: number;
}

/** A fit that is to be made. */
export interface FitTask {
  readonly trainer: ReadyTrainer;
  readonly foldedRows: FoldedRows;
  /** The fold that is left out and scored; null: the model of all rows is wanted. */
  readonly without: number | null;
}

/** What comes of a task: log odds of the fold's rows in their order, null where the rest has one class only; or the model. */
export type FitResult =
  | { readonly kind: 'margins'; readonly margins: Float64Array | null }
  | { readonly kind: 'model'; readonly model: FittedModel };

/** Results by task. */
export type FitResults = ReadonlyMap<FitTask, FitResult>;

/** The model a task asked for. */
export function modelOf(task: FitTask, fits: FitResults): FittedModel {
  const result = fits.get(task);
  if (result?.kind !== 'model') throw new OutpostError('INTERNAL', sentence('workers.fit_not_made'));
  return result.model;
}

function hasBothClasses(frame: Frame, rows: Rows): boolean {
  const weight: [number, number] = [0, 0];
  for (const i of rows) weight[frame.labels[i] === 1 ? 1 : 0] += frame.weights[i]!;
  return weight[0] > 0 && weight[1] > 0;
}

/** Makes one fit. Throws as trainers do. */
export function makeFit(frame: Frame, { trainer, foldedRows, without }: FitTask, context: FitContext): FitResult {
  const { rows, folds } = foldedRows;
  if (without === null) return { kind: 'model', model: trainer.fit(frame, rows, context) };
  const rest = rows.filter((_, at) => folds[at] !== without);
  if (!hasBothClasses(frame, rest)) return { kind: 'margins', margins: null };
  const model = trainer.fit(frame, rest, context);
  const held = rows.filter((_, at) => folds[at] === without);
  return { kind: 'margins', margins: model.margins(frame, held) };
}

/** How long a task takes compared with others: what progress is shared out by. */
export function effortOf({ trainer, foldedRows: { rows, count }, without }: FitTask): number {
  return trainer.effort * rows.length * (without === null ? 1 : 1 - 1 / count);
}
