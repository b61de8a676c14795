import { useEffect, useEffectEvent, useMemo, useRef, useState } from 'react';
import type { CaseView } from '../../../shared/contract/views.ts';
import { localDate } from '../../format.ts';
import { problemOf, type Problem } from '../../problem.ts';
import { useServices } from '../../services.ts';
import type { DraftKey } from '../../stores/drafts.ts';
import { draftOf, emptyDraft, keptContentSchema, type Draft } from './draft.ts';

export interface Drafting {
  readonly draft: Draft;
  /** The case as the form was filled from it; of a new case an untouched form. */
  readonly original: Draft;
  /** Entry the edit is made on; null for a new case. */
  readonly base: string | null;
  /** True when something was entered that is not saved as a case yet. */
  readonly touched: boolean;
  /** When the draft was last kept, in milliseconds since the epoch; null while it is not. */
  readonly keptAt: number | null;
  /** Why it could not be kept. */
  readonly problem: Problem | null;
  readonly set: (change: Partial<Draft>) => void;
  /** Goes on from a newer version of the case, with what the person chose of both. */
  readonly rebase: (view: CaseView, draft: Draft) => void;
  readonly discard: () => void;
  /** Forgets the draft that was just saved: the backend removed it already. */
  readonly saved: () => void;
}

interface Written {
  readonly draft: Draft;
  readonly original: Draft;
  readonly base: string | null;
  readonly touched: boolean;
  readonly keptAt: number | null;
}

/**
 * The draft behind the form, kept in the encrypted database while it is written: of a new case one for each person, of an
 * edit one for each person and case. Null until what is kept has been read.
 */
export function useDraft(editing: CaseView | null, person: string | null): Drafting | null {
  const { clock, drafts } = useServices();
  const subject = editing?.row.id ?? null;
  const key = useMemo<DraftKey>(
    () => ({ person, form: subject === null ? 'new_case' : 'edit_case', subject }),
    [person, subject],
  );
  const [written, setWritten] = useState<{ readonly key: DraftKey; readonly is: Written } | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const newest = useRef<Written | null>(null);
  const untouched = (): Written => {
    const fresh = editing === null ? emptyDraft(localDate(clock())) : draftOf(editing);
    return { draft: fresh, original: fresh, base: editing?.version ?? null, touched: false, keptAt: null };
  };
  const show = (is: Written): void => {
    newest.current = is;
    setWritten({ key, is });
  };
  const load = useEffectEvent(async (): Promise<Written> => {
    const kept = await drafts.read(key);
    const content = kept === null ? undefined : keptContentSchema.safeParse(kept.content).data;
    if (kept === null || content === undefined) return untouched();
    return { ...content, base: kept.base, touched: true, keptAt: Date.parse(kept.savedAt) };
  });
  const arrived = useEffectEvent(show);
  const failed = useEffectEvent((error: unknown) => {
    setProblem(problemOf(error));
    show(untouched());
  });
  useEffect(() => {
    let current = true;
    load().then(
      (is) => current && arrived(is),
      (error: unknown) => current && failed(error),
    );
    return () => {
      current = false;
      void drafts.flush();
    };
  }, [drafts, key]);
  if (written === null || written.key !== key) return null;
  const keep = (is: Written): void => {
    show({ ...is, keptAt: null });
    const { draft, original, base } = is;
    drafts.put({
      key,
      base,
      content: { draft, original } as never,
      onKept: (savedAt) => {
        setProblem(null);
        // What was typed meanwhile is on its way itself.
        if (newest.current?.draft === draft) show({ ...is, keptAt: Date.parse(savedAt) });
      },
      onFailed: (error) => setProblem(problemOf(error)),
    });
  };
  const { is } = written;
  return {
    ...is,
    problem,
    set: (change) => keep({ ...is, draft: { ...(newest.current ?? is).draft, ...change }, touched: true }),
    rebase: (view, draft) => keep({ draft, original: draftOf(view), base: view.version, touched: true, keptAt: null }),
    discard: () => {
      show(untouched());
      void drafts.discard(key).catch((error: unknown) => setProblem(problemOf(error)));
    },
    saved: () => {
      drafts.saved(key);
      show(untouched());
    },
  };
}
