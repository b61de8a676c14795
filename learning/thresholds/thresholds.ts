import { z } from 'zod';
import type { Thresholds } from '../../shared/domain/verdict.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { ranked, type RankedCases, type ThresholdCase } from './ranked-cases.ts';
import { belowOf, checkCases, shareBetween, slack, step, type Below } from './threshold-sums.ts';
import { sentence } from '../../shared/language/sentence.ts';

export type { ThresholdCase } from './ranked-cases.ts';

/** What a wrong or open verdict costs, in any one unit: a missed scam, a wrong accusation, and a case left unclear. */
interface Costs {
  readonly missedScam: number;
  readonly wrongAccusation: number;
  readonly unclear: number;
}

/**
 * Shares the default thresholds keep to on the cases they are set on. What is promised for cases not yet seen is more
 * (4 % of scams missed, 5 % of genuine providers accused): a threshold set on a sample falls short by chance.
 */
export const defaultLimits = { missed: 0.022, wrongAccusation: 0.04 } as const;

const down = (x: number): number => Math.floor(x * step) / step;
const up = (x: number): number => Math.ceil(x * step) / step;

/**
 * Thresholds from stated costs, for calibrated scores: `not_scam` where the expected cost of missing a scam is below
 * that of leaving the case unclear, `scam` where the expected cost of a wrong accusation is.
 */
export function thresholdsFromCosts(costs: Costs): Thresholds {
  const { missedScam, wrongAccusation, unclear } = costs;
  if (![missedScam, wrongAccusation, unclear].every((c) => Number.isFinite(c) && c > 0)) {
    throw new OutpostError('BAD_INPUT', sentence('thresholds.costs_must_numbers_above_0'));
  }
  const notScamBelow = Math.min(1, unclear / missedScam);
  const scamFrom = Math.max(0, 1 - unclear / wrongAccusation);
  if (notScamBelow <= scamFrom) return { notScamBelow, scamFrom };
  // Leaving a case unclear never pays: one threshold where both errors cost the same.
  const single = wrongAccusation / (wrongAccusation + missedScam);
  return { notScamBelow: single, scamFrom: single };
}

/** Scores and weights of some cases, in an order. */
type Line = Pick<RankedCases, 'scores' | 'weights'>;

/** The cases of a label from the lowest score up, or from the highest down; those of equal scores stay in their order. */
function lineOf({ labels, scores, weights }: RankedCases, label: 0 | 1, from: 'lowest' | 'highest'): Line {
  const line = { scores: new Float64Array(scores.length), weights: new Float64Array(scores.length) };
  let count = 0;
  const put = (start: number, end: number): void => {
    for (let i = start; i < end; i++) {
      if (labels[i] !== label) continue;
      line.scores[count] = scores[i]!;
      line.weights[count++] = weights[i]!;
    }
  };
  if (from === 'lowest') put(0, scores.length);
  for (let end = from === 'lowest' ? 0 : scores.length, start = end; end > 0; end = start) {
    while (start > 0 && scores[start - 1] === scores[end - 1]) start -= 1;
    put(start, end);
  }
  return { scores: line.scores.subarray(0, count), weights: line.weights.subarray(0, count) };
}

/** First score of a line at which more than `share` of the weight has been passed. */
function passedBeyond({ scores, weights }: Line, share: number): number {
  let [all, passed] = [0, 0];
  for (const weight of weights) all += weight;
  const allowed = share * all;
  for (let i = 0; i < scores.length; i++) {
    passed += weights[i]!;
    if (passed > allowed) return scores[i]!;
  }
  return scores.at(-1)!;
}

/**
 * Thresholds such that at most `limits.missed` of the scams (by weight) fall below the lower one and at most
 * `limits.wrongAccusation` of the genuine providers reach the upper one, as close as four decimals allow. To be set on
 * scores the model did not learn from. Where more genuine providers than that score exactly 1, they are called scam all the
 * same (`beyondLimits` says how many). Throws BAD_INPUT unless both classes are there.
 */
export function thresholdsFromScores(
  cases: readonly ThresholdCase[] | RankedCases,
  limits: { missed: number; wrongAccusation: number } = defaultLimits,
): Thresholds {
  const used = ranked(cases);
  const [scams, genuine] = [lineOf(used, 1, 'lowest'), lineOf(used, 0, 'highest')];
  if (scams.scores.length === 0 || genuine.scores.length === 0) {
    throw new OutpostError('BAD_INPUT', sentence('thresholds.thresholds_need_scores_both_confirmed_scams'));
  }
  const notScamBelow = down(passedBeyond(scams, limits.missed));
  // The score at this place must stay below the threshold itself, so one step of four decimals is added.
  const scamFrom = Math.min(1, up(passedBeyond(genuine, limits.wrongAccusation) + 1 / step));
  if (notScamBelow <= scamFrom) return { notScamBelow, scamFrom };
  // The classes lie so far apart that any single threshold between the two keeps both limits.
  const single = down((notScamBelow + scamFrom) / 2);
  return { notScamBelow: single, scamFrom: single };
}

