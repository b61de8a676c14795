import type { Thresholds } from '../../shared/domain/verdict.ts';
import type { FigureBasis } from '../../shared/encoding/manifest.ts';
import { baselineOf, type Baseline } from '../figures/baseline.ts';
import { reweighted } from '../calibration/index.ts';
import { type Split } from './split.ts';
import { type TrainingRows } from '../dataset/dataset.ts';
import { outsideOf } from '../dataset/outside-rows.ts';
import { figuresOf, judgedCases, missedByStratum, type Figures } from '../figures/figures.ts';
import { groupingOf } from '../figures/cases.ts';
import { crossFittedThresholds, probabilities, type Fitted } from './fitting.ts';
import { allRows, valuesAt, type Rows } from '../dataset/frame.ts';
import type { TrainSettings } from './settings.ts';
import type { ReachedShares } from '../thresholds/thresholds.ts';

interface Classes {
  readonly rows: number;
  readonly scams: number;
  readonly genuine: number;
}

/** What a run reports: kept with it, printed and in the model card. */
export interface TrainMetrics {
  readonly trainer: string;
  /** All parameters of the trainer, defaults filled in. */
  readonly params: unknown;
  readonly calibration: string;
  /** Trainers that were tried, with their log loss on out-of-fold scores by kind of calibration. */
  readonly tried: Fitted['tried'];
  readonly train: Classes;
  readonly holdOut: Classes;
  /** Held-out cases of scammers the judged model learned from: it may know them, as it will know some in use. */
  readonly knownScammers: number;
  readonly thresholds: Thresholds;
  /** What the thresholds were set by. */
  readonly thresholdRule: TrainSettings['thresholds'];
  /** What the thresholds reach where that is more than their rule allows: too many genuine providers score exactly 1. */
  readonly beyondRule?: ReachedShares;
  /**
   * What the figures were computed on, as the manifest has it. Verdicts of out-of-fold scores go by thresholds set on
   * other folds.
   */
  readonly basis: Extract<FigureBasis, 'held_out' | 'held_out_before_refit' | 'out_of_fold'>;
  readonly figures: Figures;
  /** The same cases by the base rate alone; null where they have one label only. Runs of before have none. */
  readonly baseline?: Baseline | null;
  /** Columns that tell the label and were learned from all the same, as asked; absent where there were none. */
  readonly allowedLeaks?: readonly string[];
  /** Figures of the fit and the calibration themselves: iterations, trees, gradient. */
  readonly fit: Readonly<Record<string, number>>;
}

function classes({ frame }: TrainingRows, rows: Rows): Classes {
  const scams = rows.reduce((sum, i) => sum + frame.labels[i]!, 0);
  return { rows: rows.length, scams, genuine: rows.length - scams };
}

/** How many held-out rows belong together with rows that were learned from. */
function sharing({ frame: { groups } }: TrainingRows, { train, holdOut }: Split): number {
  const learned = new Uint8Array(groups.length);
  for (const i of train) learned[groups[i]!] = 1;
  return holdOut.reduce((sum, i) => sum + learned[groups[i]!]!, 0);
}

interface Scored {
  readonly rows: Rows;
  /** Probabilities of the rows in their order; NaN where there is none. */
  readonly scores: Float64Array;
  /** Thresholds each is judged by, by its place; null: none. */
  readonly thresholds: (at: number) => Thresholds | null;
}

/**
 * Figures of scores against labels, with the share of scams among those called not_scam by audit stratum, and how the
 * scores compare with the base rate.
 */
function figuresFor(
  dataset: TrainingRows,
  all: Scored,
  settings: TrainSettings,
): Required<Pick<TrainMetrics, 'figures' | 'baseline'>> {
  const places = allRows({ rows: all.rows.length }).filter((at) => !Number.isNaN(all.scores[at]!));
  const rows = places.map((at) => all.rows[at]!);
  const scores = valuesAt(all.scores, places);
  const thresholds = (i: number): Thresholds | null => all.thresholds(places[i]!);
  const { labels, weights, groups } = dataset.frame;
  const own = valuesAt(weights, rows);
  const { receivedRate } = settings;
  const judged = {
    labels: valuesAt(labels, rows),
    scores,
    // A model moved to another share of scams is judged at that share.
    weights: receivedRate === null ? own : reweighted(valuesAt(labels, rows), own, receivedRate),
    groups: groupingOf(valuesAt(groups, rows)),
  };
  const outside = outsideOf(dataset, rows, settings.maxMissingShare);
  const figures = { ...figuresOf(judged, thresholds), ...missedByStratum(judged, outside, thresholds) };
  return { figures, baseline: baselineOf(judgedCases(judged), scores) };
}

/** Probabilities a fitted model gives some rows. */
export function modelScores(dataset: TrainingRows, rows: Rows, { model, calibrator }: Fitted): Float64Array {
  return probabilities(calibrator, model.margins(dataset.frame, rows));
}

/** What a fit to the training part is judged by: the held-out rows, or without any its own ones, out of fold. */
function scoredBy(dataset: TrainingRows, settings: TrainSettings, { train, holdOut }: Split, fitted: Fitted): Scored {
  if (holdOut.length > 0)
    return { rows: holdOut, scores: modelScores(dataset, holdOut, fitted), thresholds: () => fitted.thresholds };
  const thresholds = crossFittedThresholds(dataset.frame, train, settings, fitted);
  return { rows: train, scores: fitted.unseen, thresholds };
}

/** What comes out of fits: `judged` learned from the training part, `shipped` is the same or learned from all rows. */
interface RunFits {
  /** Rows the shipped one has learned from. */
  readonly learned: Rows;
  readonly judged: Fitted;
  readonly shipped: Fitted;
}

/** What a run reports of its fits: rows, choices, and figures of what was judged. */
export function metricsOf(
  dataset: TrainingRows,
  settings: TrainSettings,
  split: Split,
  { learned, judged, shipped: fitted }: RunFits,
): TrainMetrics {
  const figures = figuresFor(dataset, scoredBy(dataset, settings, split, judged), settings);
  const basis = split.holdOut.length === 0 ? 'out_of_fold' : judged === fitted ? 'held_out' : 'held_out_before_refit';
  return {
    trainer: fitted.trainer.name,
    params: fitted.trainer.params,
    calibration: fitted.calibrator.kind,
    tried: fitted.tried,
    train: classes(dataset, learned),
    holdOut: classes(dataset, split.holdOut),
    knownScammers: sharing(dataset, split),
    thresholds: fitted.thresholds,
    thresholdRule: settings.thresholds,
    ...(fitted.beyond === null ? {} : { beyondRule: fitted.beyond }),
    basis,
    ...figures,
    fit: { ...fitted.model.summary, ...fitted.calibrator.summary },
  };
}
