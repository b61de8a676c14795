import { OutpostError } from '../../shared/errors/index.ts';
import type { Frame, Rows } from '../dataset/frame.ts';
import type { FitContext, FittedModel } from '../trainers/base/trainer.ts';
import type { ReadyTrainer } from '../trainers/index.ts';
import { sentence } from '../../shared/language/sentence.ts';

/** Rows that learn and are scored in turn. The arrays lie in shared memory: threads read them without a copy. */
export interface Dealt {
  /** Ascending. */
  readonly rows: Rows;
  /** Fold of each row, in the order of `rows`. */
  readonly folds: Uint8Array;
  /** How many folds there are. */
  readonly count: number;
}

/** A fit that is to be made. */
export interface FitOrder {
  readonly trainer: ReadyTrainer;
  readonly dealt: Dealt;
  /** The fold that is left out and scored; null: the model of all rows is wanted. */
  readonly without: number | null;
}

/** What comes of an order: log odds of the fold's rows in their order, null where the rest has one class only; or the model. */
export type FitAnswer =
  | { readonly kind: 'margins'; readonly margins: Float64Array | null }
  | { readonly kind: 'model'; readonly model: FittedModel };

/** Answers by order. */
export type Fits = ReadonlyMap<FitOrder, FitAnswer>;

/** The model an order asked for. */
export function modelOf(order: FitOrder, fits: Fits): FittedModel {
  const answer = fits.get(order);
  if (answer?.kind !== 'model') throw new OutpostError('INTERNAL', sentence('workers.fit_not_made'));
  return answer.model;
}

function hasBothClasses(frame: Frame, rows: Rows): boolean {
  const weight: [number, number] = [0, 0];
  for (const i of rows) weight[frame.labels[i] === 1 ? 1 : 0] += frame.weights[i]!;
  return weight[0] > 0 && weight[1] > 0;
}

/** Makes one fit. Throws as trainers do. */
export function makeFit(frame: Frame, { trainer, dealt, without }: FitOrder, context: FitContext): FitAnswer {
  const { rows, folds } = dealt;
  if (without === null) return { kind: 'model', model: trainer.fit(frame, rows, context) };
  const rest = rows.filter((_, at) => folds[at] !== without);
  if (!hasBothClasses(frame, rest)) return { kind: 'margins', margins: null };
  const model = trainer.fit(frame, rest, context);
  const held = rows.filter((_, at) => folds[at] === without);
  return { kind: 'margins', margins: model.margins(frame, held) };
}

/** How long an order takes compared with others: what progress is shared out by. */
export function effortOf({ trainer, dealt: { rows, count }, without }: FitOrder): number {
  return trainer.effort * rows.length * (without === null ? 1 : 1 - 1 / count);
}