/** Shares of the scams that are missed and of the genuine providers that are called scam. */
export interface ReachedShares {
  readonly missed: number;
  readonly wrongAccusation: number;
}

const share = z.number().min(0).max(1);
const cost = z.number().positive();

/** What thresholds are set from. */
export const thresholdRuleSchema = z.discriminatedUnion('by', [
  /** At most these shares of the scams and of the genuine providers. */
  z.strictObject({ by: z.literal('shares'), missed: share, wrongAccusation: share }),
  /**
   * Smallest expected cost: of a missed scam, a wrong accusation, and a visit, which every unclear case asks for; with
   * at most the share `unclear` of all cases left unclear, when it is given.
   */
  z.strictObject({
    by: z.literal('costs'),
    missedScam: cost,
    wrongAccusation: cost,
    visit: cost,
    unclear: share.optional(),
  }),
  /**
   * At least the share `recall` of the scams called scam, at most the share `unclear` of all cases left unclear; when
   * given, at most these shares of scams missed and of genuine providers called scam too.
   */
  z.strictObject({
    by: z.literal('recall'),
    recall: z.number().gt(0).max(1),
    unclear: share,
    missed: share.optional(),
    wrongAccusation: share.optional(),
  }),
]);
export type ThresholdRule = z.infer<typeof thresholdRuleSchema>;
type RuleBy<By extends ThresholdRule['by']> = Extract<ThresholdRule, { by: By }>;

/** For every lower threshold i the smallest of `values` at the upper thresholds from i to `last(i)`, which never falls. */
function windowMinima(values: Float64Array, last: (i: number) => number): Float64Array {
  const minima = new Float64Array(values.length);
  // Places in the window whose value is below all later ones (Lemire 2006).
  const places: number[] = [];
  let [head, next] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    for (const end = last(i); next <= end; next++) {
      while (places.length > head && values[places.at(-1)!]! >= values[next]!) places.pop();
      places.push(next);
    }
    while (places[head]! < i) head += 1;
    minima[i] = values[places[head]!]!;
  }
  return minima;
}

/** The number from `from` to `to` nearest to `wanted` that `fits`; the smaller of two as near. */
function nearest(wanted: number, from: number, to: number, fits: (k: number) => boolean): number {
  let best = NaN;
  for (let k = from; k <= to; k++) {
    if (fits(k) && !(Math.abs(k - wanted) >= Math.abs(best - wanted))) best = k;
  }
  return best;
}

/**
 * The pair of smallest expected cost among those that leave few enough cases unclear, exactly, in one pass over all
 * thresholds of four decimals; of pairs that cost the same (no score between them) the one nearest to `free`.
 */
function cheapestWithin(rule: RuleBy<'costs'>, most: number, sums: Below, free: Thresholds): Thresholds {
  const { missedScam, wrongAccusation, visit } = rule;
  const { all, expectedScams, expectedGenuine } = sums;
  const thresholds = Float64Array.from({ length: step + 1 }, (_, k) => k);
  // Cost of a pair (i, j): what not_scam costs below i, a visit from i to j, an accusation from j on.
  const lower = thresholds.map((i) => missedScam * expectedScams[i]! - visit * all[i]!);
  const upper = thresholds.map(
    (j) => visit * all[j]! + wrongAccusation * (expectedGenuine.at(-1)! - expectedGenuine[j]!),
  );
  const last = new Uint16Array(step + 1);
  for (let i = 0, j = 0; i <= step; i++) {
    j = Math.max(i, j);
    while (j < step && shareBetween(all, i, j + 1) <= most + slack) j += 1;
    last[i] = j;
  }
  const best = windowMinima(upper, (i) => last[i]!);
  const least = lower.reduce((min, cost, i) => Math.min(min, cost + best[i]!), Infinity);
  const same = least + 1e-9 * all.at(-1)! * Math.max(missedScam, wrongAccusation, visit);
  const i = nearest(free.notScamBelow * step, 0, step, (k) => lower[k]! + best[k]! <= same);
  const j = nearest(free.scamFrom * step, i, last[i]!, (k) => lower[i]! + upper[k]! <= same);
  return { notScamBelow: i / step, scamFrom: j / step };
}

function byCosts(rule: RuleBy<'costs'>, cases: RankedCases): Thresholds {
  const exact = thresholdsFromCosts({ ...rule, unclear: rule.visit });
  const rounded = (x: number): number => Math.round(x * step) / step;
  const free = { notScamBelow: rounded(exact.notScamBelow), scamFrom: rounded(exact.scamFrom) };
  if (rule.unclear === undefined) return free;
  const sums = belowOf(cases);
  const left = shareBetween(sums.all, Math.round(free.notScamBelow * step), Math.round(free.scamFrom * step));
  return left <= rule.unclear + slack ? free : cheapestWithin(rule, rule.unclear, sums, free);
}

