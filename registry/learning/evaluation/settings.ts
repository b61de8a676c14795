import { gateLimits, verdictCosts } from '../../../shared/releases/gates.ts';
import type { SliceOptions } from './slices.ts';

/** Counts and margins of the gates: what judges a candidate judges a slice and a comparison too. */
const { scamsNeeded, genuineNeeded, margin } = gateLimits;

/** Smallest number of cases each share is judged on; that of the unclear goes by all cases, as the gates count them. */
export const casesNeeded = { missed: scamsNeeded, wrong_accusation: genuineNeeded, unclear: scamsNeeded } as const;

/** Slices are judged at the usual 5 %, with thirty levels of an attribute at most. */
export const defaultSliceOptions: SliceOptions = { margin, level: 0.05, needed: casesNeeded, mostLevels: 30 };

/** 1,000 resamples, as Efron & Tibshirani (1993, ch. 13) ask of percentile intervals. */
export const defaultRepeats = 1000;

export const defaultMargin = margin;

export const defaultCosts = verdictCosts;
