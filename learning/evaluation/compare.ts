import { isDeepStrictEqual } from 'node:util';
import { verdictOf, type Thresholds } from '../../shared/domain/verdict.ts';
import { aucDifference, costOf, lossOf, type AucDifference, type VerdictCosts } from '../../shared/metrics/index.ts';
import { effectiveCases } from '../statistics/effective-sample-size.ts';
import {
  bootstrap,
  percentileInterval,
  rankedStatistics,
  ratioStatistics,
  type BootstrapOptions,
  type Ends,
  type Ratio,
  type Replicates,
  type Statistics,
} from '../figures/bootstrap.ts';
import type { JudgedCases } from '../figures/cases.ts';
import { sentence, type Sentence } from '../../shared/language/sentence.ts';
import { severalGroups, type Share } from '../figures/shares.ts';
import { verdictShareRules, verdictShares, type VerdictShareName } from '../figures/verdict-shares.ts';

type ComparisonResult = 'better' | 'worse' | 'cannot_tell';

/** Scores of one model on the cases, in their order, with its thresholds. */
export interface ScoredBy {
  readonly scores: ArrayLike<number>;
  readonly thresholds: Thresholds;
}

/** Figures two models are compared in, and whether more is better. */
const figures = {
  mean_cost: -1,
  log_loss: -1,
  auc: 1,
  average_precision: 1,
  recall: 1,
  missed: -1,
  wrong_accusation: -1,
  unclear: -1,
} as const;
export type ComparedFigure = keyof typeof figures;
const comparedFigures = Object.keys(figures) as readonly ComparedFigure[];

/** One figure of both models. Null where it has no value. */
export interface FigureComparison {
  readonly first: number | null;
  readonly second: number | null;
  /** `first - second` with its 95 % interval by paired resampling of groups. */
  readonly difference: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** Of the first against the second: better or worse only when the whole interval lies on one side of no difference. */
  readonly result: ComparisonResult;
}

/** The first model compared with the second on the same cases. */
export interface Comparison {
  readonly rows: number;
  readonly scams: number;
  readonly genuine: number;
  readonly groups: number;
  /** Cases on which the two give different verdicts. */
  readonly changed: number;
  readonly figures: Readonly<Record<ComparedFigure, FigureComparison>>;
  /** By formula instead of resampling; null when weights differ or cases share groups, for which it does not hold. */
  readonly delong: AucDifference | null;
  readonly primary: PrimaryFigure;
  readonly margin: number;
  readonly result: ComparisonResult;
  /** Why, as a clause. */
  readonly reason: Sentence;
  readonly costs: VerdictCosts;
  readonly resamples: { readonly repeats: number; readonly seed: number };
}

export type PrimaryFigure = 'mean_cost' | 'log_loss';

export interface CompareOptions extends BootstrapOptions {
  readonly costs: VerdictCosts;
  /** Figure that decides. */
  readonly primary: PrimaryFigure;
  /** How much more a better model may miss or accuse, at the upper end of the interval. */
  readonly margin: number;
  /** Scams and genuine cases, by group and effective number (the smaller of both models), without which no result is given. */
  readonly needed: { readonly missed: number; readonly wrong_accusation: number };
}

function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

function statisticsOf(cases: JudgedCases, model: ScoredBy, { costs }: CompareOptions, name: string): Statistics[] {
  const { scores, thresholds } = model;
  const { labels } = cases;
  const rules = verdictShareRules(labels, scores, thresholds);
  const share = ({ among, hit }: (typeof rules)['missed']): Ratio => ({
    part: (i) => Number(among(i) && hit(i)),
    whole: (i) => Number(among(i)),
  });
  const ratios = ratioStatistics(cases, {
    mean_cost: { part: (i) => costOf(scores[i]!, labels[i]!, thresholds, costs), whole: () => 1 },
    log_loss: { part: (i) => lossOf(scores[i]!, labels[i]!), whole: () => 1 },
    recall: share(rules.recall),
    missed: share(rules.missed),
    wrong_accusation: share(rules.wrong_accusation),
    unclear: share(rules.unclear),
  });
  return [ratios, rankedStatistics(cases, scores)].map(({ names, of }) => ({
    names: names.map((own) => `${name}.${own}`),
    of,
  }));
}

interface Basis {
  /** Enough cases to say better or worse. */
  readonly enoughCases: boolean;
  /** Resamples can differ: there are several groups. */
  readonly varies: boolean;
  /** Both give every case the same score and verdict: that there is no difference is certain. */
  readonly same: boolean;
}

/** Ends of a difference; null where it is the same in all resamples, which no cases show to be certain. */
function endsOf(differences: Float64Array, { varies, same }: Basis): Ends | null {
  const ends = percentileInterval(differences);
  if (ends === null || same) return ends;
  return varies && ends.low < ends.high ? ends : null;
}

