import { verdictOf, verdictSchema, type Thresholds, type Verdict } from '../../shared/domain/verdict.ts';
import type { JudgedCases } from './cases.ts';
import { shareOf, type Share } from './shares.ts';

/** Shares of verdicts, by the names figures carry. They are always given together. */
export const verdictShareNames = [
  'recall',
  'missed',
  'unclear_scams',
  'wrong_accusation',
  'unclear_genuine',
  'unclear',
] as const;
export type VerdictShareName = (typeof verdictShareNames)[number];

/** Whether a case counts towards a share at all, and whether it is a hit. */
interface VerdictShareRule {
  readonly among: (i: number) => boolean;
  readonly hit: (i: number) => boolean;
}

export type VerdictShareRules = Readonly<Record<VerdictShareName, VerdictShareRule>>;

/** Thresholds of each case where they are not the same for all; null: none, the case has no verdict. */
export type ThresholdsOf = (i: number) => Thresholds | null;

const order: readonly Verdict[] = verdictSchema.options;
const noVerdict = order.length;

/** What each share of verdicts is a share of; cases without a verdict are in none. Verdicts are found once, here. */
export function verdictShareRules(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  thresholds: Thresholds | ThresholdsOf,
): VerdictShareRules {
  const thresholdsAt = typeof thresholds === 'function' ? thresholds : () => thresholds;
  const verdicts = Uint8Array.from({ length: scores.length }, (_, i) => {
    const own = thresholdsAt(i);
    return own === null ? noVerdict : order.indexOf(verdictOf(scores[i]!, own));
  });
  const judged = (i: number): boolean => verdicts[i] !== noVerdict;
  const scam = (i: number): boolean => labels[i] === 1 && judged(i);
  const genuine = (i: number): boolean => labels[i] !== 1 && judged(i);
  const is = (verdict: Verdict): ((i: number) => boolean) => {
    const wanted = order.indexOf(verdict);
    return (i) => verdicts[i] === wanted;
  };
  return {
    recall: { among: scam, hit: is('scam') },
    missed: { among: scam, hit: is('not_scam') },
    unclear_scams: { among: scam, hit: is('unclear') },
    wrong_accusation: { among: genuine, hit: is('scam') },
    unclear_genuine: { among: genuine, hit: is('unclear') },
    unclear: { among: judged, hit: is('unclear') },
  };
}

/** Shares of verdicts among the given cases; `rows` lists those of one group side by side. */
export function verdictShares(
  cases: JudgedCases,
  rules: VerdictShareRules,
  rows: Uint32Array = cases.groups.order,
): Record<VerdictShareName, Share> {
  const share = (name: VerdictShareName): Share => shareOf(cases, rows, rules[name].among, rules[name].hit);
  return {
    recall: share('recall'),
    missed: share('missed'),
    unclear_scams: share('unclear_scams'),
    wrong_accusation: share('wrong_accusation'),
    unclear_genuine: share('unclear_genuine'),
    unclear: share('unclear'),
  };
}
