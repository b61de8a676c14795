import type { SyncStore } from '../store/sync.ts';

/** What the registry points out about a case, with the case's reference in front, which only this laptop knows. */
export function noticeSentence(store: SyncStore, notice: { readonly case: string; readonly sentence: string }): string {
  const reference = store.referenceOf(notice.case);
  return reference === null || reference === '' ? notice.sentence : `${reference}: ${notice.sentence}`;
}

/** Milliseconds a laptop's clock may be off before people are told. */
const toleratedMs = 10 * 60_000;

/** Says how far this laptop's clock is off the registry's, or null when that is tolerable. `offsetMs` is registry minus laptop. */
export function clockSentence(offsetMs: number | null): string | null {
  if (offsetMs === null || Math.abs(offsetMs) <= toleratedMs) return null;
  const minutes = Math.round(Math.abs(offsetMs) / 60_000);
  const amount =
    minutes < 120
      ? `${minutes} minutes`
      : minutes < 2880
        ? `${Math.round(minutes / 60)} hours`
        : `${Math.round(minutes / 1440)} days`;
  return `The clock of this laptop is ${amount} ${offsetMs > 0 ? 'behind' : 'ahead of'} the registry's. Set it right: times on entries and the age of releases depend on it.`;
}
