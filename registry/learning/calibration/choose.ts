import { uncalibrated, type Calibrator } from '../calibrator.ts';
import { dealFolds } from '../groups.ts';
import { createRandom } from '../random.ts';
import { fitIsotonic } from './isotonic.ts';
import { fitPlatt } from './platt.ts';
import { byMargin, picked, type CalibrationSample } from './sample.ts';

export type CalibrationKind = Calibrator['kind'];

/** Kinds from the simplest to the most complex. */
export const calibrationKinds = ['none', 'platt', 'isotonic'] as const satisfies readonly CalibrationKind[];

/**
 * Fewest groups of each class a kind is fitted to: two numbers take some ten cases each; a step function takes
 * hundreds of cases before it is worth more than a sigmoid (Niculescu-Mizil & Caruana 2005).
 */
export const fewestGroups: Readonly<Record<CalibrationKind, number>> = { none: 0, platt: 10, isotonic: 100 };

const foldCount = 5;
/** Probabilities are kept this far from 0 and 1 in the log loss, as everywhere. */
const clip = 1e-15;

export interface CalibrationTask extends CalibrationSample {
  /** Log odds by models that have not seen the row; NaN where there is none. */
  readonly margins: Float64Array;
  /** Rows with the same number are held out together. */
  readonly groups: Int32Array;
  readonly seed: number;
  /** Kinds to choose from. */
  readonly kinds: readonly CalibrationKind[];
}

export interface ChosenCalibration {
  /** Of the kind chosen, fitted to all rows. */
  readonly calibrator: Calibrator;
  /** Cross-validated log loss of each kind that had rows enough. */
  readonly logLoss: Readonly<Partial<Record<CalibrationKind, number>>>;
  /** Probabilities of the rows, in their order, by calibrators fitted without them; NaN where the margin is. */
  readonly unseen: Float64Array;
}

function fit(kind: CalibrationKind, sample: CalibrationSample): Calibrator {
  if (kind === 'none') return uncalibrated;
  return kind === 'platt' ? fitPlatt(sample) : fitIsotonic(sample);
}

/** Number of groups of the class that has fewer. */
function groupsOfFewer(task: CalibrationTask, rows: Uint32Array): number {
  const seen: [Set<number>, Set<number>] = [new Set(), new Set()];
  for (const i of rows) seen[task.labels[i] === 1 ? 1 : 0].add(task.groups[i]!);
  return Math.min(seen[0].size, seen[1].size);
}

interface Tried {
  readonly kind: CalibrationKind;
  readonly unseen: Float64Array;
  /** Log loss of every row; NaN where the margin is. */
  readonly losses: Float64Array;
  /** Their weighted mean. */
  readonly logLoss: number;
}

/** Scores every row by a calibrator fitted to those of `rows` in other folds. */
function tryOut(kind: CalibrationKind, task: CalibrationTask, rows: Uint32Array, folds: Uint8Array): Tried {
  const { margins, labels, weights } = task;
  const calibrators = Array.from({ length: foldCount }, (_, fold) =>
    fit(kind, picked(task, kind === 'none' ? new Uint32Array(0) : rows.filter((i) => folds[i] !== fold))),
  );
  const unseen = margins.map((m, i) => (Number.isNaN(m) ? m : calibrators[folds[i]!]!.probability(m)));
  const losses = unseen.map((score, i) => {
    const p = Math.min(1 - clip, Math.max(clip, score));
    return labels[i] === 1 ? -Math.log(p) : -Math.log(1 - p);
  });
  let [sum, total] = [0, 0];
  for (const i of rows) {
    sum += weights[i]! * losses[i]!;
    total += weights[i]!;
  }
  return { kind, unseen, losses, logLoss: sum / total };
}

/** Standard error of the difference of two log losses whose incidents, not rows, are independent (Liang & Zeger 1986). */
function standardError(a: Tried, b: Tried, { weights, groups }: CalibrationTask, rows: Uint32Array): number {
  const sums = new Map<number, number>();
  let total = 0;
  for (const i of rows) {
    const off = a.losses[i]! - b.losses[i]! - (a.logLoss - b.logLoss);
    sums.set(groups[i]!, (sums.get(groups[i]!) ?? 0) + weights[i]! * off);
    total += weights[i]!;
  }
  let squares = 0;
  for (const sum of sums.values()) squares += sum * sum;
  return Math.sqrt((squares * sums.size) / Math.max(1, sums.size - 1)) / total;
}

/** The simplest kind that the best does not beat by more than one standard error of their difference. */
function simplest(tried: readonly Tried[], task: CalibrationTask, rows: Uint32Array): Tried {
  const best = tried.reduce((a, b) => (b.logLoss < a.logLoss ? b : a));
  return tried.find((t) => t === best || t.logLoss - best.logLoss <= standardError(t, best, task, rows))!;
}

/**
 * Chooses among kinds by log loss in five-fold cross-validation over out-of-fold margins, groups held out whole: the
 * simplest kind whose loss is within one standard error of the paired difference from the best (Breiman et al. 1984,
 * the 1-SE rule). A kind that has fewer groups of a class than `fewestGroups` is not tried; when none is left, as
 * without rows, nothing is calibrated. The same task gives the same calibrator.
 */
export function chooseCalibrator(task: CalibrationTask): ChosenCalibration {
  const rows = byMargin(task);
  const fewer = groupsOfFewer(task, rows);
  const kinds = calibrationKinds.filter((kind) => task.kinds.includes(kind) && fewer >= fewestGroups[kind]);
  if (rows.length === 0 || kinds.length === 0) {
    const unseen = task.margins.map((m) => (Number.isNaN(m) ? m : uncalibrated.probability(m)));
    return { calibrator: uncalibrated, logLoss: {}, unseen };
  }
  const folds = dealFolds(task, foldCount, createRandom(task.seed));
  const tried = kinds.map((kind) => tryOut(kind, task, rows, folds));
  const chosen = simplest(tried, task, rows);
  return {
    calibrator: fit(chosen.kind, picked(task, rows)),
    logLoss: Object.fromEntries(tried.map((t) => [t.kind, t.logLoss])),
    unseen: chosen.unseen,
  };
}
