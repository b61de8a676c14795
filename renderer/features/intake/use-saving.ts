import { useRef, useState } from 'react';
import type { CaseView, Intake } from '../../../shared/contract/views.ts';
import { sentence, type Sentence } from '../../../shared/language/sentence.ts';
import { localDate } from '../../language/format.ts';
import type { Client } from '../../transport/client.ts';
import { problemOf } from '../../transport/problem.ts';
import { go } from '../../hooks/router.ts';
import { useAction, useServices } from '../../hooks/services.ts';
import { refusedEntry, toIntake, indicatorKinds, type Draft, type Problems } from './draft.ts';
import type { FormData } from './fields-frame.tsx';
import type { Drafting } from './use-draft.ts';

/** Takes the focus to the first entry with a message, in the order of the page, and both into sight. */
function focusFirstProblem(form: HTMLFormElement | null): void {
  requestAnimationFrame(() => {
    const entry = form?.querySelector<HTMLElement>('[aria-invalid="true"]');
    entry?.focus();
    entry?.closest('.field')?.scrollIntoView({ block: 'nearest' });
  });
}

/** What is said at a refused entry: for indicators in the form's words, else as the backend put it. */
function refusedText(entry: string, why: Sentence): Sentence {
  const kind = indicatorKinds.find((one) => entry.startsWith(`${one}.`));
  return kind === undefined ? why : sentence(`window_intake.unreadable_${kind}`);
}

/** The case as it is saved now, when an edit that was left half done was begun on an older version of it. */
function changedSince(editing: CaseView | null, drafting: Drafting): CaseView | null {
  return drafting.touched && drafting.base !== (editing?.version ?? null) ? editing : null;
}

interface SavedCase {
  readonly id: string;
  readonly reference: string;
}

interface Place {
  readonly client: Client;
  readonly editing: CaseView | null;
  /** The id a new case will have. */
  readonly id: string;
  readonly setConflict: (now: CaseView) => void;
}

/** Sends what was entered; null when somebody else saved the case meanwhile, so that there is something to choose. */
async function stored(place: Place, intake: Intake, base: string | null): Promise<SavedCase | null> {
  const { client, editing } = place;
  if (editing === null || base === null) return client.cases.create({ ...intake, id: place.id });
  try {
    await client.cases.edit({ id: editing.row.id, base, intake });
  } catch (error) {
    if (problemOf(error).code !== 'CONFLICT') throw error;
    const now = await client.cases.get({ id: editing.row.id, look: false });
    // Somebody may have another reason to refuse: then there is nothing to choose between.
    if (now.version === base) throw error;
    place.setConflict(now);
    return null;
  }
  return { id: editing.row.id, reference: editing.row.reference };
}

/** Saves the form: a new case, or an edit made on the newest version of one. */
export function useSaving(editing: CaseView | null, form: FormData, drafting: Drafting) {
  const { client, clock, drafts, queries, view } = useServices();
  const element = useRef<HTMLFormElement>(null);
  const [checked, setChecked] = useState(false);
  const [savedText, setSavedText] = useState<Sentence | null>(null);
  /** The case as somebody else saved it meanwhile, while the person chooses between both. */
  const [conflict, setConflict] = useState<CaseView | null>(() => changedSince(editing, drafting));
  /** True while that is an edit left half done, on which to go on: nobody asked to save yet. */
  const [resumed, setResumed] = useState(conflict !== null);
  const leaveConflict = (): void => {
    setConflict(null);
    setResumed(false);
  };
  const check = toIntake(drafting.draft, form, localDate(clock()));
  const store = ({ intake }: typeof check, base: string | null): Promise<SavedCase | null> =>
    intake === null ? Promise.resolve(null) : stored({ client, editing, id: drafting.id, setConflict }, intake, base);
  const save = useAction(async (next: boolean, merge?: { readonly draft: Draft; readonly base: string }) => {
    const read = merge === undefined ? check : toIntake(merge.draft, form, localDate(clock()));
    const saved = await drafting.during(() =>
      drafts.saving(drafting.key, () => store(read, merge?.base ?? drafting.base)),
    );
    if (saved === null) return;
    setConflict(null);
    setSavedText(sentence('window_intake.saved', { reference: saved.reference }));
    const currency = Object.values(read.intake?.attributes ?? {}).find((value) => typeof value === 'object')?.currency;
    if (currency !== undefined) view.getState().set({ currency });
    view.getState().set({ announcement: sentence('window_intake.saved', { reference: saved.reference }) });
    setChecked(false);
    drafting.saved();
    queries.changed('cases');
    if (!next) {
      view.getState().set({ show: 'open', search: '' });
      go({ page: 'queue', id: saved.id, reading: true });
    } else {
      element.current?.querySelector<HTMLElement>('input[type="radio"]:checked')?.focus();
      element.current?.scrollIntoView();
    }
  });
  const refused = refusedEntry(drafting.draft, form.schema, save.problem?.field);
  const problems: Problems = {
    ...(checked ? check.problems : {}),
    ...(refused === null || save.problem === null ? {} : { [refused]: refusedText(refused, save.problem.sentence) }),
  };
  const submit = (next: boolean): void => {
    setChecked(true);
    if (check.intake === null) focusFirstProblem(element.current);
    else void save.run(next).then((saved) => !saved && focusFirstProblem(element.current));
  };
  const goOnWith = (now: CaseView, draft: Draft): void => {
    drafting.rebase(now, draft);
    // Entries of both may not go together: then the form says what to put right.
    const fits = toIntake(draft, form, localDate(clock())).intake !== null;
    if (!fits && !resumed) setChecked(true);
    if (resumed || !fits) leaveConflict();
    else void save.run(false, { draft, base: now.version });
  };
  const trouble = save.problem ?? drafting.problem;
  const message = trouble?.sentence ?? null;
  const why = refused === null ? message : null;
  return {
    element,
    problems,
    refused: why,
    savedAs: trouble?.case ?? null,
    savedText,
    busy: save.busy,
    problem: save.problem,
    clear: save.clear,
    submit,
    conflict,
    resumed,
    leaveConflict,
    goOnWith,
  };
}
