import { useEffect, useEffectEvent, useRef, useState, type FormEvent, type ReactElement } from 'react';
import type { CaseView } from '../../../shared/contract/views.ts';
import {
  inconclusiveReasonSchema,
  outcomeSchema,
  type InconclusiveReason,
  type Outcome,
} from '../../../shared/domain/verdict.ts';
import { Button, ProblemBox, Segmented } from '../../components/controls.tsx';
import { ago, instantText } from '../../format.ts';
import { useAction, useNow, useServices } from '../../services.ts';
import { text } from '../../strings.ts';
import { caseEvent, type CaseRequest } from '../shell/actions.ts';

interface Choice {
  readonly outcome: Outcome | null;
  readonly reason: InconclusiveReason | null;
  readonly note: string;
}

/** True when a choice can be saved: an outcome, and for an inconclusive one its reason. */
export function canSave(choice: Choice): boolean {
  return choice.outcome !== null && (choice.outcome !== 'inconclusive' || choice.reason !== null);
}

function Recorded(props: {
  readonly outcome: NonNullable<CaseView['outcome']>;
  readonly onChange: () => void;
}): ReactElement {
  const now = useNow(60_000);
  const { outcome, reason, note, at } = props.outcome;
  return (
    <div className="outcome" role="group" aria-label={text.case.outcomeForm}>
      <div className="outcome-done">
        <div className="actions">
          <h3>
            {text.case.outcomes[outcome]}
            {reason !== null && `, ${text.case.reasons[reason]}`}
          </h3>
          <span className="muted small" title={instantText(at)}>
            {text.case.recorded(ago(Date.parse(at), now))}
          </span>
        </div>
        <p className={note === '' ? 'muted' : 'breaks'}>{note === '' ? text.case.noNote : note}</p>
      </div>
      <div className="actions">
        <Button onClick={props.onChange}>{text.case.changeOutcome}</Button>
      </div>
    </div>
  );
}

function ReasonSelect(props: {
  readonly value: InconclusiveReason | null;
  readonly onChange: (reason: InconclusiveReason | null) => void;
}): ReactElement {
  return (
    <select
      className="select"
      aria-label={text.case.reason}
      value={props.value ?? ''}
      onChange={(event) => props.onChange(inconclusiveReasonSchema.safeParse(event.target.value).data ?? null)}
    >
      <option value="">{text.case.reasonChoose}</option>
      {inconclusiveReasonSchema.options.map((reason) => (
        <option key={reason} value={reason}>
          {text.case.reasons[reason]}
        </option>
      ))}
    </select>
  );
}

/** The outcome, fixed at the bottom of the case: three large choices and a note. Changing it is always possible. */
export function OutcomeBox(props: { readonly view: CaseView }): ReactElement {
  const { client, queries, view: window_ } = useServices();
  const { view } = props;
  const [changing, setChanging] = useState(false);
  const [choice, setChoice] = useState<Choice>({ outcome: null, reason: null, note: '' });
  const form = useRef<HTMLFormElement>(null);
  const open = view.outcome === null || changing;
  const change = (): void => {
    setChoice(view.outcome ?? { outcome: null, reason: null, note: '' });
    setChanging(true);
  };
  const save = useAction(async () => {
    if (choice.outcome === null) return;
    await client.cases.recordOutcome({
      id: view.row.id,
      outcome: choice.outcome,
      reason: choice.outcome === 'inconclusive' ? choice.reason : null,
      note: choice.note.trim(),
    });
    setChanging(false);
    window_.getState().set({ said: text.case.saved(view.row.reference, text.case.outcomes[choice.outcome]) });
    queries.getState().changed('cases', 'monitor');
    // The form goes away with the answer: the list takes the focus, ready for the next case.
    document.querySelector<HTMLElement>('.queue-scroll')?.focus();
  });
  const serve = useEffectEvent((request: CaseRequest) => {
    const outcome = outcomeSchema.safeParse(request).data;
    if (outcome === undefined) return;
    if (view.outcome !== null && !changing) change();
    setChoice((before) => ({ ...before, outcome }));
    requestAnimationFrame(() =>
      form.current?.querySelector<HTMLElement>(outcome === 'inconclusive' ? 'select' : '.outcome-row input')?.focus(),
    );
  });
  useEffect(() => {
    const listen = (event: Event): void => serve((event as CustomEvent<CaseRequest>).detail);
    window.addEventListener(caseEvent, listen);
    return () => window.removeEventListener(caseEvent, listen);
  }, []);
  if (!open && view.outcome !== null) return <Recorded outcome={view.outcome} onChange={change} />;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (canSave(choice)) void save.run();
  };
  return (
    <form className="outcome" ref={form} aria-label={text.case.outcomeForm} onSubmit={submit}>
      <div>
        <div className="outcome-head">
          <h3 id="outcome-question">{text.case.question}</h3>
          <span className="muted small" aria-hidden="true">
            <kbd>o</kbd> {text.case.then} <kbd>s</kbd> <kbd>g</kbd> <kbd>i</kbd>
          </span>
        </div>
        <Segmented
          name="outcome"
          size="large"
          labelledBy="outcome-question"
          value={choice.outcome}
          onChange={(outcome) => setChoice({ ...choice, outcome })}
          choices={outcomeSchema.options.map((value) => ({ value, label: text.case.outcomes[value] }))}
        />
      </div>
      <div className="outcome-row">
        {choice.outcome === 'inconclusive' && (
          <ReasonSelect value={choice.reason} onChange={(reason) => setChoice({ ...choice, reason })} />
        )}
        <input
          className="input"
          type="text"
          aria-label={text.case.note}
          placeholder={text.case.notePlaceholder}
          maxLength={5000}
          value={choice.note}
          onChange={(event) => setChoice({ ...choice, note: event.target.value })}
        />
        {changing && (
          <Button look="plain" onClick={() => setChanging(false)}>
            {text.case.keepOutcome}
          </Button>
        )}
        <Button type="submit" {...(canSave(choice) ? { look: 'primary' } : {})} off={!canSave(choice) || save.busy}>
          {text.case.saveOutcome}
        </Button>
      </div>
      <ProblemBox problem={save.problem} />
    </form>
  );
}
