import type { MessagePort } from 'node:worker_threads';
import type { Thresholds } from '../../shared/domain/verdict.ts';
import { isOutpostError, OutpostError } from '../../shared/errors/index.ts';
import {
  calibrationKinds,
  chooseCalibrator,
  receivedRate,
  reweighted,
  shifted,
  shiftedProbability,
  shiftMargin,
  type CalibrationKind,
  type ChosenCalibration,
} from '../calibration/index.ts';
import type { Calibrator } from '../calibration/calibrator.ts';
import { clusteredMean, lossPerRow, simplestOf } from '../statistics/model-selection.ts';
import { valuesAt, type Frame, type Rows } from '../dataset/frame.ts';
import { makeFits } from '../workers/worker-pool.ts';
import { effortOf, modelOf, type FoldedRows, type FitTask, type FitResults } from '../workers/fit-tasks.ts';
import { foldRows, foldCount, foldTasks, outOfFoldMargins } from './folds.ts';
import type { TrainSettings } from './settings.ts';
import { rankCases, rankedAt } from '../thresholds/ranked-cases.ts';
import { beyondLimits, thresholdsBy, type ReachedShares } from '../thresholds/thresholds.ts';
import { between, notBothClasses, type FitContext, type FittedModel } from '../trainers/base/trainer.ts';
import { trainersFor, type ReadyTrainer } from '../trainers/index.ts';
import { sentence } from '../../shared/language/sentence.ts';

/** A trainer that was tried, with its log loss on out-of-fold scores by kind of calibration. */
interface TriedTrainer {
  readonly trainer: string;
  readonly calibration: CalibrationKind;
  readonly logLoss: Readonly<Partial<Record<CalibrationKind, number>>>;
}

/** A model with calibration and thresholds, fitted to some rows. */
export interface Fitted {
  readonly trainer: ReadyTrainer;
  readonly model: FittedModel;
  readonly calibrator: Calibrator;
  readonly thresholds: Thresholds;
  /** What the thresholds reach where that is more than their rule allows; else null. */
  readonly beyond: ReachedShares | null;
  /** Probabilities of the fitted rows, in their order, by models and calibrators that had not seen them; NaN: none. */
  readonly unseen: Float64Array;
  /** Which of the fitted rows were scored by one model, in their order. */
  readonly folds: Uint8Array;
  readonly tried: readonly TriedTrainer[];
}

/** Fewest rows of a class that training is tried with. */
export const fewestOfAClass = 5;

/** Rows of each class that count, and the groups they are of. */
interface ClassCount {
  rows: number;
  readonly groups: ReadonlySet<number>;
}

function classCounts({ weights, labels, groups }: Frame, rows: Rows): { genuine: ClassCount; scams: ClassCount } {
  const none = (): ClassCount & { groups: Set<number> } => ({ rows: 0, groups: new Set() });
  const found = [none(), none()] as const;
  for (const i of rows) {
    if (!(weights[i]! > 0)) continue;
    const own = found[labels[i] === 1 ? 1 : 0];
    own.rows += 1;
    // More than two make no difference.
    if (own.groups.size < 2) own.groups.add(groups[i]!);
  }
  return { genuine: found[0], scams: found[1] };
}

/** Throws BAD_INPUT when there are too few rows of a class to learn and to judge, or all of them are of one group. */
export function requireEnoughRows(frame: Frame, rows: Rows): void {
  const { genuine, scams } = classCounts(frame, rows);
  if (genuine.rows === 0 || scams.rows === 0) throw notBothClasses(rows.length);
  if (Math.min(genuine.rows, scams.rows) < fewestOfAClass) {
    throw new OutpostError(
      'BAD_INPUT',
      sentence('train.too_few_of_a_class', { least: fewestOfAClass, scams: scams.rows, genuine: genuine.rows }),
    );
  }
  for (const [label, { groups }] of [['scam', scams] as const, ['genuine', genuine] as const]) {
    if (groups.size > 1) continue;
    throw new OutpostError('BAD_INPUT', sentence('train.one_group_only', { label }));
  }
}

/** A probability per margin as the graph gives it, in float32: thresholds must mean the same on both sides. NaN stays. */
export function probabilities(calibrator: Calibrator, margins: Float64Array): Float64Array {
  return margins.map((m) => (Number.isNaN(m) ? m : Math.fround(calibrator.probability(m))));
}

