import { Dialog } from '@base-ui/react/dialog';
import { useId, useState, type ReactElement } from 'react';
import type { CaseView } from '../../../shared/contract/views.ts';
import type { FeatureSchema } from '../../../shared/encoding/schema.ts';
import { Button, ProblemBox, Segmented } from '../../components/controls.tsx';
import { ago } from '../../format.ts';
import type { Problem } from '../../problem.ts';
import { useNow } from '../../services.ts';
import { text } from '../../strings.ts';
import { draftOf, type Draft } from './draft.ts';
import { merged, mergeOf, type EntryChange } from './merge.ts';

const words = text.intake;
type Side = 'mine' | 'theirs';

/** What an entry is called on the form. */
function labelOf({ name }: EntryChange, schema: FeatureSchema): string {
  const [group, part] = name.split('.') as [string, string | undefined];
  if (group === 'attributes') return schema.attributes.find((one) => one.name === part)?.label ?? part ?? '';
  if (group === 'indicators') return words.indicatorKinds[part as keyof typeof words.indicatorKinds];
  return words.entryLabels[group as keyof typeof words.entryLabels] ?? group;
}

/** Who saved the case as it is now, and when. */
function savedBy(now: CaseView, at: number): string {
  const entry = now.timeline.find(({ id }) => id === now.version);
  if (entry === undefined) return words.savedNow;
  return words.savedBy(entry.person ?? text.frame.nobody, ago(Date.parse(entry.at), at));
}

/** A value as it is compared; what was left open is said to be. */
function shown(value: string, change: EntryChange, schema: FeatureSchema): string {
  if (value === '') return words.leftOpen;
  const attribute = schema.attributes.find((one) => `attributes.${one.name}` === change.name);
  if (attribute?.kind === 'category') return attribute.values.find((one) => one.value === value)?.label ?? value;
  const answers = { yes: words.yes, no: words.no, unknown: words.unknown } as const;
  if (attribute?.kind === 'boolean' || ['urgent', 'atRisk'].includes(change.name))
    return answers[value as keyof typeof answers] ?? value;
  if (change.name === 'needs')
    return value
      .split('\n')
      .map((need) => text.case.needs[need as keyof typeof text.case.needs])
      .join(', ');
  return change.name === 'tactics' || change.name.startsWith('indicators.') ? value.split('\n').join(', ') : value;
}

function Choice(props: {
  readonly change: EntryChange;
  readonly schema: FeatureSchema;
  readonly side: Side | null;
  readonly onChoose: (side: Side) => void;
}): ReactElement {
  const { change, schema } = props;
  const id = useId();
  return (
    <tr>
      <th scope="row" id={id}>
        {labelOf(change, schema)}
      </th>
      <td className={props.side === 'theirs' ? 'chosen' : undefined}>{shown(change.theirs, change, schema)}</td>
      <td className={props.side === 'mine' ? 'chosen' : undefined}>{shown(change.mine, change, schema)}</td>
      <td>
        <Segmented
          name={`merge-${change.name}`}
          size="compact"
          labelledBy={id}
          choices={[
            { value: 'theirs' as const, label: words.takeSaved },
            { value: 'mine' as const, label: words.takeMine },
          ]}
          value={props.side}
          onChange={props.onChoose}
        />
      </td>
    </tr>
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
  readonly schema: FeatureSchema;
  readonly onClose: () => void;
  readonly onMerged: (draft: Draft) => void;
}): ReactElement {
  const { now, original, mine, schema } = props;
  const theirs = draftOf(now);
  const merge = mergeOf(original, theirs, mine);
  const [sides, setSides] = useState<Readonly<Record<string, Side>>>({});
  const sideOf = (name: string): Side | null => sides[name] ?? null;
  const open = merge.conflicts.filter(({ name }) => sideOf(name) === null).length;
  const at = useNow();
  const goOn = (): void => {
    const taken = merge.conflicts.filter(({ name }) => sideOf(name) === 'theirs').map(({ name }) => name);
    props.onMerged(merged(mine, theirs, merge, new Set(taken)));
  };
  return (
    <Dialog.Root open onOpenChange={(stays) => !stays && props.onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog wide">
          <Dialog.Title render={<h2 />}>{words.conflictTitle(now.row.reference)}</Dialog.Title>
          <p>{merge.conflicts.length > 0 ? words.conflictMore : words.conflictNone}</p>
          {merge.conflicts.length > 0 && (
            <table className="table merge">
              <thead>
                <tr>
                  <th scope="col">{words.entry}</th>
                  <th scope="col">{savedBy(now, at)}</th>
                  <th scope="col">{words.enteredHere}</th>
                  <th scope="col">{words.keep}</th>
                </tr>
              </thead>
              <tbody>
                {merge.conflicts.map((change) => (
                  <Choice
                    key={change.name}
                    change={change}
                    schema={schema}
                    side={sideOf(change.name)}
                    onChoose={(side) => setSides({ ...sides, [change.name]: side })}
                  />
                ))}
              </tbody>
            </table>
          )}
          {merge.taken.length > 0 && (
            <>
              <h3>{words.alsoSaved}</h3>
              <ul className="plain">
                {merge.taken.map((change) => (
                  <li key={change.name}>
                    {labelOf(change, schema)}: {shown(change.theirs, change, schema)}
                  </li>
                ))}
              </ul>
            </>
          )}
          <ProblemBox problem={props.problem} />
          <div className="actions">
            {open > 0 && <span className="muted">{words.conflictOpen(open)}</span>}
            <Dialog.Close className="button">{words.conflictBack}</Dialog.Close>
            <Button look="primary" off={open > 0 || props.busy} onClick={goOn}>
              {props.saves ? words.conflictSave : words.conflictGoOn}
            </Button>
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
