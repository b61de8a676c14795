import type { ReactElement } from 'react';
import type { ColumnTarget, ImportMapping } from '../../../shared/case-import/mapping.ts';
import { wordsOf } from '../../../shared/encoding/attribute-words.ts';
import { Button, Panel } from '../../components/controls.tsx';
import { useForm, useReading, useServices } from '../../hooks/services.ts';
import { useLanguage } from '../../language/language.ts';
import {
  attributeChoice,
  choiceOf,
  meaningKey,
  meaningOf,
  meanings,
  targetGroups,
  targetOf,
  unmappedOutcomes,
  withColumn,
} from './columns.ts';
import type { Found } from './use-import.ts';

/** Refused rows that are looked through for outcomes without a meaning. */
const mostLookedAt = 1000;

/** Every answer a column may be taken for: attributes of the form, and the currencies of its amounts. */
function Answers(): ReactElement {
  const { say, words } = useLanguage();
  const form = useForm().data;
  return (
    <>
      {form?.schema.attributes.flatMap((attribute) => {
        const label = words(wordsOf(form, attribute).label);
        const { name } = attribute;
        const option = (key: string, text: string): ReactElement => (
          <option key={key} value={attributeChoice(key)}>
            {text}
          </option>
        );
        return attribute.kind === 'money'
          ? [option(name, label), option(`${name}_currency`, say('window_import.currency_of', { label }))]
          : [option(name, label)];
      })}
    </>
  );
}

function TargetChoice(props: {
  readonly column: string;
  readonly target: ColumnTarget;
  readonly onChange: (target: ColumnTarget) => void;
}): ReactElement {
  const { say } = useLanguage();
  return (
    <select
      className="select"
      aria-label={say('window_import.taken_for', { column: props.column })}
      value={choiceOf(props.target)}
      onChange={(event) => props.onChange(targetOf(event.target.value))}
    >
      <option value="ignore">{say('window_import.to_ignore')}</option>
      {(['case', 'signs'] as const).map((group) => (
        <optgroup key={group} label={say(`window_import.group_${group}`)}>
          {targetGroups[group].map((to) => (
            <option key={to} value={to}>
              {say(to === 'safeContact' ? 'window_import.to_safe_contact' : `window_import.to_${to}`)}
            </option>
          ))}
        </optgroup>
      ))}
      <optgroup label={say('window_import.group_answers')}>
        <Answers />
      </optgroup>
    </select>
  );
}

function DateOrderChoice(props: {
  readonly column: string;
  readonly target: ColumnTarget & { to: 'received' };
  readonly onChange: (target: ColumnTarget) => void;
}): ReactElement {
  const { say } = useLanguage();
  const orders = ['day_first', 'month_first'] as const;
  return (
    <select
      className="select"
      aria-label={say('window_import.order_of', { column: props.column })}
      value={props.target.order ?? ''}
      onChange={(event) => {
        const order = orders.find((one) => one === event.target.value);
        props.onChange({ to: 'received', ...(order === undefined ? {} : { order }) });
      }}
    >
      <option value="">{say('window_import.order_shown')}</option>
      {orders.map((order) => (
        <option key={order} value={order}>
          {say(`window_import.order_${order}`)}
        </option>
      ))}
    </select>
  );
}

function MeaningChoice(props: {
  readonly value: string;
  readonly meaning: string;
  readonly onChange: (key: string) => void;
}): ReactElement {
  const { say } = useLanguage();
  return (
    <label className="meaning">
      <span className="breaks">{props.value}</span>
      <select className="select" value={props.meaning} onChange={(event) => props.onChange(event.target.value)}>
        {meanings.map((one) => (
          <option key={meaningKey(one)} value={meaningKey(one)}>
            {one === ''
              ? say('window_import.no_outcome')
              : typeof one === 'string'
                ? say(`window_case.outcomes_${one}`)
                : say('window_import.inconclusive', { reason: say(`window_case.reasons_${one.inconclusive}`) })}
          </option>
        ))}
      </select>
    </label>
  );
}

/** What each value of an outcome column means. Which values there are is known from the rows refused for them. */
function OutcomeMeanings(props: {
  readonly column: string;
  readonly target: ColumnTarget & { to: 'outcome' };
  readonly found: Found;
  readonly onChange: (target: ColumnTarget) => void;
}): ReactElement {
  const { say } = useLanguage();
  const { client } = useServices();
  const { column, target, found } = props;
  const id = found.staged?.id ?? null;
  const refused = useReading(id === null ? null : `refused/${id}`, [], () =>
    client.imports.refused({ id: id ?? '', after: 0, limit: mostLookedAt }),
  );
  const open = unmappedOutcomes(found.opened.header, column, refused.stale ? [] : (refused.data ?? []));
  const values = [...new Set([...Object.keys(target.values), ...open])];
  if (values.length === 0) return <span className="muted small">{say('window_import.outcome_later')}</span>;
  return (
    <div className="meanings" role="group" aria-label={say('window_import.meanings_of', { column })}>
      {values.map((value) => (
        <MeaningChoice
          key={value}
          value={value}
          meaning={meaningKey(target.values[value] ?? null)}
          onChange={(key) => props.onChange({ to: 'outcome', values: { ...target.values, [value]: meaningOf(key) } })}
        />
      ))}
      {open.some((value) => !Object.hasOwn(target.values, value)) && (
        <span className="muted small">{say('window_import.outcome_open')}</span>
      )}
    </div>
  );
}

/** The columns of the file with what each is taken for; a change counts once the file is read again. */
export function MappingPanel(props: {
  readonly found: Found;
  readonly mapping: ImportMapping;
  readonly onChange: (mapping: ImportMapping) => void;
  readonly off: boolean;
  readonly onRead: () => void;
}): ReactElement {
  const { say } = useLanguage();
  const { found, mapping } = props;
  return (
    <Panel title={say('window_import.columns')}>
      <table className="table columns">
        <caption className="visually-hidden">{say('window_import.columns')}</caption>
        <thead>
          <tr>
            <th scope="col">{say('window_import.column')}</th>
            <th scope="col">{say('window_import.taken')}</th>
            <th scope="col">{say('window_import.more')}</th>
          </tr>
        </thead>
        <tbody>
          {found.opened.header.map((column) => {
            const target = mapping.columns[column] ?? { to: 'ignore' };
            const set = (next: ColumnTarget): void => props.onChange(withColumn(mapping, column, next));
            return (
              <tr key={column} className={target.to === 'ignore' ? 'muted' : undefined}>
                <th scope="row">{column}</th>
                <td>
                  <TargetChoice column={column} target={target} onChange={set} />
                </td>
                <td>
                  {target.to === 'received' && <DateOrderChoice column={column} target={target} onChange={set} />}
                  {target.to === 'outcome' && (
                    <OutcomeMeanings column={column} target={target} found={found} onChange={set} />
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <div className="inner foot">
        <div className="actions">
          <Button off={props.off} onClick={props.onRead}>
            {say('window_import.read_again')}
          </Button>
          <span className="muted small">{say('window_import.read_again_more')}</span>
        </div>
      </div>
    </Panel>
  );
}