/** Rows of a part with their labels and weights, in the part's order. */
interface Part {
  readonly frame: Frame;
  readonly rows: Rows;
  readonly labels: Uint8Array;
  readonly weights: Float64Array;
  readonly groups: Int32Array;
}

function partOf(frame: Frame, rows: Rows): Part {
  const [labels, weights] = [valuesAt(frame.labels, rows), valuesAt(frame.weights, rows)];
  return { frame, rows, labels, weights, groups: valuesAt(frame.groups, rows) };
}

/** Kinds of calibration that settings leave to choose from for a trainer. */
export function kindsOf({ calibration }: TrainSettings, trainer: ReadyTrainer): readonly CalibrationKind[] {
  const wanted = calibration ?? trainer.calibration;
  return wanted === 'auto' ? calibrationKinds : [wanted];
}

interface Tried {
  readonly trainer: ReadyTrainer;
  readonly chosen: ChosenCalibration;
}

/** What fits are made with: a context, and the other ends of threads that help. */
interface FittingContext extends FitContext {
  readonly helpers?: readonly MessagePort[];
}

/** Rows with the fits that score them by folds, for each trainer that is tried. */
interface Folded {
  readonly part: Part;
  readonly foldedRows: FoldedRows;
  readonly tries: readonly { readonly trainer: ReadyTrainer; readonly tasks: readonly FitTask[] }[];
}

function foldedBy(trainers: readonly ReadyTrainer[], part: Part, seed: number): Folded {
  const foldedRows = foldRows(part.frame, part.rows, seed);
  return { part, foldedRows, tries: trainers.map((trainer) => ({ trainer, tasks: foldTasks(trainer, foldedRows) })) };
}

function tasksOf({ tries }: Folded): FitTask[] {
  return tries.flatMap(({ tasks }) => tasks);
}

/** The trainers with their calibrations, and the simplest that does about as well as the best. */
function choose({ part, tries }: Folded, settings: TrainSettings, fits: FitResults): { tried: Tried[]; best: Tried } {
  const { labels, weights, groups } = part;
  const tried = tries.map(({ trainer, tasks }): Tried => {
    const margins = outOfFoldMargins(tasks, fits);
    const kinds = kindsOf(settings, trainer);
    return { trainer, chosen: chooseCalibrator({ margins, labels, weights, groups, seed: settings.seed, kinds }) };
  });
  return { tried, best: simplestOf(part, tried, (t) => t.chosen.unseen).chosen };
}

/** Cross-validated log loss of settings, with its standard error by incident, and the loss of each row. */
export interface CrossValidation {
  readonly logLoss: number;
  readonly standardError: number;
  readonly losses: Float64Array;
}

/** Log loss of a trainer with its calibration on rows that models and calibrators had not seen, by five folds. */
export function crossValidate(
  frame: Frame,
  rows: Rows,
  settings: TrainSettings,
  context: FittingContext,
): CrossValidation {
  requireEnoughRows(frame, rows);
  const folded = foldedBy(trainersFor(settings.trainer, settings.params), partOf(frame, rows), context.seed);
  const { part } = folded;
  const fits = makeFits(frame, tasksOf(folded), context, context.helpers);
  const losses = lossPerRow(part, choose(folded, settings, fits).best.chosen.unseen);
  const { mean, error } = clusteredMean(losses, part);
  return { logLoss: mean, standardError: error, losses };
}

/** Moves probabilities and weights to the share of scams among received cases, when that is known to differ. */
function toReceived(settings: TrainSettings, part: Part, chosen: ChosenCalibration) {
  const { calibrator, unseen } = chosen;
  const { labels, weights } = part;
  if (settings.receivedRate === null) return { calibrator, unseen: unseen.map(Math.fround), weights };
  const shift = shiftMargin(receivedRate(labels, weights).value, settings.receivedRate);
  const moved = unseen.map((p) => Math.fround(shiftedProbability(p, shift)));
  return {
    calibrator: shifted(calibrator, shift),
    unseen: moved,
    weights: reweighted(labels, weights, settings.receivedRate),
  };
}

