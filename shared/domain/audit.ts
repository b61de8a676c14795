import type { OutsideReason } from './outside-reasons.ts';
import type { Thresholds, Verdict } from './verdict.ts';

/** Part of the cases a draw for the audit slice is made in. */
export type Stratum = 'not_scam' | 'near_threshold' | 'outside' | 'unclear' | 'scam';

/** How close below the lower threshold a `not_scam` score counts as near it. */
const nearThreshold = 0.1;

/**
 * Chance of being drawn for a check, by stratum; stored with each draw. The floor is 5 %. Of the `not_scam` cases, about
 * one in five of all, twice that is drawn: a visit in fifty, and half the time until a change shows.
 */
export const auditProbability: Readonly<Record<Stratum, number>> = {
  not_scam: 0.1,
  near_threshold: 0.4,
  outside: 0.5,
  unclear: 0.05,
  scam: 0.05,
};

/** Strata in which a confirmed scam is a missed one. */
export const missedStrata = ['not_scam', 'near_threshold', 'outside'] as const satisfies readonly Stratum[];
export type MissedStratum = (typeof missedStrata)[number];

/** Stratum of a first score: `not_scam` cases are divided by being outside what the model knows, then by closeness. */
export function stratumOf(
  first: { readonly score: number; readonly verdict: Verdict; readonly outside: readonly OutsideReason[] },
  thresholds: Thresholds,
): Stratum {
  if (first.verdict !== 'not_scam') return first.verdict;
  if (first.outside.length > 0) return 'outside';
  return first.score >= thresholds.notScamBelow - nearThreshold ? 'near_threshold' : 'not_scam';
}