function compared(name: ComparedFigure, first: Replicates, second: Replicates, basis: Basis): FigureComparison {
  const { enoughCases } = basis;
  const ends = endsOf(
    first.resampled.map((value, r) => value - second.resampled[r]!),
    basis,
  );
  const [low, high] = [ends?.low ?? NaN, ends?.high ?? NaN];
  const sign = figures[name];
  const side: ComparisonResult = low > 0 ? (sign > 0 ? 'better' : 'worse') : sign > 0 ? 'worse' : 'better';
  return {
    first: orNull(first.value),
    second: orNull(second.value),
    difference: orNull(first.value - second.value),
    low: orNull(low),
    high: orNull(high),
    result: enoughCases && (low > 0 || high < 0) ? side : 'cannot_tell',
  };
}

interface Enough {
  readonly scams: number;
  readonly genuine: number;
}

function decided(
  all: Comparison['figures'],
  enough: Enough,
  { primary, margin, needed }: CompareOptions,
): Pick<Comparison, 'result' | 'reason'> {
  const { scams, genuine } = enough;
  if (scams < needed.missed || genuine < needed.wrong_accusation) {
    const have = { scams: Math.floor(scams), genuine: Math.floor(genuine) };
    const want = { scamsNeeded: needed.missed, genuineNeeded: needed.wrong_accusation };
    return { result: 'cannot_tell', reason: sentence('compare.too_little', { ...have, ...want }) };
  }
  const guards = (['missed', 'wrong_accusation'] as const).map((of) => ({ figure: all[of], of }));
  const over = guards.find(({ figure }) => figure.low !== null && figure.low > margin);
  if (over) return { result: 'worse', reason: sentence('compare.more_mistakes', { of: over.of, margin }) };
  const { result } = all[primary];
  if (result === 'worse') return { result, reason: sentence('compare.higher', { primary }) };
  if (result === 'cannot_tell') return { result, reason: sentence('compare.may_be_chance', { primary }) };
  // Without a difference in any resample there is no interval, and no rise.
  const open = guards.find(({ figure: { high, difference } }) => (high === null ? difference !== 0 : high > margin));
  if (open) {
    return { result: 'cannot_tell', reason: sentence('compare.lower_but', { primary, of: open.of, margin }) };
  }
  return { result, reason: sentence('compare.lower', { primary, margin }) };
}

function sameScores(first: ScoredBy, second: ScoredBy): boolean {
  const thresholds = isDeepStrictEqual(first.thresholds, second.thresholds);
  return thresholds && Array.from(first.scores).every((score, i) => score === second.scores[i]);
}

function changedVerdicts(first: ScoredBy, second: ScoredBy): number {
  let changed = 0;
  for (let i = 0; i < first.scores.length; i++) {
    const other = verdictOf(second.scores[i]!, second.thresholds);
    if (verdictOf(first.scores[i]!, first.thresholds) !== other) changed += 1;
  }
  return changed;
}

/**
 * Compares two models on the same cases by paired resampling of groups. A figure is better or worse when the whole 95 %
 * interval of its difference is on one side. Overall the first is better when the primary figure is, and missed scams and
 * wrong accusations have not risen by more than the margin at the upper end of their intervals; worse when the primary
 * figure is, or one of those two has risen by more than the margin at the lower end; otherwise the result is not certain.
 * Which is named first changes no figure and not whether there is a result: if the first is better, the second compared with
 * it is worse. Deterministic for a seed; throws CANCELLED when asked to stop.
 */
export function compareModels(
  cases: JudgedCases,
  first: ScoredBy,
  second: ScoredBy,
  options: CompareOptions,
): Comparison {
  const { labels, groups } = cases;
  const statistics = [
    ...statisticsOf(cases, first, options, 'first'),
    ...statisticsOf(cases, second, options, 'second'),
  ];
  const found = bootstrap(groups.count, statistics, options);
  const [own, other] = [first, second].map(({ scores, thresholds }) =>
    verdictShares(cases, verdictShareRules(labels, scores, thresholds)),
  ) as [Record<VerdictShareName, Share>, Record<VerdictShareName, Share>];
  // The same whichever is named first: the figures of both have to rest on enough.
  const least = (name: VerdictShareName): number => Math.min(effectiveCases(own[name]), effectiveCases(other[name]));
  const enough = { scams: least('missed'), genuine: least('wrong_accusation') };
  const enoughCases = enough.scams >= options.needed.missed && enough.genuine >= options.needed.wrong_accusation;
  const basis = { enoughCases, varies: severalGroups(cases), same: sameScores(first, second) };
  const all = Object.fromEntries(
    comparedFigures.map((name) => [name, compared(name, found[`first.${name}`]!, found[`second.${name}`]!, basis)]),
  ) as Record<ComparedFigure, FigureComparison>;
  const { primary, margin, costs, repeats, seed } = options;
  return {
    rows: labels.length,
    scams: own.missed.rows,
    genuine: own.wrong_accusation.rows,
    groups: groups.count,
    changed: changedVerdicts(first, second),
    figures: all,
    delong: own.unclear.binomial ? aucDifference(labels, first.scores, second.scores) : null,
    primary,
    margin,
    ...decided(all, enough, options),
    costs,
    resamples: { repeats, seed },
  };
}