/**
 * Thresholds for judging each fitted row by its out-of-fold score: set, by the same rule, on the scores of the other
 * folds only. On the scores they were set on, verdicts look better than they are (Varma & Simon 2006: what was chosen by
 * cross-validation is judged by folds that had no part in the choice). Null where the other folds allow none.
 */
export function crossFittedThresholds(
  frame: Frame,
  rows: Rows,
  settings: TrainSettings,
  { unseen, folds }: Pick<Fitted, 'unseen' | 'folds'>,
): (at: number) => Thresholds | null {
  const { labels, weights } = partOf(frame, rows);
  const rate = settings.receivedRate;
  const moved = rate === null ? weights : reweighted(labels, weights, rate);
  const cases = rankCases({ labels, scores: unseen, weights: moved }, true);
  const byFold = Array.from({ length: foldCount(frame, rows) }, (_, fold) => {
    try {
      return thresholdsBy(
        settings.thresholds,
        rankedAt(cases, (at) => folds[at] !== fold),
      );
    } catch (error) {
      // One class only, or limits that exclude each other there.
      if (isOutpostError(error, 'BAD_INPUT')) return null;
      throw error;
    }
  });
  return (at) => byFold[folds[at]!]!;
}

function effort(tasks: readonly FitTask[]): number {
  return tasks.reduce((sum, task) => sum + effortOf(task), 0);
}

/** Models of all rows, and all fits by folds: in one go where there is one trainer, else the models of the best after. */
function fitsOf(frame: Frame, folded: readonly Folded[], settings: TrainSettings, context: FittingContext) {
  const { helpers } = context;
  const folds = folded.flatMap(tasksOf);
  const whole = (trainers: readonly ReadyTrainer[]): FitTask[] =>
    folded.map(({ foldedRows }, at) => ({ trainer: trainers[at]!, foldedRows, without: null }));
  const chosen = (fits: FitResults) => folded.map((one) => choose(one, settings, fits));
  const trainers = folded[0]!.tries.map(({ trainer }) => trainer);
  if (trainers.length === 1) {
    const models = whole(folded.map(() => trainers[0]!));
    const fits = makeFits(frame, [...models, ...folds], context, helpers);
    return { choices: chosen(fits), models: models.map((task) => modelOf(task, fits)) };
  }
  const last = Math.max(...trainers.map((trainer) => effort(whole(folded.map(() => trainer)))));
  const share = effort(folds) / (effort(folds) + last);
  const choices = chosen(makeFits(frame, folds, between(context, 0, share), helpers));
  const models = whole(choices.map(({ best }) => best.trainer));
  const fits = makeFits(frame, models, between(context, share, 1), helpers);
  return { choices, models: models.map((task) => modelOf(task, fits)) };
}

/**
 * Fits trainer, calibration and thresholds to each of some sets of rows of a frame; threads may share the fits of all of
 * them. Calibration and thresholds are set on out-of-fold scores, never on scores of rows a model has learned from; so
 * is the choice of the trainer where that is left open.
 */
export function fitRows(
  frame: Frame,
  sets: readonly Rows[],
  settings: TrainSettings,
  context: FittingContext,
): Fitted[] {
  for (const rows of sets) requireEnoughRows(frame, rows);
  const trainers = trainersFor(settings.trainer, settings.params);
  const folded = sets.map((rows) => foldedBy(trainers, partOf(frame, rows), context.seed));
  const { choices, models } = fitsOf(frame, folded, settings, context);
  return folded.map(({ part, foldedRows }, at) => {
    const { best, tried } = choices[at]!;
    const { calibrator, unseen, weights } = toReceived(settings, part, best.chosen);
    const cases = rankCases({ labels: part.labels, scores: unseen, weights }, true);
    const thresholds = thresholdsBy(settings.thresholds, cases);
    return {
      trainer: best.trainer,
      model: models[at]!,
      calibrator,
      thresholds,
      beyond: beyondLimits(settings.thresholds, thresholds, cases),
      unseen,
      folds: foldedRows.folds,
      tried: tried.map(({ trainer, chosen }) => ({
        trainer: trainer.name,
        calibration: chosen.calibrator.kind,
        logLoss: chosen.logLoss,
      })),
    };
  });
}
