import { useEffect, useMemo } from 'react';
import { useStore } from 'zustand';
import type { CaseView } from '../../../shared/contract/views.ts';
import { localDate } from '../../format.ts';
import { useServices } from '../../services.ts';
import { createDraftStore } from '../../stores/draft.ts';
import { draftOf, emptyDraft, type Draft } from './draft.ts';

export interface Drafting {
  readonly draft: Draft;
  readonly changedAt: number | null;
  readonly set: (change: Partial<Draft>) => void;
  readonly discard: () => void;
}

/**
 * The draft behind the form: for a new case the window's one draft, which outlives changes of page; for an edit a
 * draft of its own, filled with the case.
 */
export function useDraft(editing: CaseView | null): Drafting {
  const { clock, draft: windowDraft } = useServices();
  const own = useMemo(() => createDraftStore(), []);
  const store = editing === null ? windowDraft : own;
  const kept = useStore(store, (state) => state.draft);
  const changedAt = useStore(store, (state) => state.changedAt);
  const fresh = useMemo(() => (editing === null ? emptyDraft(localDate(clock())) : draftOf(editing)), [editing, clock]);
  const draft = kept ?? fresh;
  useEffect(() => {
    if (changedAt === null) return undefined;
    // Closing the window would lose what is not saved yet: the browser asks.
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [changedAt]);
  return {
    draft,
    changedAt,
    set: (change) => store.getState().put({ ...(store.getState().draft ?? fresh), ...change }, clock()),
    discard: () => store.getState().discard(),
  };
}
