import { gateLimits, verdictCosts } from '../../shared/releases/gates.ts';
import type { SliceOptions } from './slices.ts';

/** Counts and margins of the gates: what judges a candidate judges a slice and a comparison too. */
const { scamsNeeded, genuineNeeded, margin } = gateLimits;

/** Smallest number of cases each share is judged on; that of the unclear goes by all cases, as the gates count them. */
export const casesNeeded = { missed: scamsNeeded, wrong_accusation: genuineNeeded, unclear: scamsNeeded } as const;

/** Slices are judged at the usual 5 %, with thirty levels of an attribute at most. */
export const defaultSliceOptions: SliceOptions = { margin, level: 0.05, needed: casesNeeded, mostLevels: 30 };

/**
 * Resamples unless a number is asked for: 1,000, as Efron & Tibshirani (1993, ch. 13) ask of percentile intervals; fewer,
 * down to 200, for so many cases that each resample says almost the same.
 */
export function defaultRepeats(rows: number): number {
  return Math.min(1000, Math.max(200, Math.floor(2e8 / Math.max(1, rows))));
}

export const defaultMargin = margin;

export const defaultCosts = verdictCosts;
