import type { Thresholds } from '../../shared/domain/verdict.ts';
import {
  calibrationCurve,
  costOf,
  liftAt,
  liftCurve,
  logLoss,
  aucInterval,
  precisionRecallCurve,
  rankingOf,
  rocCurve,
  scoreDistribution,
  type CalibrationBin,
  type Lift,
  type LiftPoint,
  type PrecisionPoint,
  type RocPoint,
  type ScoreBin,
  type Scored,
  type VerdictCosts,
} from '../../shared/metrics/index.ts';
import type { Sentence } from '../../shared/language/sentence.ts';
import { baselineOf, chanceWarnings, fewLabelWarnings, type Baseline } from '../figures/baseline.ts';
import {
  binErrorNames,
  bootstrap,
  percentileInterval,
  rankedStatistics,
  ratioStatistics,
  type BootstrapOptions,
  type Ends,
  type Looked,
  type Ratio,
  type Replicates,
} from '../figures/bootstrap.ts';
import { calibrationBeyondChance } from '../figures/calibration-interval.ts';
import type { JudgedCases } from '../figures/cases.ts';
import { effectiveCases } from '../statistics/effective-sample-size.ts';
import { severalGroups, shareInterval, type Share } from '../figures/shares.ts';
import { evaluateSlices, type SliceOptions, type SliceReport, type Slicing } from './slices.ts';
import {
  verdictShareNames,
  verdictShareRules,
  verdictShares,
  type VerdictShareName,
  type VerdictShareRules,
} from '../figures/verdict-shares.ts';

/** A figure with its 95 % interval, how that was made, and the cases behind it. */
export interface EvaluatedFigure {
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly n: number;
  readonly method: 'exact' | 'wilson' | 'bootstrap' | 'newcombe' | null;
}

/** Everything known about scores on labelled cases. Figures without a value are left out. */
export interface Evaluation {
  readonly rows: number;
  readonly scams: number;
  readonly genuine: number;
  readonly groups: number;
  /** Number of equally weighted, independent cases that tell as much. */
  readonly effective: number;
  readonly baseRate: number | null;
  readonly thresholds: Thresholds;
  readonly costs: VerdictCosts;
  readonly figures: Readonly<Record<string, EvaluatedFigure>>;
  /** The same cases by the base rate alone; null where they have one label only. */
  readonly baseline: Baseline | null;
  /** Sentences on what these cases cannot tell, or what the model does not do better than chance. */
  readonly warnings: readonly Sentence[];
  /** Scams found in the first so many cases of the queue. */
  readonly queue: readonly Lift[];
  readonly curves: {
    readonly roc: readonly RocPoint[];
    readonly precisionRecall: readonly PrecisionPoint[];
    readonly calibration: readonly CalibrationBin[];
    readonly scores: readonly ScoreBin[];
    readonly lift: readonly LiftPoint[];
  };
  readonly slices: SliceReport;
  readonly resamples: { readonly repeats: number; readonly seed: number };
}

export interface EvaluateOptions extends BootstrapOptions {
  readonly thresholds: Thresholds;
  readonly costs: VerdictCosts;
  /** Numbers of cases of the queue to look at; those of at least all cases are left out. */
  readonly firsts: readonly number[];
  readonly slicings: readonly Slicing[];
  readonly slices: SliceOptions;
}

/** With hits, or others, from fewer groups a resample repeats them too coarsely; Wilson's interval serves instead. */
const fewestGroups = 10;

/**
 * Nor do resamples serve where a few large groups decide: when groups of one size that tell as much would be fewer than
 * this share of those there are. In simulations with such scammers percentiles covered 88 to 92 % instead of 95 %.
 */
const leastEven = 0.5;

/** An interval without a width says what is certain, which cases never do: then they are too few to vary. */
function withEnds(value: number, n: number, found: Ends | null): EvaluatedFigure {
  const ends = found !== null && found.low < found.high ? found : null;
  return { value, low: ends?.low ?? null, high: ends?.high ?? null, n, method: ends && 'bootstrap' };
}

function shareFigure(share: Share, { resampled }: Replicates): EvaluatedFigure | null {
  const found = shareInterval(share);
  if (found === null) return null;
  const few = Math.min(share.hitGroups, share.otherGroups) < fewestGroups;
  const uneven = share.weight ** 2 / share.squares < leastEven * share.groups;
  if (found.method === 'exact' || few || uneven) return { ...found, n: share.rows };
  return withEnds(found.value, share.rows, percentileInterval(resampled));
}

function ratiosOf(
  { labels }: JudgedCases,
  scores: ArrayLike<number>,
  rules: VerdictShareRules,
  { thresholds, costs }: EvaluateOptions,
): Record<string, Ratio> {
  const one = (): number => 1;
  const shares = verdictShareNames.map((name): [string, Ratio] => {
    const { among, hit } = rules[name];
    return [name, { part: (i) => Number(among(i) && hit(i)), whole: (i) => Number(among(i)) }];
  });
  return {
    ...Object.fromEntries(shares),
    log_loss: { part: (i) => logLoss({ labels: [labels[i]!], scores: [scores[i]!] }), whole: one },
    brier: { part: (i) => (scores[i]! - labels[i]!) ** 2, whole: one },
    mean_cost: { part: (i) => costOf(scores[i]!, labels[i]!, thresholds, costs), whole: one },
  };
}

