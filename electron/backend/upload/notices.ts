import { sentence, type Sentence } from '../../../shared/language/sentence.ts';
import type { SyncStore } from '../store/sync.ts';

/** What the registry points out about a case, with the case's reference in front, which only this laptop knows. */
export function noticeSentence(
  store: SyncStore,
  notice: { readonly case: string; readonly sentence: Sentence },
): Sentence {
  const reference = store.referenceOf(notice.case);
  return reference === null || reference === ''
    ? notice.sentence
    : sentence('sync.notice_of_case', { reference, notice: notice.sentence });
}

/** Milliseconds a laptop's clock may be off before people are warned. */
const toleratedMs = 10 * 60_000;

/** Says how far this laptop's clock is off the registry's, or null when that is tolerable. `offsetMs` is registry minus laptop. */
export function clockSentence(offsetMs: number | null): Sentence | null {
  if (offsetMs === null || Math.abs(offsetMs) <= toleratedMs) return null;
  const minutes = Math.round(Math.abs(offsetMs) / 60_000);
  const [unit, n] =
    minutes < 120
      ? (['minutes', minutes] as const)
      : minutes < 2880
        ? (['hours', Math.round(minutes / 60)] as const)
        : (['days', Math.round(minutes / 1440)] as const);
  return sentence('sync.clock_off', { unit, n, direction: offsetMs > 0 ? 'behind' : 'ahead' });
}
