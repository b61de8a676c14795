import { uncalibrated, type Calibrator } from './calibrator.ts';
import { clusteredMean, lossPerRow, simplestOf } from '../statistics/model-selection.ts';
import { dealFolds } from '../dataset/groups.ts';
import { createRandom } from '../statistics/random.ts';
import { fitIsotonic } from './isotonic.ts';
import { fitPlatt } from './platt.ts';
import { byMargin, picked, type CalibrationSample } from './calibration-sample.ts';

export type CalibrationKind = Calibrator['kind'];

/** Kinds from the simplest to the most complex. */
export const calibrationKinds = ['none', 'platt', 'isotonic'] as const satisfies readonly CalibrationKind[];

/**
 * Fewest groups of each class a kind is fitted to: two numbers take some ten cases each; a step function takes
 * hundreds of cases before it is worth more than a sigmoid (Niculescu-Mizil & Caruana 2005).
 */
const fewestGroups: Readonly<Record<CalibrationKind, number>> = { none: 0, platt: 10, isotonic: 100 };

const foldCount = 5;

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
}

/** Scores every row by a calibrator fitted to those of `rows` in other folds. */
function tryOut(kind: CalibrationKind, task: CalibrationTask, rows: Uint32Array, folds: Uint8Array): Tried {
  const calibrators = Array.from({ length: foldCount }, (_, fold) =>
    fit(kind, picked(task, kind === 'none' ? new Uint32Array(0) : rows.filter((i) => folds[i] !== fold))),
  );
  const unseen = task.margins.map((m, i) => (Number.isNaN(m) ? m : calibrators[folds[i]!]!.probability(m)));
  return { kind, unseen };
}

/** What comes of a task that leaves no choice but none: what folds and sorting would not change. */
function notCalibrated(task: CalibrationTask): ChosenCalibration {
  const { margins, weights, kinds } = task;
  const unseen = margins.map((m) => (Number.isNaN(m) ? m : uncalibrated.probability(m)));
  const some = kinds.length > 0 && margins.some((m, i) => !Number.isNaN(m) && weights[i]! > 0);
  return {
    calibrator: uncalibrated,
    logLoss: some ? { none: clusteredMean(lossPerRow(task, unseen), task).mean } : {},
    unseen,
  };
}

/**
 * Chooses among kinds by log loss in five-fold cross-validation over out-of-fold margins, groups held out whole: the
 * simplest that `simplestOf` finds as good as the best. A kind that has fewer groups of a class than `fewestGroups` is
 * not tried; when none is left, as without rows, nothing is calibrated. The same task gives the same calibrator.
 */
export function chooseCalibrator(task: CalibrationTask): ChosenCalibration {
  if (task.kinds.every((kind) => kind === 'none')) return notCalibrated(task);
  const rows = byMargin(task);
  const fewer = groupsOfFewer(task, rows);
  const kinds = calibrationKinds.filter((kind) => task.kinds.includes(kind) && fewer >= fewestGroups[kind]);
  if (rows.length === 0 || kinds.length === 0) return notCalibrated({ ...task, kinds: [] });
  const folds = dealFolds(task, foldCount, createRandom(task.seed));
  const tried = kinds.map((kind) => tryOut(kind, task, rows, folds));
  const { chosen, logLoss } = simplestOf(task, tried, (t) => t.unseen);
  return {
    calibrator: fit(chosen.kind, picked(task, rows)),
    logLoss: Object.fromEntries(tried.map((t, i) => [t.kind, logLoss[i]!])),
    unseen: chosen.unseen,
  };
}
