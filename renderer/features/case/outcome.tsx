import { useEffect, useEffectEvent, useRef, useState, type FormEvent, type ReactElement } from 'react';
import type { CaseView } from '../../../shared/contract/views.ts';
import { inconclusiveReasonSchema, outcomeSchema, type InconclusiveReason } from '../../../shared/domain/verdict.ts';
import { sentence } from '../../../shared/language/sentence.ts';
import { Button, ProblemBox, Segmented } from '../../components/controls.tsx';
import { useLanguage } from '../../language/language.ts';
import { problemOf } from '../../transport/problem.ts';
import { useAction, useServices, useStatus } from '../../hooks/services.ts';
import { caseEvent, focusList, type CaseRequest } from '../../hooks/case-actions.ts';
import { Note } from './recorded-outcome.tsx';
import { blank, useKeptChoice, type Choice } from './outcome-draft.ts';

/** True when a choice can be saved: an outcome, and for an inconclusive one its reason. */
function canSave(choice: Choice): boolean {
  return choice.outcome !== null && (choice.outcome !== 'inconclusive' || choice.reason !== null);
}

/** True when a choice says what is recorded already, so that there is nothing to save. */
function sameChoice(choice: Choice, recorded: Choice): boolean {
  const reason = choice.outcome === 'inconclusive' ? choice.reason : null;
  return (
    choice.outcome === recorded.outcome && reason === recorded.reason && choice.note.trim() === recorded.note.trim()
  );
}

/** Stands where the answers stood once the outcome is recorded, which leads the case then: the way to change it. */
function Change(props: {
  readonly onChange: () => void;
  /** True when the answer was being changed and is kept: the focus comes back to where that began. */
  readonly back: boolean;
}): ReactElement {
  const { say } = useLanguage();
  const box = useRef<HTMLDivElement>(null);
  const { back } = props;
  useEffect(() => {
    if (back) box.current?.querySelector<HTMLElement>('button')?.focus();
  }, [back]);
  return (
    <div className="outcome settled" ref={box}>
      <Button onClick={props.onChange}>{say('window_case.change_outcome')}</Button>
    </div>
  );
}

function ReasonSelect(props: {
  readonly value: InconclusiveReason | null;
  readonly onChange: (reason: InconclusiveReason | null) => void;
}): ReactElement {
  const { say } = useLanguage();
  return (
    <select
      className="select"
      aria-label={say('window_case.reason')}
      // A letter is a key of the window here, and picks no reason unseen.
      data-letters="window"
      value={props.value ?? ''}
      onChange={(event) => props.onChange(inconclusiveReasonSchema.safeParse(event.target.value).data ?? null)}
    >
      <option value="">{say('window_case.reason_choose')}</option>
      {inconclusiveReasonSchema.options.map((reason) => (
        <option key={reason} value={reason}>
          {say(`window_case.reasons_${reason}`)}
        </option>
      ))}
    </select>
  );
}

function recordedChoice({ outcome, reason, note }: NonNullable<CaseView['outcome']>): Choice {
  return { outcome, reason, note };
}

/** What is being chosen for a case, and what keys and the palette ask of it. */
function useChoice(view: CaseView, person: string | null) {
  const [changing, setChanging] = useState(false);
  const keeper = useKeptChoice(view, person);
  const open = changing || keeper.entered;
  const [asked, setAsked] = useState(0);
  const [kept, setKept] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const change = (): void => {
    keeper.begin(view.outcome === null ? blank : recordedChoice(view.outcome));
    setChanging(true);
    setKept(false);
  };
  const keep = (): void => {
    keeper.discard();
    setChanging(false);
    setKept(true);
  };
  useEffect(() => {
    // The button that began the change is gone: its answer takes the focus, unless a key asks for another place.
    if (changing) form.current?.querySelector<HTMLElement>('input[type="radio"]:checked')?.focus();
  }, [changing]);
  const serve = useEffectEvent((request: CaseRequest) => {
    const outcome = outcomeSchema.safeParse(request).data;
    if (outcome === undefined) return;
    const begins = view.outcome !== null && !open;
    if (begins) change();
    keeper.set(begins && view.outcome !== null ? { ...recordedChoice(view.outcome), outcome } : { outcome });
    setAsked((count) => count + 1);
  });
  useEffect(() => {
    // After the answer is drawn: the reason of an inconclusive one comes first, else the note.
    if (asked > 0) form.current?.querySelector<HTMLElement>('.outcome-row select, .outcome-row input')?.focus();
  }, [asked]);
  useEffect(() => {
    const listen = (event: Event): void => serve((event as CustomEvent<CaseRequest>).detail);
    window.addEventListener(caseEvent, listen);
    return () => window.removeEventListener(caseEvent, listen);
  }, []);
  return { open, setChanging, draft: keeper, form, change, keep, kept };
}

