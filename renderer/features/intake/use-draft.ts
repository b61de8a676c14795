import { useEffect, useRef, useState } from 'react';
import type { CaseView } from '../../../shared/contract/views.ts';
import { localDate } from '../../language/format.ts';
import { problemOf, type Problem } from '../../transport/problem.ts';
import { useServices } from '../../hooks/services.ts';
import type { DraftKey, WrittenDraft } from '../../stores/drafts.ts';
import { draftOf, emptyDraft, keptContentSchema, type Draft } from './draft.ts';
import { movedAnswers, type KeptContent } from './moved-answers.ts';

export interface Drafting {
  readonly key: DraftKey;
  readonly draft: Draft;
  /** The case as the form was filled from it; of a new case an untouched form. */
  readonly original: Draft;
  /** Answers of the draft that the form does not ask any more. */
  readonly left: KeptContent['left'];
  /** The id a new case will have. */
  readonly id: string;
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
  /** Takes no change until `work` has ended: what is typed while the form is being saved would be in no case. */
  readonly during: <T>(work: () => Promise<T>) => Promise<T>;
  /** Forgets the draft that was just saved: the backend removed it already. */
  readonly saved: () => void;
}

type Written = Pick<Drafting, 'id' | 'draft' | 'original' | 'left' | 'base' | 'touched' | 'keptAt'>;

function untouched(editing: CaseView | null, today: string, id: string): Written {
  const fresh = editing === null ? emptyDraft(today) : draftOf(editing);
  return { id, draft: fresh, original: fresh, left: [], base: editing?.version ?? null, touched: false, keptAt: null };
}

/** The form as it was left, or null when nothing of it is kept. */
function asLeft(kept: WrittenDraft | null, id: string): Written | null {
  const content = keptContentSchema.safeParse(kept?.content);
  if (kept === null || !content.success) return null;
  const keptAt = kept.savedAt === null ? null : Date.parse(kept.savedAt);
  const now = movedAnswers(content.data, kept.asked ?? null);
  return { ...now, id: now.id ?? id, base: kept.base, touched: true, keptAt };
}

/**
 * The draft behind the form, kept in the encrypted database while it is written: of a new case one for each person, of an
 * edit one for each person and case. `kept` is what was kept when the form was opened, `schema` the hash of the form.
 */
export function useDraft(editing: CaseView | null, schema: string, key: DraftKey, kept: WrittenDraft | null): Drafting {
  const { clock, drafts, newId } = useServices();
  const fresh = (): Written => untouched(editing, localDate(clock()), newId());
  const [is, setWritten] = useState<Written>(() => asLeft(kept, newId()) ?? fresh());
  const [problem, setProblem] = useState<Problem | null>(null);
  const newest = useRef<Written>(is);
  const held = useRef(false);
  const show = (next: Written): void => {
    newest.current = next;
    setWritten(next);
  };
  useEffect(() => () => void drafts.flush(), [drafts]);
  const keep = (next: Written): void => {
    show({ ...next, keptAt: null });
    const { id, draft, original, left, base } = next;
    drafts.put({
      key,
      base,
      schema,
      content: { id, draft, original, left } as never,
      ...(editing === null ? { becomes: id } : {}),
      onKept: (savedAt) => {
        setProblem(null);
        // What was typed meanwhile is on its way itself.
        if (newest.current.draft === draft) show({ ...next, keptAt: Date.parse(savedAt) });
      },
      onFailed: (error) => setProblem(problemOf(error)),
    });
  };
  return {
    ...is,
    key,
    problem,
    set: (change) => {
      if (!held.current) keep({ ...is, draft: { ...newest.current.draft, ...change }, touched: true });
    },
    rebase: (view, draft) =>
      keep({ ...is, draft, original: draftOf(view), base: view.version, touched: true, keptAt: null }),
    discard: () => {
      show(fresh());
      void drafts.discard(key).catch((error: unknown) => setProblem(problemOf(error)));
    },
    during: async (work) => {
      held.current = true;
      try {
        return await work();
      } finally {
        held.current = false;
      }
    },
    saved: () => show(fresh()),
  };
}
