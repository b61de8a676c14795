import { verdictOf, type Thresholds, type Verdict } from '../../shared/domain/verdict.ts';
import { clopperPearson, type Interval } from '../../shared/metrics/index.ts';

/** What two thresholds give on labelled cases (1 scam, 0 genuine), each with its exact 95 % interval. */
export interface Rates {
  /** Share of scams with verdict scam. */
  readonly recall: Interval;
  /** Share of scams with verdict not_scam. */
  readonly missed: Interval;
  /** Share of genuine providers with verdict scam. */
  readonly wrongAccusation: Interval;
}

/** Rates of scored cases under thresholds. */
export function ratesOf(labels: readonly (0 | 1)[], scores: readonly number[], thresholds: Thresholds): Rates {
  const share = (label: 0 | 1, verdict: Verdict): Interval => {
    const own = scores.filter((_, i) => labels[i] === label);
    return clopperPearson(own.filter((score) => verdictOf(score, thresholds) === verdict).length, own.length);
  };
  return { recall: share(1, 'scam'), missed: share(1, 'not_scam'), wrongAccusation: share(0, 'scam') };
}