const percent = (x: number): string => `${Math.round(x * 1000) / 10} %`;
const atLeast = (x: number): string => percent(Math.ceil(x * 1000 - 1e-6) / 1000);
const atMost = (x: number): string => percent(Math.floor(x * 1000 + 1e-6) / 1000);

/** Throws BAD_INPUT saying what could be had, when the limits of a rule exclude each other on these cases. */
function refuseImpossible(rule: RuleBy<'recall'>, sums: Below, highest: number): void {
  const { recall, unclear, missed = 1, wrongAccusation = 1 } = rule;
  let lowest = 0;
  while (lowest <= step && shareBetween(sums.genuine, lowest) > wrongAccusation + slack) lowest += 1;
  if (lowest > highest) {
    throw new OutpostError(
      'BAD_INPUT',
      sentence('thresholds.recall_out_of_reach', {
        recall: percent(recall),
        accused: atLeast(shareBetween(sums.genuine, highest)),
        allowed: percent(wrongAccusation),
        reachable: atMost(shareBetween(sums.scams, lowest)),
      }),
    );
  }
  let keeps = step;
  while (shareBetween(sums.scams, 0, keeps) > missed + slack) keeps -= 1;
  const needed = shareBetween(sums.all, Math.min(keeps, lowest), lowest);
  if (needed > unclear + slack) {
    throw new OutpostError(
      'BAD_INPUT',
      sentence('thresholds.too_few_unclear_allowed', {
        missed: percent(missed),
        accused: percent(wrongAccusation),
        needed: atLeast(needed),
        unclear: percent(unclear),
      }),
    );
  }
}

/** As many scams called scam as there are without calling one genuine provider more scam. */
function withoutFurtherAccusation({ scams, genuine }: Below, to: number): number {
  let lowest = to;
  while (lowest > 0 && genuine[lowest - 1] === genuine[lowest]) lowest -= 1;
  // Up to the score of the last scam gained: nothing is known of what lies below it.
  while (lowest < to && scams[lowest + 1] === scams[lowest]) lowest += 1;
  return lowest;
}

/**
 * The upper threshold as high as the recall allows, so that as few genuine providers as possible are called scam, and
 * the lower one as low as the share of unclear cases allows, so that as few scams as possible are missed. The upper one
 * comes down only where it accuses nobody more, or where more scams than allowed would be missed.
 */
function byRecall(rule: RuleBy<'recall'>, cases: RankedCases): Thresholds {
  const sums = belowOf(cases);
  let highest = step;
  while (shareBetween(sums.scams, highest) < rule.recall - slack) highest -= 1;
  refuseImpossible(rule, sums, highest);
  let [next, from] = [highest, highest];
  for (;;) {
    const to = withoutFurtherAccusation(sums, next);
    from = Math.min(from, to);
    while (from > 0 && shareBetween(sums.all, from - 1, to) <= rule.unclear + slack) from -= 1;
    if (shareBetween(sums.scams, 0, from) <= (rule.missed ?? 1) + slack) {
      return { notScamBelow: from / step, scamFrom: to / step };
    }
    next = to - 1;
  }
}

/**
 * What thresholds set by shares reach on the cases they were set on, where that is more than the rule allows; else null.
 * Scores are float32 and round to 1 from log odds of about 17: no threshold lies above those.
 */
export function beyondLimits(
  rule: ThresholdRule,
  { notScamBelow, scamFrom }: Thresholds,
  cases: readonly ThresholdCase[] | RankedCases,
): ReachedShares | null {
  if (rule.by !== 'shares') return null;
  const { scams, genuine } = belowOf(ranked(cases));
  const missed = shareBetween(scams, 0, Math.round(notScamBelow * step));
  const wrongAccusation = shareBetween(genuine, Math.round(scamFrom * step));
  const kept = missed <= rule.missed + slack && wrongAccusation <= rule.wrongAccusation + slack;
  return kept ? null : { missed, wrongAccusation };
}

/**
 * Thresholds of four decimals by a rule, on calibrated scores of cases the model has not learned from. Cases of weight 0
 * are left out. Throws BAD_INPUT unless both classes are there, and when the limits of a rule exclude each other; the
 * sentence then says what could be had.
 */
export function thresholdsBy(rule: ThresholdRule, cases: readonly ThresholdCase[] | RankedCases): Thresholds {
  const used = ranked(cases);
  checkCases(used);
  switch (rule.by) {
    case 'shares':
      return thresholdsFromScores(used, rule);
    case 'costs':
      return byCosts(rule, used);
    case 'recall':
      return byRecall(rule, used);
  }
}
