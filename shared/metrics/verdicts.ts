import { verdictOf, type Thresholds, type Verdict } from '../domain/verdict.ts';
import type { Scored } from './scores.ts';

/**
 * What two thresholds make of labelled cases, as shares by weight. They belong together: a recall says nothing without
 * the genuine providers called scam and the cases left unclear that it cost.
 */
export interface VerdictRates {
  /** Of the scams: called scam, left unclear, called not scam. They add up to 1. */
  readonly recall: number;
  readonly unclearScams: number;
  readonly missed: number;
  /** Of the genuine providers: called scam, and left unclear. */
  readonly wrongAccusation: number;
  readonly unclearGenuine: number;
  /** Of all cases: left unclear. */
  readonly unclear: number;
}

/** What wrong verdicts cost, in one unit (visits): a scam called not scam, a genuine provider called scam, one left unclear. */
export interface VerdictCosts {
  readonly missed: number;
  readonly accused: number;
  readonly unclear: number;
}

/** Cost of one verdict; a right one costs nothing. */
export function costOf(score: number, label: number, thresholds: Thresholds, costs: VerdictCosts): number {
  const verdict = verdictOf(score, thresholds);
  if (verdict === 'unclear') return costs.unclear;
  if (verdict === 'not_scam') return label === 1 ? costs.missed : 0;
  return label === 1 ? 0 : costs.accused;
}

/** Shares of verdicts by label, weighted. NaN where there is no case of that label. */
export function verdictRates({ labels, scores, weights }: Scored, thresholds: Thresholds): VerdictRates {
  const sums: Record<Verdict, [genuine: number, scams: number]> = { scam: [0, 0], unclear: [0, 0], not_scam: [0, 0] };
  for (let i = 0; i < scores.length; i++) {
    sums[verdictOf(scores[i]!, thresholds)][labels[i] === 1 ? 1 : 0] += weights ? weights[i]! : 1;
  }
  const all = (label: 0 | 1): number => sums.scam[label] + sums.unclear[label] + sums.not_scam[label];
  const share = (part: number, whole: number): number => (whole > 0 ? part / whole : NaN);
  const [genuine, scams] = [all(0), all(1)];
  return {
    recall: share(sums.scam[1], scams),
    unclearScams: share(sums.unclear[1], scams),
    missed: share(sums.not_scam[1], scams),
    wrongAccusation: share(sums.scam[0], genuine),
    unclearGenuine: share(sums.unclear[0], genuine),
    unclear: share(sums.unclear[0] + sums.unclear[1], genuine + scams),
  };
}

/** Mean cost per case of the verdicts, weighted. NaN without cases. */
export function meanVerdictCost(
  { labels, scores, weights }: Scored,
  thresholds: Thresholds,
  costs: VerdictCosts,
): number {
  let [sum, total] = [0, 0];
  for (let i = 0; i < scores.length; i++) {
    const weight = weights ? weights[i]! : 1;
    sum += weight * costOf(scores[i]!, labels[i]!, thresholds, costs);
    total += weight;
  }
  return total > 0 ? sum / total : NaN;
}
