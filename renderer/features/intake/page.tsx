import { useMemo, useState, type FormEvent, type ReactElement } from 'react';
import type { CaseView } from '../../../shared/contract/views.ts';
import { listed, sentence, type Sentence, type Several } from '../../../shared/language/sentence.ts';
import { Button, Page, ProblemBox } from '../../components/controls.tsx';
import { Icon } from '../../components/icon.tsx';
import { Confirm } from '../../components/overlay.tsx';
import { ago } from '../../language/format.ts';
import { useLanguage } from '../../language/language.ts';
import { go } from '../../hooks/router.ts';
import { useForm, useFresh, useNow, useReading, useServices, useStatus } from '../../hooks/services.ts';
import type { DraftKey, WrittenDraft } from '../../stores/drafts.ts';
import { CaseGone } from '../case/case-not-found.tsx';
import { Aside } from './aside.tsx';
import { takeEnter } from './enter.ts';
import { ConflictSheet } from './conflict.tsx';
import type { FormData } from './fields-frame.tsx';
import { Fields } from './fields.tsx';
import { useDraft, type Drafting } from './use-draft.ts';
import { OtherWays } from './other-ways.tsx';
import { useSaving } from './use-saving.ts';

function SaveBar(props: {
  readonly editing: boolean;
  readonly busy: boolean;
  readonly touched: boolean;
  readonly problems: number;
  /** Why saving was refused, when that is about no entry with a place of its own. */
  readonly refused: Sentence | null;
  /** The case that another window made of this draft already. */
  readonly savedAs: string | null;
  readonly savedText: Sentence | null;
  readonly onNext: () => void;
  readonly onDiscard: () => void;
}): ReactElement {
  const { say } = useLanguage();
  const { savedAs } = props;
  const note =
    props.problems > 0
      ? say('window_intake.to_fix', { count: props.problems })
      : say(props.savedText ?? sentence('window_intake.after_saving'));
  return (
    <div className="save-bar">
      <Button type="submit" form="intake" look="primary" off={props.busy} aria-keyshortcuts="Control+Enter">
        {props.editing ? say('window_intake.save_edit') : say('window_intake.save')}
      </Button>
      <kbd aria-hidden="true">{say('window_keys.ctrl_enter')}</kbd>
      {!props.editing && (
        <Button off={props.busy} onClick={props.onNext}>
          {say('window_intake.save_next')}
        </Button>
      )}
      {props.refused === null ? (
        <p className={props.problems > 0 ? 'problem' : 'muted'} role="status">
          {props.busy
            ? say('window_intake.saving')
            : props.editing && props.problems === 0
              ? say('window_intake.edit_beside')
              : note}
        </p>
      ) : (
        <p className="problem" role="alert">
          {say(props.refused)}
        </p>
      )}
      <div className="toolbar-end">
        {savedAs !== null && (
          <Button onClick={() => go({ page: 'queue', id: savedAs, reading: true })}>
            {say('window_intake.open_saved')}
          </Button>
        )}
        <Button look="plain" off={!props.touched} onClick={props.onDiscard}>
          {props.editing ? say('window_intake.discard_edit') : say('window_intake.discard')}
        </Button>
      </div>
    </div>
  );
}

/** What stands beside the title: the reference a new case will have, and whether what was entered is kept. */
function besideOf(drafting: Drafting, reference: string | null, now: number): Several {
  const { touched, keptAt } = drafting;
  const kept =
    keptAt === null
      ? sentence('window_intake.draft_keeping')
      : sentence('window_intake.draft_kept', { when: ago(keptAt, Math.max(now, keptAt)) });
  return listed([...(reference === null ? [] : [reference]), ...(touched ? [kept] : [])]);
}

/** Names what was entered in a form that asked something else, so that nothing of it is lost unseen. */
function LeftAnswers({ left }: Pick<Drafting, 'left'>): ReactElement | null {
  const { say } = useLanguage();
  if (left.length === 0) return null;
  const each = listed(left.map(({ label, entry }) => sentence('window_intake.left_answer', { label, entry })));
  return (
    <div className="error" role="status">
      <Icon name="care" />
      <p>{say('window_intake.left_answers', { count: left.length, each })}</p>
    </div>
  );
}

interface FormProps {
  readonly editing: CaseView | null;
  readonly form: FormData;
  readonly drafting: Drafting;
}

/** What the form asks before it throws something away, or when somebody else saved the case meanwhile. */
function Dialogs(
  props: FormProps & {
    readonly saving: ReturnType<typeof useSaving>;
    readonly discarding: boolean;
    readonly close: () => void;
    readonly leave: () => void;
  },
): ReactElement {
  const { say } = useLanguage();
  const { drafting, form, saving } = props;
  return (
    <>
      <Confirm
        open={props.discarding}
        onClose={props.close}
        title={say('window_intake.discard_title')}
        yes={say('window_intake.discard_yes')}
        onYes={() => {
          drafting.discard();
          props.close();
          props.leave();
        }}
      >
        <p>{say('window_intake.discard_more')}</p>
      </Confirm>
      {saving.conflict !== null && (
        <ConflictSheet
          key={saving.conflict.version}
          now={saving.conflict}
          original={drafting.original}
          mine={drafting.draft}
          form={form}
          onClose={saving.leaveConflict}
          saves={!saving.resumed}
          busy={saving.busy}
          problem={saving.problem}
          onMerged={(draft) => saving.conflict !== null && saving.goOnWith(saving.conflict, draft)}
        />
      )}
    </>
  );
}

