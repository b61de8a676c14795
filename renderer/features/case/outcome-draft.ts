import { useEffect, useEffectEvent, useMemo, useRef, useState } from 'react';
import { z } from 'zod';
import type { CaseView } from '../../../shared/contract/views.ts';
import {
  inconclusiveReasonSchema,
  outcomeSchema,
  type InconclusiveReason,
  type Outcome,
} from '../../../shared/domain/verdict.ts';
import { useFresh, useServices } from '../../hooks/services.ts';
import type { DraftKey, WrittenDraft } from '../../stores/drafts.ts';
import { problemOf, type Problem } from '../../transport/problem.ts';

/** An outcome as it is being chosen. */
export interface Choice {
  readonly outcome: Outcome | null;
  readonly reason: InconclusiveReason | null;
  readonly note: string;
}

const choiceSchema = z.strictObject({
  outcome: outcomeSchema.nullable(),
  reason: inconclusiveReasonSchema.nullable(),
  note: z.string(),
});
/** Nothing chosen. */
export const blank: Choice = { outcome: null, reason: null, note: '' };

/** Entry that holds the outcome as recorded; null when there is none. */
function outcomeVersion(view: CaseView): string | null {
  return view.timeline.findLast(({ type }) => type === 'case.outcome')?.id ?? null;
}

/**
 * Outcome a choice is saved on: the one it was begun on. A newer one came by itself, perhaps unseen; only who says to
 * replace it saves on that one.
 */
export function savedOn(
  begunOn: string | null | undefined,
  recorded: string | null,
  replacing: boolean,
): string | null {
  return begunOn === undefined || replacing ? recorded : begunOn;
}

/** The choice of a case as the person at the laptop left it, kept as they go on. */
export function useKeptChoice(view: CaseView, person: string | null) {
  const { drafts } = useServices();
  const subject = view.row.id;
  const version = outcomeVersion(view);
  const key = useMemo<DraftKey>(() => ({ person, form: 'outcome', subject }), [person, subject]);
  const kept = useFresh(['draft', person ?? '', key.form, subject], () => drafts.read(key));
  /** Null until what was kept has been read. */
  const [choice, show] = useState<Choice | null>(null);
  /** Outcome on which the choice was begun; undefined while nothing was entered. */
  const [base, setBase] = useState<string | null | undefined>(undefined);
  /** Outcome that is being changed, while nothing was entered yet. */
  const [changed, setChanged] = useState<string | null | undefined>(undefined);
  const begunOn = base === undefined ? changed : base;
  const [problem, setProblem] = useState<Problem | null>(null);
  /** What was chosen before what was kept had been read. */
  const early = useRef<Partial<Choice>>({});
  const failed = (error: unknown): void => setProblem(problemOf(error));
  const keep = (content: Choice, on: string | null): void => {
    show(content);
    setBase(on);
    drafts.put({ key, base: on, content: { ...content }, onKept: () => setProblem(null), onFailed: failed });
  };
  const clear = (): void => {
    show(blank);
    setBase(undefined);
    setChanged(undefined);
  };
  const arrived = useEffectEvent((written: WrittenDraft | null) => {
    const left = choiceSchema.safeParse(written?.content).data;
    const next = { ...(left ?? choice ?? blank), ...early.current };
    if (Object.keys(early.current).length > 0) keep(next, written?.base ?? version);
    else show(next);
    if (left !== undefined) setBase(written?.base ?? null);
    early.current = {};
  });
  useEffect(() => {
    if (kept.data !== undefined) arrived(kept.data);
  }, [kept.data]);
  useEffect(() => () => void drafts.flush(), [drafts]);
  return {
    key,
    choice: choice ?? blank,
    read: choice !== null,
    problem: problem ?? kept.problem,
    /** Something was entered and not saved. */
    entered: base !== undefined,
    /** The outcome was recorded after that was begun. */
    overtaken: begunOn !== undefined && begunOn !== version,
    /** Outcome it is saved on; `replacing` when the person saw a newer one and put theirs in its place. */
    savedOn: (replacing: boolean) => savedOn(begunOn, version, replacing),
    /** Shows the recorded choice, to be changed; it is nobody's draft yet. */
    begin: (recorded: Choice) => {
      show(recorded);
      setChanged(version);
    },
    set: (change: Partial<Choice>) => {
      if (choice === null) early.current = { ...early.current, ...change };
      else keep({ ...choice, ...change }, begunOn === undefined ? version : begunOn);
    },
    discard: () => {
      clear();
      void drafts.discard(key).catch(failed);
    },
    saved: clear,
  };
}
