import { verdictOf, type Thresholds } from '../domain/verdict.ts';

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
