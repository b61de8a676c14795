import type { OutcomeMeaning } from '../../../shared/case-import/mapping.ts';
import type { InconclusiveReason, Outcome } from '../../../shared/domain/verdict.ts';

/** An outcome and, for an inconclusive one, its reason, from what a mapping says a cell means. */
export function labelledOutcome(meaning: OutcomeMeaning): {
  outcome: Outcome;
  reason: InconclusiveReason | null;
} {
  return typeof meaning === 'string'
    ? { outcome: meaning, reason: null }
    : { outcome: 'inconclusive', reason: meaning.inconclusive };
}
