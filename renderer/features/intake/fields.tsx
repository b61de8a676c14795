import { wordsOf } from '../../../shared/encoding/attribute-words.ts';
import { useId, type ReactElement } from 'react';
import { useStore } from 'zustand';
import type { Attribute } from '../../../shared/encoding/schema.ts';
import { FieldError, Segmented } from '../../components/controls.tsx';
import { LabelledRow } from '../../components/labelled-row.tsx';
import { useLanguage } from '../../language/language.ts';
import { useReading, useServices } from '../../hooks/services.ts';
import { answers, indicatorKinds } from './draft.ts';
import { Block, type FieldsProps } from './fields-frame.tsx';
import { IndicatorFields } from './indicators.tsx';
import { Reach, Record } from './personal.tsx';
import { TacticField } from './tactics.tsx';
import { UrgentBox } from './urgent.tsx';

type AttributeProps = FieldsProps & { readonly attribute: Attribute };

function put(props: AttributeProps, value: string): void {
  props.set({ entries: { ...props.draft.entries, [props.attribute.name]: value } });
}

function YesNo(props: AttributeProps & { readonly labelId: string }): ReactElement {
  const { say } = useLanguage();
  const entry = props.draft.entries[props.attribute.name];
  return (
    <Segmented
      name={props.attribute.name}
      size="compact"
      labelledBy={props.labelId}
      choices={answers.map((value) => ({
        value,
        label: say(`window_intake.${value}`),
        quiet: value === 'unknown',
      }))}
      value={entry === 'yes' || entry === 'no' ? entry : 'unknown'}
      onChange={(value) => put(props, value === 'unknown' ? '' : value)}
    />
  );
}

function CategorySelect(props: AttributeProps & { attribute: { kind: 'category' } }): ReactElement {
  const { say, words } = useLanguage();
  const { attribute, draft, form } = props;
  const named = wordsOf(form, attribute);
  return (
    <select
      className="select"
      id={`a-${attribute.name}`}
      value={draft.entries[attribute.name] ?? ''}
      onChange={(event) => put(props, event.target.value)}
    >
      <option value="">{say('window_intake.choose')}</option>
      {attribute.values.map((value) => (
        <option key={value} value={value}>
          {words(named.value(value))}
        </option>
      ))}
    </select>
  );
}

/** The currency used last in this window, else that of the newest cases here; null when there is neither. */
function useUsualCurrency(asked: boolean): string | null {
  const { client, view } = useServices();
  const remembered = useStore(view, (state) => state.currency);
  const look = asked && remembered === null;
  const recent = useReading(look ? 'recent-stakes' : null, [], () =>
    client.cases.list({ show: 'open', search: '', limit: 50, offset: 0 }),
  );
  return remembered ?? recent.data?.rows.find((row) => row.stake !== null)?.stake?.currency ?? null;
}

function TypedInput(props: AttributeProps): ReactElement {
  const { say, words } = useLanguage();
  const { attribute, draft, form, problems } = props;
  const { name: label, unit } = wordsOf(form, attribute);
  const problem = problems[attribute.name];
  const { view } = useServices();
  const usual = useUsualCurrency(attribute.kind === 'money');
  const offered = usual !== null && form.currencies.includes(usual) ? usual : form.schema.currencies.reference;
  const currency = draft.currencies[attribute.name] ?? offered;
  return (
    <>
      <input
        className="input amount"
        id={`a-${attribute.name}`}
        inputMode="decimal"
        autoComplete="off"
        value={draft.entries[attribute.name] ?? ''}
        aria-invalid={problem !== undefined || undefined}
        aria-describedby={problem === undefined ? undefined : `a-${attribute.name}-error`}
        onChange={(event) => {
          const entries = { ...draft.entries, [attribute.name]: event.target.value };
          props.set(
            attribute.kind === 'money'
              ? { entries, currencies: { ...draft.currencies, [attribute.name]: currency } }
              : { entries },
          );
        }}
      />
      {attribute.kind === 'money' && (
        <select
          className="select currency"
          aria-label={say('window_intake.currency', { label })}
          value={currency}
          onChange={(event) => {
            view.getState().set({ currency: event.target.value });
            props.set({ currencies: { ...draft.currencies, [attribute.name]: event.target.value } });
          }}
        >
          {form.currencies.map((code) => (
            <option key={code} value={code}>
              {code}
            </option>
          ))}
        </select>
      )}
      {attribute.kind === 'number' && <span className="muted">{words(unit(2) ?? '')}</span>}
      <FieldError id={`a-${attribute.name}-error`} message={problem} />
    </>
  );
}

/** One attribute of the schema as a question. */
function Question(props: AttributeProps): ReactElement {
  const { words } = useLanguage();
  const { attribute, form } = props;
  const labelId = useId();
  const question = words(wordsOf(form, attribute).question);
  if (attribute.kind === 'boolean') {
    return (
      <div className="question">
        <span className="label" id={labelId}>
          {question}
        </span>
        <YesNo {...props} labelId={labelId} />
      </div>
    );
  }
  return (
    <div className="question">
      <label className="label" htmlFor={`a-${attribute.name}`}>
        {question}
      </label>
      <div className="field">
        {attribute.kind === 'category' ? (
          <CategorySelect {...props} attribute={attribute} />
        ) : (
          <TypedInput {...props} />
        )}
      </div>
    </div>
  );
}

function Questions(props: FieldsProps & { readonly group: Attribute['group'] }): ReactElement {
  const asked = props.form.schema.attributes.filter(
    (attribute) => attribute.group === props.group && attribute.kind !== 'tactic',
  );
  return (
    <>
      {asked.map((attribute) => (
        <Question key={attribute.name} {...props} attribute={attribute} />
      ))}
    </>
  );
}

function Traces(props: FieldsProps): ReactElement {
  const { say } = useLanguage();
  const { draft, set, problems } = props;
  return (
    <Block id="b-money" title={say('window_intake.money_group')}>
      <Questions {...props} group="money" />
      <div className="field-grid">
        {indicatorKinds.map((kind) => (
          <IndicatorFields key={kind} kind={kind} draft={draft} set={set} problems={problems} />
        ))}
        <TacticField draft={draft} set={set} form={props.form} />
        <LabelledRow look="form" id="f-narrative" label={say('window_intake.narrative')} error={problems['narrative']}>
          {(described) => (
            <textarea
              {...described}
              className="input"
              rows={3}
              value={draft.narrative}
              onChange={(event) => set({ narrative: event.target.value })}
            />
          )}
        </LabelledRow>
      </div>
    </Block>
  );
}

/** All fields of the intake, in the order of an interview: what cannot wait, then safety, then what tells most. */
export function Fields(props: FieldsProps): ReactElement {
  const { say } = useLanguage();
  return (
    <>
      <UrgentBox draft={props.draft} set={props.set} />
      <Reach {...props} />
      <Block id="b-telling" title={say('window_intake.telling')} beside={say('window_intake.telling_beside')}>
        <Questions {...props} group="telling" />
      </Block>
      <Traces {...props} />
      <Block id="b-contact" title={say('window_intake.contact_group')}>
        <Questions {...props} group="contact" />
      </Block>
      <Block id="b-more" title={say('window_intake.more_group')}>
        <Questions {...props} group="more" />
        <Record {...props} />
      </Block>
    </>
  );
}
