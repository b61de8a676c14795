import type { z } from 'zod';
import { OutpostError } from '../../../shared/errors/index.ts';
import type { Frame, Rows } from '../../dataset/frame.ts';
import type { Memory } from './memory.ts';
import type { GraphParts } from '../../onnx/parts.ts';
import { sentence, type Sentence } from '../../../shared/language/sentence.ts';

/** What a fit is given beside data and parameters. */
export interface FitContext {
  /** Everything random follows from it. */
  readonly seed: number;
  /** Asked between steps of work; true ends the fit with CANCELLED. */
  readonly cancelled?: () => boolean;
  /** Called between steps of work with the share done, 0 to 1. */
  readonly onProgress?: (share: number) => void;
  /** For fits that follow each other. */
  readonly memory?: Memory;
}

/** A fitted model over the raw columns of a schema. It holds no training row. */
export interface FittedModel {
  /** Log odds of scam of the given rows, in their order, in double precision. */
  readonly margins: (frame: Pick<Frame, 'columns'>, rows: Rows) => Float64Array;
  /**
   * Adds what computes the log odds to a graph whose inputs are the raw columns (`[N,1]` each, named as the attribute,
   * float with NaN or string with '' for missing); answers the name of a double tensor `[N,1]`.
   */
  readonly addTo: (graph: GraphParts) => string;
  /** Plain figures about the fit: iterations, trees, gradient where it stopped. */
  readonly summary: Readonly<Record<string, number>>;
  /** The model as plain data that goes from thread to thread; the trainer revives it. */
  readonly saved: unknown;
}

/**
 * A way to learn log odds from labelled rows. Fitting is synchronous and deterministic: the same frame, rows, parameters
 * and seed give the same model to the bit. To add one: a folder beside `logistic/` and a line in `trainers.ts`.
 */
export interface Trainer<P = unknown> {
  readonly name: string;
  /** Named in manifests; its number rises when the same input would give another model. */
  readonly id: string;
  /** What it is, in some words, for lists. */
  readonly about: Sentence;
  /** What model cards say: how it learns, given the summary of the fit, and a limit readers must know. */
  readonly card: {
    readonly method: (summary: FittedModel['summary']) => Sentence;
    readonly limit: Sentence;
  };
  /** A sentence on how a fit came to its size, given its summary; null where there is nothing to say. */
  readonly fitText?: (summary: FittedModel['summary']) => Sentence | null;
  /** How its log odds are calibrated unless something else is asked for. */
  readonly calibration: 'none' | 'auto';
  /** Parses parameters and fills in defaults; unknown names are refused. Each says what it means (`describeParameter`). */
  readonly params: z.ZodType<P>;
  /**
   * Fits the given rows with their weights. Throws BAD_INPUT without rows of both classes that weigh more than 0, and
   * CANCELLED when asked to stop.
   */
  readonly fit: (frame: Frame, rows: Rows, params: P, context: FitContext) => FittedModel;
  /** A model of this trainer from what it saved, within one version of the program. */
  readonly revive: (saved: unknown) => FittedModel;
  /** About how long a fit takes compared with other trainers; progress is shared out by it. */
  readonly effort: number;
}

/** A part of the progress of a context. */
export function between<T extends FitContext>(context: T, from: number, to: number): T {
  return { ...context, onProgress: (share) => context.onProgress?.(from + share * (to - from)) };
}

/** Throws CANCELLED when the fit is asked to stop. */
export function goOn(context: FitContext): void {
  if (context.cancelled?.() === true) throw new OutpostError('CANCELLED', sentence('trainers.training_cancelled'));
}

/** What is said of rows of which none is there, or only those of one class count. */
export function notBothClasses(rows: number): OutpostError {
  return new OutpostError('BAD_INPUT', rows === 0 ? sentence('trainers.no_rows') : sentence('trainers.one_label'));
}

/** Throws BAD_INPUT unless rows of both classes weigh more than 0. */
export function requireBothClasses(frame: Frame, rows: Rows): void {
  let [scam, genuine] = [0, 0];
  for (const i of rows) {
    if (frame.labels[i] === 1) scam += frame.weights[i]!;
    else genuine += frame.weights[i]!;
  }
  if (scam <= 0 || genuine <= 0) throw notBothClasses(rows.length);
}
