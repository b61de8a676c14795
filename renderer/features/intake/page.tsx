import { useEffect, useRef, useState, type FormEvent, type ReactElement } from 'react';
import type { CaseView } from '../../../shared/contract/views.ts';
import { Button, Page, ProblemBox } from '../../components/controls.tsx';
import { Icon } from '../../components/icon.tsx';
import { Confirm } from '../../components/overlay.tsx';
import { ago, localDate } from '../../format.ts';
import { go } from '../../router.ts';
import { useAction, useForm, useNow, useReading, useServices } from '../../services.ts';
import { text } from '../../strings.ts';
import { Aside } from './aside.tsx';
import { refusedEntry, toIntake, type Kind, type Problems } from './draft.ts';
import type { FormData } from './fields-frame.tsx';
import { Fields } from './fields.tsx';
import { useDraft } from './use-draft.ts';

/** Takes the focus to the first entry with a message, in the order of the page. */
function focusFirstProblem(form: HTMLFormElement | null): void {
  requestAnimationFrame(() => form?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
}

/** What is said at a refused entry: for indicators in the form's words, else as the backend put it. */
function refusedText(entry: string, message: string): string {
  const kind = /^(\w+)\.\d+$/.exec(entry)?.[1];
  return kind === undefined ? message : text.intake.unreadable[kind as Kind];
}

function SaveBar(props: {
  readonly editing: boolean;
  readonly busy: boolean;
  readonly touched: boolean;
  readonly problems: number;
  /** Why saving was refused, when that is about no entry with a place of its own. */
  readonly refused: string | null;
  readonly said: string | null;
  readonly onNext: () => void;
  readonly onDiscard: () => void;
}): ReactElement {
  const words = text.intake;
  const note = props.problems > 0 ? words.toFix(props.problems) : (props.said ?? words.afterSaving);
  return (
    <div className="save-bar">
      <Button type="submit" form="intake" look="primary" off={props.busy}>
        {props.editing ? words.saveEdit : words.save}
      </Button>
      {!props.editing && (
        <Button off={props.busy} onClick={props.onNext}>
          {words.saveNext}
        </Button>
      )}
      {props.refused === null ? (
        <p className={props.problems > 0 ? 'problem' : 'muted'} role="status">
          {props.busy ? words.saving : props.editing && props.problems === 0 ? words.editBeside : note}
        </p>
      ) : (
        <p className="problem" role="alert">
          {props.refused}
        </p>
      )}
      <div className="toolbar-end">
        <Button look="plain" off={!props.touched} onClick={props.onDiscard}>
          {props.editing ? words.discardEdit : words.discard}
        </Button>
      </div>
    </div>
  );
}

function useSaving(editing: CaseView | null, form: FormData, drafting: ReturnType<typeof useDraft>) {
  const { client, clock, queries, view } = useServices();
  const element = useRef<HTMLFormElement>(null);
  const [checked, setChecked] = useState(false);
  const [said, setSaid] = useState<string | null>(null);
  const check = toIntake(drafting.draft, form.schema, localDate(clock()));
  const save = useAction(async (next: boolean) => {
    if (check.intake === null) return;
    const saved =
      editing === null
        ? await client.cases.create(check.intake)
        : { id: editing.row.id, reference: editing.row.reference };
    if (editing !== null) await client.cases.edit({ id: editing.row.id, intake: check.intake });
    setSaid(text.intake.saved(saved.reference));
    const currency = Object.values(check.intake.attributes).find((value) => typeof value === 'object')?.currency;
    if (currency !== undefined) view.getState().set({ currency });
    view.getState().set({ said: text.intake.saved(saved.reference) });
    setChecked(false);
    drafting.discard();
    queries.getState().changed('cases');
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
    ...(refused === null || save.problem === null ? {} : { [refused]: refusedText(refused, save.problem.message) }),
  };
  const submit = (next: boolean): void => {
    setChecked(true);
    if (check.intake === null) focusFirstProblem(element.current);
    else void save.run(next).then((saved) => !saved && focusFirstProblem(element.current));
  };
  return { element, problems, refused: refused === null ? (save.problem?.message ?? null) : null, said, save, submit };
}

function IntakeForm(props: { readonly editing: CaseView | null; readonly form: FormData }): ReactElement {
  const { editing, form } = props;
  const drafting = useDraft(editing);
  const saving = useSaving(editing, form, drafting);
  const [discarding, setDiscarding] = useState(false);
  const now = useNow(5_000);
  const { changedAt } = drafting;
  const reference = editing?.row.reference ?? (drafting.draft.reference || form.nextReference);
  const beside =
    changedAt === null ? reference : text.intake.draftKept(reference, ago(changedAt, Math.max(now, changedAt)));
  const leave = (): void => {
    if (editing !== null) go({ page: 'queue', id: editing.row.id, reading: true });
  };
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    saving.submit(false);
  };
  return (
    <>
      <Page
        title={editing === null ? text.intake.title : text.intake.editTitle(editing.row.reference)}
        {...(editing === null ? { beside } : {})}
        end={
          <Button look="plain" onClick={() => go({ page: 'sheet' })}>
            <Icon name="print" />
            {text.intake.sheetLink}
          </Button>
        }
        foot={
          <SaveBar
            editing={editing !== null}
            busy={saving.save.busy}
            touched={changedAt !== null || editing !== null}
            problems={Object.keys(saving.problems).length}
            refused={saving.refused}
            said={changedAt === null ? saving.said : null}
            onNext={() => saving.submit(true)}
            onDiscard={() => (changedAt === null ? leave() : setDiscarding(true))}
          />
        }
      >
        <form
          className="intake"
          id="intake"
          ref={saving.element}
          onSubmit={onSubmit}
          noValidate
          aria-label={text.intake.form}
        >
          <div>
            <Fields
              draft={drafting.draft}
              set={(change) => {
                // What was refused may just be put right.
                if (saving.save.problem !== null) saving.save.clear();
                drafting.set(change);
              }}
              form={form}
              problems={saving.problems}
              editing={editing !== null}
            />
          </div>
          <Aside draft={drafting.draft} form={form} problems={saving.problems} own={editing?.row.id ?? null} />
        </form>
      </Page>
      <Confirm
        open={discarding}
        onClose={() => setDiscarding(false)}
        title={text.intake.discardTitle}
        yes={text.intake.discardYes}
        onYes={() => {
          drafting.discard();
          setDiscarding(false);
          leave();
        }}
      >
        <p>{text.intake.discardMore}</p>
      </Confirm>
    </>
  );
}

/** The intake: a new case, or the facts of one corrected. The score comes after saving, never while typing. */
export function IntakePage(props: { readonly editing: string | null }): ReactElement {
  const { client } = useServices();
  const { editing } = props;
  const form = useForm();
  // Read once: a change arriving while somebody edits must not replace what they see.
  const [view, setView] = useState<CaseView | null>(null);
  const reading = useReading(editing === null ? null : `edit/${editing}`, [], () =>
    client.cases.get({ id: editing ?? '' }),
  );
  useEffect(() => {
    if (reading.data !== undefined) setView(reading.data);
  }, [reading.data]);
  const ready = form.data !== undefined && (editing === null || view !== null);
  if (ready && form.data !== undefined) return <IntakeForm editing={view} form={form.data} />;
  return (
    <Page title={text.intake.title}>
      <div className="page-body">
        <ProblemBox problem={form.problem ?? reading.problem} />
      </div>
    </Page>
  );
}