function liftsOf(firsts: readonly number[]): Record<string, Looked> {
  return {
    lift_first_tenth: { share: 0.1 },
    ...Object.fromEntries(firsts.map((cases) => [`lift_first_${cases}`, { cases }])),
  };
}

/** Figures of how cases rank: they compare those of one label with those of the other. */
const ofRanks = /^(?:auc|average_precision|lift_.*)$/;

/** Whether resamples of the cases show how a figure varies: what one group alone says is the same in all of them. */
function variesOf(cases: JudgedCases): (name: string) => boolean {
  const several = severalGroups(cases);
  const ofBoth = severalGroups(cases, 0) && severalGroups(cases, 1);
  return (name) => (ofRanks.test(name) ? ofBoth : several);
}

/** An AUC that is the same in all resamples, as where every scam scores above every genuine case. */
function separated(
  value: number,
  n: number,
  { missed, wrong_accusation: accused }: Readonly<Record<VerdictShareName, Share>>,
): EvaluatedFigure {
  const ends = aucInterval(value, effectiveCases(missed), effectiveCases(accused));
  return { value, low: ends?.low ?? null, high: ends?.high ?? null, n, method: ends && 'newcombe' };
}

function figuresFrom(
  cases: JudgedCases,
  shares: Readonly<Record<VerdictShareName, Share>>,
  found: Readonly<Record<string, Replicates>>,
): Record<string, EvaluatedFigure> {
  const [rows, varies] = [cases.labels.length, variesOf(cases)];
  const names = Object.keys(found).filter((name) => !binErrorNames.includes(name));
  const figure = (name: string): EvaluatedFigure | null => {
    const replicates = found[name]!;
    const share = verdictShareNames.find((own) => own === name);
    if (share !== undefined) return shareFigure(shares[share], replicates);
    if (Number.isNaN(replicates.value)) return null;
    // The error as it is usually given has no interval: by chance it is above that of the scores themselves.
    const hasEnds = name !== 'calibration_error' && varies(name);
    const ends = hasEnds ? percentileInterval(replicates.resampled) : null;
    if (name === 'auc' && ends !== null && ends.low === ends.high) return separated(replicates.value, rows, shares);
    return withEnds(replicates.value, rows, ends);
  };
  const beyond = calibrationBeyondChance(binErrorNames.map((name) => found[name]!));
  const all = [
    ...names.map((name) => [name, figure(name)] as const),
    [
      'calibration_error_beyond_chance',
      beyond && withEnds(beyond.value, rows, varies('calibration_error_beyond_chance') ? beyond.ends : null),
    ] as const,
  ];
  return Object.fromEntries(all.flatMap(([name, f]) => (f === null ? [] : [[name, f]])));
}

/** Figures without those that with one label alone say nothing of the scores. */
function withoutRanking(figures: Evaluation['figures']): Evaluation['figures'] {
  const says = (name: string): boolean => name !== 'average_precision' && !name.startsWith('lift_');
  return Object.fromEntries(Object.entries(figures).filter(([name]) => says(name)));
}

function curvesOf(data: Required<Scored>, ranking: ReturnType<typeof rankingOf>): Evaluation['curves'] {
  return {
    roc: rocCurve(ranking),
    precisionRecall: precisionRecallCurve(ranking),
    calibration: calibrationCurve(data),
    scores: scoreDistribution(data),
    lift: liftCurve(ranking),
  };
}

function warningsOf(
  { missed, wrong_accusation: accused }: Readonly<Record<VerdictShareName, Share>>,
  baseline: Baseline | null,
  figures: Evaluation['figures'],
): Sentence[] {
  return [...fewLabelWarnings(missed.rows, accused.rows), ...chanceWarnings(baseline, figures['unclear']?.value)];
}

/**
 * Judges scores against labels: figures with 95 % intervals (exact where binomial, else by resampling whole groups),
 * curves as data, and slices compared with the rest. Deterministic for a seed; throws CANCELLED when asked to stop.
 * Without cases figures, curves and slices are empty.
 */
export function evaluateScores(cases: JudgedCases, scores: ArrayLike<number>, options: EvaluateOptions): Evaluation {
  const { thresholds, costs, slicings, seed, repeats } = options;
  const { labels, weights, groups } = cases;
  const rules = verdictShareRules(labels, scores, thresholds);
  const shares = verdictShares(cases, rules);
  const { weight } = shares.unclear;
  const baseline = baselineOf(cases, scores);
  // Of one label alone every queue finds what chance finds.
  const firsts = baseline === null ? [] : options.firsts.filter((first) => first < weight);
  const statistics = [
    ratioStatistics(cases, ratiosOf(cases, scores, rules, options)),
    rankedStatistics(cases, scores, liftsOf(firsts)),
  ];
  const found = bootstrap(groups.count, statistics, options);
  const data = { labels, scores, weights };
  const ranking = rankingOf(data);
  const figures = figuresFrom(cases, shares, found);
  return {
    rows: labels.length,
    scams: shares.missed.rows,
    genuine: shares.wrong_accusation.rows,
    groups: groups.count,
    effective: effectiveCases(shares.unclear),
    baseRate: weight > 0 ? shares.missed.weight / weight : null,
    thresholds,
    costs,
    figures: baseline === null ? withoutRanking(figures) : figures,
    baseline,
    warnings: warningsOf(shares, baseline, figures),
    queue: firsts.map((first) => liftAt(ranking, first)),
    curves: curvesOf(data, ranking),
    slices: evaluateSlices(cases, scores, thresholds, slicings, options.slices),
    resamples: { repeats, seed },
  };
}
