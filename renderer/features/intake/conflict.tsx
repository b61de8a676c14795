import { Dialog } from '@base-ui/react/dialog';
import { useId, useState, type ReactElement } from 'react';
import type { CaseView } from '../../../shared/contract/views.ts';
import { wordsOf } from '../../../shared/encoding/attribute-words.ts';
import type { DescribedSchema } from '../../../shared/encoding/schema-texts.ts';
import { listed, sentence, type PlainCode, type Sentence } from '../../../shared/language/sentence.ts';
import { Button, ProblemBox } from '../../components/controls.tsx';
import { ago } from '../../language/format.ts';
import type { Language } from '../../../shared/language/language.ts';
import { useLanguage } from '../../language/language.ts';
import type { Problem } from '../../transport/problem.ts';
import { useNow } from '../../hooks/services.ts';
import { answers, draftOf, type Draft, type Kind, type Need } from './draft.ts';
import { divergence, merged, mergeOf, type EntryChange } from './merge.ts';

type Side = 'mine' | 'theirs';

const fields: Readonly<Record<string, PlainCode>> = {
  urgent: 'window_intake.urgent_entry',
  paidAt: 'window_intake.paid_at',
  reference: 'window_intake.reference',
  resident: 'window_intake.resident',
  contact: 'window_intake.contact',
  place: 'window_intake.place',
  safeContact: 'window_intake.safe_contact',
  atRisk: 'window_intake.at_risk',
  needs: 'window_intake.needs',
  narrative: 'window_intake.narrative',
  tactics: 'window_intake.tactics',
};

/** What an entry is called on the form. */
function labelOf({ name }: EntryChange, form: DescribedSchema, { say, words }: Language): string {
  const [group, part] = name.split('.') as [string, string | undefined];
  if (group === 'attributes') {
    const attribute = form.schema.attributes.find((one) => one.name === part);
    return attribute === undefined ? (part ?? '') : words(wordsOf(form, attribute).label);
  }
  if (group === 'indicators') return say(`window_intake.indicators_${part as Kind}`);
  const code = fields[group];
  return code === undefined ? group : say(code);
}

/** Who saved the case as it is now, and when. */
function savedBy(now: CaseView, at: number): Sentence {
  const entry = now.timeline.find(({ id }) => id === now.version);
  if (entry === undefined) return sentence('window_intake.saved_now');
  return sentence('window_intake.saved_by', {
    person: entry.person ?? sentence('window_frame.nobody'),
    when: ago(Date.parse(entry.at), at),
  });
}

/** A value as it is compared; what was left open is said to be. */
function shown(value: string, change: EntryChange, form: DescribedSchema, { say, words }: Language): string {
  if (value === '') return say('window_intake.left_open');
  const attribute = form.schema.attributes.find((one) => `attributes.${one.name}` === change.name);
  if (attribute?.kind === 'category') return words(wordsOf(form, attribute).value(value));
  const answer = answers.find((one) => one === value);
  if (attribute?.kind === 'boolean' || ['urgent', 'atRisk'].includes(change.name))
    return answer === undefined ? value : say(`window_intake.${answer}`);
  if (change.name === 'needs')
    return say('language.joined', {
      parts: listed(value.split('\n').map((need) => sentence(`window_intake.need_names_${need as Need}`))),
    });
  return change.name === 'tactics' || change.name.startsWith('indicators.')
    ? say('language.joined', { parts: listed(value.split('\n')) })
    : value;
}

interface SidesProps {
  readonly form: DescribedSchema;
  /** Who saved the one side, as the head of its column. */
  readonly saved: string;
  readonly sides: Readonly<Record<string, Side>>;
  readonly onChoose: (name: string, side: Side) => void;
}

function SideCell(props: SidesProps & { readonly change: EntryChange; readonly side: Side }): ReactElement {
  const language = useLanguage();
  const { say } = language;
  const { change, side } = props;
  const id = useId();
  const chosen = props.sides[change.name];
  return (
    <td className={chosen === undefined || chosen === side ? undefined : 'muted'}>
      <label className="merge-side">
        <input
          type="radio"
          name={`merge-${change.name}`}
          aria-label={side === 'theirs' ? props.saved : say('window_intake.entered_here')}
          aria-describedby={id}
          checked={chosen === side}
          onChange={() => props.onChoose(change.name, side)}
        />
        <span className="breaks" id={id}>
          {shown(fromDifference(change)[side], change, props.form, language)}
        </span>
      </label>
    </td>
  );
}

