import { OutpostError } from '../../shared/errors/index.ts';
import { sentence } from '../../shared/language/sentence.ts';

/** Thresholds have four decimals: they are k / `step`. */
export const step = 10_000;

/** A case thresholds are set on: its label, its calibrated out-of-fold score, and how many cases it stands for. */
export interface ThresholdCase {
  readonly label: 0 | 1;
  readonly score: number;
  readonly weight: number;
}

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
export function checkCases(cases: readonly ThresholdCase[]): void {
  if (!cases.every((c) => c.score >= 0 && c.score <= 1 && c.weight > 0 && c.weight < Infinity)) {
    throw new OutpostError('BAD_INPUT', sentence('thresholds.thresholds_need_scores_between_0_1'));
  }
  if (!cases.some((c) => c.label === 1) || !cases.some((c) => c.label === 0)) {
    throw new OutpostError('BAD_INPUT', sentence('thresholds.thresholds_need_scores_both_confirmed_scams'));
  }
}

/** The sums over some cases. */
export function belowOf(cases: readonly ThresholdCase[]): Below {
  const sums = (): Float64Array => new Float64Array(step + 2);
  const below: Below = {
    scams: sums(),
    genuine: sums(),
    all: sums(),
    expectedScams: sums(),
    expectedGenuine: sums(),
  };
  // In an order of their own, so that rounding does not depend on that of the rows.
  for (const { label, score, weight } of cases.toSorted((a, b) => a.score - b.score || a.weight - b.weight)) {
    const at = cellOf(score) + 1;
    below[label === 1 ? 'scams' : 'genuine'][at]! += weight;
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
