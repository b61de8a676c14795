import { verdictOf, type Thresholds, type Verdict } from '../domain/verdict.ts';
import { clopperPearson, type Interval } from './binomial.ts';
import type { Scored } from './scores.ts';

/** Cases by label and verdict. */
export type Counts = Readonly<Record<'scams' | 'genuine', Readonly<Record<Verdict, number>>>>;

/**
 * The figures two thresholds give, always shown together: none of them means anything alone. Each with its exact 95 %
 * interval; NaN values where there is no case.
 */
export interface Rates {
  readonly counts: Counts;
  /** Share of scams with verdict scam. */
  readonly recall: Interval;
  /** Share of scams with verdict not_scam. */
  readonly missed: Interval;
  /** Share of scams with verdict unclear. */
  readonly unclearScams: Interval;
  /** Share of genuine providers with verdict scam. */
  readonly wrongAccusation: Interval;
  /** Share of all cases with verdict unclear. */
  readonly unclear: Interval;
}

/** Counts labelled cases by verdict. Weights are not used: these are counts of cases. */
export function countVerdicts(data: Scored, thresholds: Thresholds): Counts {
  const counts = { scams: { scam: 0, unclear: 0, not_scam: 0 }, genuine: { scam: 0, unclear: 0, not_scam: 0 } };
  for (let i = 0; i < data.scores.length; i++) {
    counts[data.labels[i] === 1 ? 'scams' : 'genuine'][verdictOf(data.scores[i]!, thresholds)] += 1;
  }
  return counts;
}

/** Recall with missed and unclear shares and the share of genuine providers called scam. */
export function ratesOf(counts: Counts, level = 0.95): Rates {
  const { scams, genuine } = counts;
  const scamTotal = scams.scam + scams.unclear + scams.not_scam;
  const genuineTotal = genuine.scam + genuine.unclear + genuine.not_scam;
  return {
    counts,
    recall: clopperPearson(scams.scam, scamTotal, level),
    missed: clopperPearson(scams.not_scam, scamTotal, level),
    unclearScams: clopperPearson(scams.unclear, scamTotal, level),
    wrongAccusation: clopperPearson(genuine.scam, genuineTotal, level),
    unclear: clopperPearson(scams.unclear + genuine.unclear, scamTotal + genuineTotal, level),
  };
}
