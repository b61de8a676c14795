import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Draft } from '../features/intake/draft.ts';

/** The intake being written; it outlives changes of page, and is never stored outside of the vault. */
export interface DraftStore {
  readonly draft: Draft | null;
  /** Milliseconds since the epoch of the last change; null when nothing was entered yet. */
  readonly changedAt: number | null;
  put(draft: Draft, changedAt: number): void;
  discard(): void;
}

/** Creates the store of the one intake being written. */
export function createDraftStore(): StoreApi<DraftStore> {
  return createStore<DraftStore>((set) => ({
    draft: null,
    changedAt: null,
    put: (draft, changedAt) => set({ draft, changedAt }),
    discard: () => set({ draft: null, changedAt: null }),
  }));
}
