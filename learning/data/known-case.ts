import { z } from 'zod';
import type { Facts } from '../../shared/domain/facts.ts';
import { labelOf, type Outcome } from '../../shared/domain/verdict.ts';
import type { PublicPayload } from '../../shared/log/payloads.ts';

/** A case as the centre knows it. `scored` is the first score, which is never rewritten. */
export interface KnownCase {
  readonly id: string;
  /** `historical`: came to a laptop with its outcome, for training only. */
  readonly source: 'feedback' | 'historical' | 'dataset';
  readonly office: string;
  /** Plain date. */
  readonly received: string;
  /** Equal for cases about one event: as a file named it, or the first case with the same reference at the office. */
  readonly incident: string | null;
  /** Equal for cases of one scammer, where a file says so. */
  readonly scammer: string | null;
  readonly urgent: boolean;
  readonly facts: Facts;
  readonly tactics: readonly string[];
  readonly scored: PublicPayload<'case.scored'> | null;
  readonly outcome: Outcome | null;
  readonly outcomeAt: string | null;
}

/** Where a case comes from. */
export const sourceSchema = z.enum(['feedback', 'historical', 'dataset']);
/** Label for learning, null when the outcome is missing or says neither. */
export function labelOfCase(known: KnownCase): 0 | 1 | null {
  return known.outcome === null ? null : labelOf(known.outcome);
}

/**
 * 1 / probability that a case of this kind was looked at: scam and unclear verdicts are taken to be all worked,
 * not_scam verdicts only when the audit drew them. Null for a case whose outcome is known although nothing drew it: it
 * says nothing about those like it (Horvitz & Thompson 1952 weights need a known probability).
 */
export function lookWeight(known: KnownCase): number | null {
  const scored = known.scored;
  if (scored === null) return known.source === 'feedback' ? null : 1;
  if (scored.verdict !== 'not_scam') return 1;
  return scored.audit.drawn && scored.audit.probability > 0 ? 1 / scored.audit.probability : null;
}
