import { z } from 'zod';
import { saying } from '../errors/issues.ts';
import { sentence } from '../language/sentence.ts';

export const verdictSchema = z.enum(['scam', 'unclear', 'not_scam']);
export type Verdict = z.infer<typeof verdictSchema>;

export const outcomeSchema = z.enum(['confirmed_scam', 'genuine_provider', 'inconclusive']);
export type Outcome = z.infer<typeof outcomeSchema>;

export const inconclusiveReasonSchema = z.enum([
  'resident_unreachable',
  'no_evidence',
  'provider_unreachable',
  'withdrawn',
  'other',
]);
export type InconclusiveReason = z.infer<typeof inconclusiveReasonSchema>;

/** Two thresholds on the score: below `notScamBelow` not_scam, from `scamFrom` on scam, between them unclear. */
export const thresholdsSchema = z
  .strictObject({ notScamBelow: z.number().min(0).max(1), scamFrom: z.number().min(0).max(1) })
  .refine((t) => t.notScamBelow <= t.scamFrom, saying(sentence('domain.thresholds_crossed')));
export type Thresholds = z.infer<typeof thresholdsSchema>;

/** Verdict of a score (probability of scam, 0 to 1). */
export function verdictOf(score: number, thresholds: Thresholds): Verdict {
  if (score < thresholds.notScamBelow) return 'not_scam';
  return score >= thresholds.scamFrom ? 'scam' : 'unclear';
}

/** Label for learning: 1 scam, 0 genuine provider, null when the outcome says neither. */
export function labelOf(outcome: Outcome): 0 | 1 | null {
  if (outcome === 'inconclusive') return null;
  return outcome === 'confirmed_scam' ? 1 : 0;
}