function IntakeForm(props: FormProps): ReactElement {
  const { say } = useLanguage();
  const { editing, form, drafting } = props;
  const saving = useSaving(editing, form, drafting);
  const [discarding, setDiscarding] = useState(false);
  const now = useNow(5_000);
  const reference = editing === null ? drafting.draft.reference || form.nextReference : null;
  const beside = besideOf(drafting, reference, now);
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
        title={
          editing === null
            ? say('window_intake.title')
            : say('window_intake.edit_title', { reference: editing.row.reference })
        }
        beside={say('language.joined', { parts: beside })}
        end={<OtherWays />}
        foot={
          <SaveBar
            editing={editing !== null}
            busy={saving.busy}
            touched={drafting.touched || editing !== null}
            problems={Object.keys(saving.problems).length}
            refused={saving.refused}
            savedAs={saving.savedAs}
            savedText={drafting.touched ? null : saving.savedText}
            onNext={() => saving.submit(true)}
            onDiscard={() => (drafting.touched ? setDiscarding(true) : leave())}
          />
        }
      >
        <form
          className="intake"
          id="intake"
          ref={saving.element}
          onSubmit={onSubmit}
          onKeyDown={(event) => takeEnter(event, () => saving.submit(false))}
          noValidate
          aria-busy={saving.busy}
          aria-label={say('window_intake.form')}
        >
          <div>
            <LeftAnswers left={drafting.left} />
            <Fields
              draft={drafting.draft}
              set={(change) => {
                // What was refused may just be put right.
                if (saving.problem !== null) saving.clear();
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
      <Dialogs {...props} saving={saving} discarding={discarding} close={() => setDiscarding(false)} leave={leave} />
    </>
  );
}

function Form(props: {
  readonly editing: CaseView | null;
  readonly form: FormData;
  readonly draftKey: DraftKey;
  readonly kept: WrittenDraft | null;
}): ReactElement {
  const drafting = useDraft(props.editing, props.form.hash, props.draftKey, props.kept);
  return <IntakeForm editing={props.editing} form={props.form} drafting={drafting} />;
}

/** Whether the case being edited was erased, in this window or another: nothing of it may stay readable, nor the form. */
function useErased(editing: string | null): boolean {
  const { client } = useServices();
  const now = useReading(editing === null ? null : `case/${editing}`, ['cases', 'sync'], () =>
    client.cases.get({ id: editing ?? '', look: false }),
  );
  return editing !== null && now.problem?.code === 'NOT_FOUND';
}

/** The intake: a new case, or the facts of one corrected. The score comes after saving, never while typing. */
export function IntakePage(props: { readonly editing: string | null }): ReactElement {
  const { say } = useLanguage();
  const { client, drafts } = useServices();
  const { editing } = props;
  const form = useForm();
  const status = useStatus().data;
  const person = status?.person?.id ?? null;
  const key = useMemo<DraftKey>(
    () => ({ person, form: editing === null ? 'new_case' : 'edit_case', subject: editing }),
    [person, editing],
  );
  // Another form asks other questions: the case and what was written are then read again, under its names.
  const asks = form.data?.hash;
  const saved = useFresh(editing === null || asks === undefined ? null : ['case', editing, asks], () =>
    client.cases.get({ id: editing ?? '' }),
  );
  const kept = useFresh(
    status === undefined || asks === undefined ? null : ['draft', person ?? '', key.form, editing ?? '', asks],
    () => drafts.read(key),
  );
  const erased = useErased(editing);
  if (erased)
    return (
      <Page title={say('window_intake.title')}>
        <div className="page-body">
          <CaseGone />
        </div>
      </Page>
    );
  const ready = kept.data !== undefined && (editing === null || saved.data !== undefined);
  if (form.data !== undefined && kept.data !== undefined && ready) {
    const view = saved.data ?? null;
    return (
      <Form key={`${person} ${editing} ${asks}`} editing={view} form={form.data} draftKey={key} kept={kept.data} />
    );
  }
  const problem = form.problem ?? saved.problem ?? kept.problem;
  return (
    <Page title={say('window_intake.title')}>
      <div className="page-body">
        <ProblemBox problem={problem}>
          <Button onClick={() => [saved, kept].forEach((one) => one.problem !== null && one.again())}>
            {say('window_frame.try_again')}
          </Button>
        </ProblemBox>
      </div>
    </Page>
  );
}
