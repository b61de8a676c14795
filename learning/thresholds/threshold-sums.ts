import { OutpostError } from '../../shared/errors/index.ts';
import type { RankedCases } from './ranked-cases.ts';
import { sentence } from '../../shared/language/sentence.ts';

/** Thresholds have four decimals: they are k / `step`. */
export const step = 10_000;

/** Room for rounding in sums of weights, as a share. */
export const slack = 1e-12;

/**
 * Sums over the cases with scores below k / 10 000, for k from 0 to 10 001 (all of them): of weights by label, and of
 * the weights of scams and of genuine cases that are to be expected by the scores.
 */
export interface Below {
  readonly scams: Float64Array;
  readonly genuine: Float64Array;
  readonly all: Float64Array;
  readonly expectedScams: Float64Array;
  readonly expectedGenuine: Float64Array;
}

/** Largest k with k / 10 000 not above the score, in exactly the comparison that verdicts make. */
function cellOf(score: number): number {
  const k = Math.floor(score * step);
  if ((k + 1) / step <= score) return k + 1;
  return k / step > score ? k - 1 : k;
}

/** Throws BAD_INPUT for scores that are no probabilities, weights that are not above 0, and unless both classes are there. */
export function checkCases({ labels, scores, weights }: RankedCases): void {
  const isGood = (i: number): boolean =>
    scores[i]! >= 0 && scores[i]! <= 1 && weights[i]! > 0 && weights[i]! < Infinity;
  for (let i = 0; i < scores.length; i++) {
    if (!isGood(i)) throw new OutpostError('BAD_INPUT', sentence('thresholds.thresholds_need_scores_between_0_1'));
  }
  if (!labels.includes(1) || !labels.includes(0)) {
    throw new OutpostError('BAD_INPUT', sentence('thresholds.thresholds_need_scores_both_confirmed_scams'));
  }
}

/** Places by score, then weight: an order of their own, so that rounding does not depend on that of the rows. */
function byScoreAndWeight({ scores, weights }: RankedCases): Uint32Array {
  const order = new Uint32Array(scores.length);
  let isRising = true;
  for (let i = 0; i < order.length; i++) {
    order[i] = i;
    isRising &&= i === 0 || scores[i - 1]! < scores[i]! || weights[i - 1]! <= weights[i]!;
  }
  return isRising ? order : order.sort((a, b) => scores[a]! - scores[b]! || weights[a]! - weights[b]!);
}

/** The sums over some cases. */
export function belowOf(cases: RankedCases): Below {
  const { labels, scores, weights } = cases;
  const sums = (): Float64Array => new Float64Array(step + 2);
  const below: Below = {
    scams: sums(),
    genuine: sums(),
    all: sums(),
    expectedScams: sums(),
    expectedGenuine: sums(),
  };
  for (const i of byScoreAndWeight(cases)) {
    const [score, weight] = [scores[i]!, weights[i]!];
    const at = cellOf(score) + 1;
    below[labels[i] === 1 ? 'scams' : 'genuine'][at]! += weight;
    below.all[at]! += weight;
    below.expectedScams[at]! += weight * score;
    below.expectedGenuine[at]! += weight * (1 - score);
  }
  for (const list of Object.values<Float64Array>({ ...below })) {
    for (let k = 1; k < list.length; k++) list[k]! += list[k - 1]!;
  }
  return below;
}

/** Share of the weight between thresholds `from` and `to`, counted in steps. */
export function shareBetween(sums: Float64Array, from: number, to = step + 1): number {
  return (sums[to]! - sums[from]!) / sums[step + 1]!;
}