function Choices(props: {
  readonly choice: Choice;
  readonly onChange: (change: Partial<Choice>) => void;
}): ReactElement {
  const { say } = useLanguage();
  return (
    <div>
      <div className="outcome-head">
        <h3 id="outcome-question">{say('window_case.question')}</h3>
        <span className="muted small" aria-hidden="true">
          <kbd>o</kbd> {say('window_case.then')} <kbd>s</kbd> <kbd>g</kbd> <kbd>i</kbd>
        </span>
      </div>
      <Segmented
        name="outcome"
        size="large"
        labelledBy="outcome-question"
        value={props.choice.outcome}
        onChange={(outcome) => props.onChange({ outcome })}
        choices={outcomeSchema.options.map((value) => ({ value, label: say(`window_case.outcomes_${value}`) }))}
      />
    </div>
  );
}

/** Saves the choice: in place of one recorded meanwhile only by a press of its own, never by Enter in the note. */
function SaveButton(props: {
  readonly overtaken: boolean;
  readonly ready: boolean;
  readonly busy: boolean;
  readonly onReplace: () => void;
}): ReactElement {
  const { say } = useLanguage();
  const look = props.ready ? ({ look: 'primary' } as const) : {};
  const off = !props.ready || props.busy;
  // Two buttons by their keys: a press that began on the one does not end on the other.
  return props.overtaken ? (
    <Button key="mine" {...look} off={off} onClick={props.onReplace}>
      {say('window_case.save_mine')}
    </Button>
  ) : (
    <Button key="save" type="submit" {...look} off={off}>
      {say('window_case.save_outcome')}
    </Button>
  );
}

/** The outcome, fixed at the bottom of the case: three large choices and a note. Changing it is always possible. */
export function OutcomeBox(props: { readonly view: CaseView }): ReactElement {
  const person = useStatus().data?.person?.id ?? null;
  return <Box key={`${person} ${props.view.row.id}`} view={props.view} person={person} />;
}

function Box(props: { readonly view: CaseView; readonly person: string | null }): ReactElement {
  const { say } = useLanguage();
  const { client, drafts, queries, view: windowView } = useServices();
  const { row, outcome: recorded } = props.view;
  const { open, setChanging, draft, form, change, keep, kept } = useChoice(props.view, props.person);
  const { choice } = draft;
  const save = useAction(async (replacing: boolean) => {
    const { outcome, reason, note } = choice;
    if (outcome === null) return;
    const chosen = { outcome, reason: outcome === 'inconclusive' ? reason : null, note: note.trim() };
    try {
      const base = draft.savedOn(replacing);
      await drafts.saving(draft.key, () => client.cases.recordOutcome({ id: row.id, base, ...chosen }));
    } catch (error) {
      // The outcome that was recorded meanwhile is shown beside this one.
      if (problemOf(error).code === 'CONFLICT') queries.changed('cases');
      throw error;
    }
    draft.saved();
    setChanging(false);
    windowView.getState().set({
      announcement: sentence('window_case.saved', {
        reference: row.reference,
        outcome: sentence(`window_case.outcomes_${outcome}`),
      }),
    });
    queries.changed('cases', 'monitor');
    // The form goes away with the answer: the list takes the focus, ready for the next case.
    focusList();
  });
  if (recorded !== null && !open) return <Change onChange={change} back={kept} />;
  const ready = canSave(choice) && !(recorded !== null && sameChoice(choice, recorded));
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (ready) void save.run(false);
  };
  const set = (change: Partial<Choice>): void => void (save.busy || draft.set(change));
  return (
    <form className="outcome" ref={form} aria-label={say('window_case.outcome_form')} onSubmit={submit}>
      <Choices choice={choice} onChange={set} />
      {recorded !== null && draft.overtaken && !save.busy && (
        <div className="outcome-done" role="status">
          <h3>{say('window_case.recorded_meanwhile', { outcome: say(`window_case.outcomes_${recorded.outcome}`) })}</h3>
          <Note note={recorded.note} />
        </div>
      )}
      <div className="outcome-row">
        {choice.outcome === 'inconclusive' && (
          <ReasonSelect value={choice.reason} onChange={(reason) => set({ reason })} />
        )}
        <input
          className="input"
          type="text"
          aria-label={say('window_case.note')}
          placeholder={say('window_case.note_placeholder')}
          maxLength={5000}
          value={choice.note}
          // Until what was kept is read, a letter would take its place; while it is saved, one would be in no entry.
          readOnly={!draft.read || save.busy}
          onChange={(event) => set({ note: event.target.value })}
        />
        {recorded !== null && (
          <Button look="plain" onClick={keep}>
            {say('window_case.keep_outcome')}
          </Button>
        )}
        <SaveButton
          overtaken={recorded !== null && draft.overtaken}
          ready={ready}
          busy={save.busy}
          onReplace={() => void save.run(true)}
        />
      </div>
      <ProblemBox problem={save.problem ?? draft.problem} />
    </form>
  );
}