/** Long texts that begin alike are shown from a little before where they part. */
function fromDifference(change: EntryChange): EntryChange {
  const start = divergence(change.theirs, change.mine);
  const cut = (value: string): string => (start === 0 ? value : `… ${value.slice(start)}`);
  return change.name === 'narrative' ? { ...change, theirs: cut(change.theirs), mine: cut(change.mine) } : change;
}

/** The two values of every entry that both changed, side by side, each of which can be chosen. */
function Sides(props: SidesProps & { readonly conflicts: readonly EntryChange[] }): ReactElement {
  const language = useLanguage();
  const { say } = language;
  return (
    <table className="table merge">
      <thead>
        <tr>
          <th scope="col">{say('window_intake.entry')}</th>
          <th scope="col">{props.saved}</th>
          <th scope="col">{say('window_intake.entered_here')}</th>
        </tr>
      </thead>
      <tbody>
        {props.conflicts.map((change) => (
          <tr key={change.name}>
            <th scope="row">{labelOf(change, props.form, language)}</th>
            <SideCell {...props} change={change} side="theirs" />
            <SideCell {...props} change={change} side="mine" />
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/**
 * Shows what somebody else saved of a case meanwhile beside what was entered here, entry by entry. Nothing is saved before
 * the person has chosen; closing goes back to the form with everything as it was entered.
 */
export function ConflictSheet(props: {
  /** The case as it is saved now. */
  readonly now: CaseView;
  /** True when the choice is saved at once, false when the person goes on with an edit left half done. */
  readonly saves: boolean;
  readonly busy: boolean;
  readonly problem: Problem | null;
  readonly original: Draft;
  readonly mine: Draft;
  readonly form: DescribedSchema;
  readonly onClose: () => void;
  readonly onMerged: (draft: Draft) => void;
}): ReactElement {
  const language = useLanguage();
  const { say } = language;
  const { now, original, mine, form } = props;
  const theirs = draftOf(now);
  const merge = mergeOf(original, theirs, mine);
  const [sides, setSides] = useState<Readonly<Record<string, Side>>>({});
  const open = merge.conflicts.filter(({ name }) => sides[name] === undefined).length;
  const saved = say(savedBy(now, useNow()));
  const goOn = (): void => {
    const taken = merge.conflicts.filter(({ name }) => sides[name] === 'theirs').map(({ name }) => name);
    props.onMerged(merged(mine, theirs, merge, new Set(taken)));
  };
  return (
    <Dialog.Root open onOpenChange={(stays) => !stays && props.onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog wide tall">
          <Dialog.Title render={<h2 />}>
            {say('window_intake.conflict_title', { reference: now.row.reference })}
          </Dialog.Title>
          <div className="dialog-body" tabIndex={0} role="region" aria-label={say('window_intake.both_versions')}>
            <p>
              {merge.conflicts.length > 0 ? say('window_intake.conflict_more') : say('window_intake.conflict_none')}
            </p>
            {merge.conflicts.length > 0 && (
              <Sides
                conflicts={merge.conflicts}
                form={form}
                saved={saved}
                sides={sides}
                onChoose={(name, side) => setSides({ ...sides, [name]: side })}
              />
            )}
            {merge.taken.length > 0 && (
              <>
                <h3>{say('window_intake.also_saved')}</h3>
                <dl className="merge-taken">
                  {merge.taken.map((change) => (
                    <div key={change.name}>
                      <dt>{labelOf(change, form, language)}</dt>
                      <dd className="breaks">{shown(change.theirs, change, form, language)}</dd>
                    </div>
                  ))}
                </dl>
              </>
            )}
          </div>
          <ProblemBox problem={props.problem} />
          <div className="actions">
            {open > 0 && <span className="muted">{say('window_intake.conflict_open', { count: open })}</span>}
            <Dialog.Close className="button">{say('window_intake.conflict_back')}</Dialog.Close>
            <Button look="primary" off={open > 0 || props.busy} onClick={goOn}>
              {props.saves ? say('window_intake.conflict_save') : say('window_intake.conflict_go_on')}
            </Button>
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
