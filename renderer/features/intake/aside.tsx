import type { ReactElement } from 'react';
import type { Attribute } from '../../../shared/encoding/schema.ts';
import { Panel } from '../../components/controls.tsx';
import { Icon } from '../../components/icon.tsx';
import { useLanguage } from '../../language/language.ts';
import { answered, type Draft, type Problems } from './draft.ts';
import type { FormData } from './fields-frame.tsx';
import { useSightings } from './indicators.tsx';

function jump(id: string): void {
  document.getElementById(id)?.scrollIntoView({ block: 'start' });
}

function OutlineLine(props: {
  readonly to: string;
  readonly label: string;
  readonly value: string;
  readonly wrong?: number;
}): ReactElement {
  const { say } = useLanguage();
  return (
    <li>
      <button type="button" className="link" onClick={() => jump(props.to)}>
        {props.label}
      </button>
      {(props.wrong ?? 0) > 0 ? (
        <span className="sign fail">
          <Icon name="care" />
          {say('window_intake.to_correct', { count: props.wrong ?? 0 })}
        </span>
      ) : (
        <span>{props.value}</span>
      )}
    </li>
  );
}

function Incident(props: { readonly draft: Draft; readonly own: string | null }): ReactElement {
  const { say } = useLanguage();
  const { indicators } = props.draft;
  const hits = [
    useSightings('phone', indicators.phone[0] ?? ''),
    useSightings('handle', indicators.handle[0] ?? ''),
    useSightings('web', indicators.web[0] ?? ''),
    useSightings('session', indicators.session[0] ?? ''),
  ];
  const kinds = ['phone', 'handle', 'web', 'session'] as const;
  const ids = new Set(
    hits.flatMap((hit, index) => ((indicators[kinds[index]!][0] ?? '').trim() === '' ? [] : (hit?.caseIds ?? []))),
  );
  if (props.own !== null) ids.delete(props.own);
  return (
    <section className={ids.size === 0 ? 'empty' : 'empty shared'}>
      <h2>{say('window_intake.incident')}</h2>
      <p>
        {ids.size === 0 ? say('window_intake.incident_none') : say('window_intake.incident_some', { count: ids.size })}
      </p>
    </section>
  );
}

/** What the intake holds so far, with ways to jump, and whether another case may be of the same incident. */
export function Aside(props: {
  readonly draft: Draft;
  readonly form: FormData;
  readonly problems: Problems;
  readonly own: string | null;
}): ReactElement {
  const { say } = useLanguage();
  const { draft, form, problems } = props;
  const inGroup = (...groups: Attribute['group'][]): Attribute[] =>
    form.schema.attributes.filter((one) => groups.includes(one.group) && one.kind !== 'tactic');
  const wrong = (attributes: readonly Attribute[]): number =>
    attributes.filter((one) => problems[one.name] !== undefined).length;
  const telling = inGroup('telling');
  const contact = inGroup('contact');
  const money = inGroup('money');
  return (
    <aside className="aside" aria-label={say('window_intake.overview')}>
      <Panel title={say('window_intake.so_far')}>
        <div className="inner">
          <ul className="outline">
            <OutlineLine
              to="urgent-question"
              label={say('window_intake.right_now')}
              value={say('window_intake.urgent_answer', { answer: draft.urgent })}
            />
            <OutlineLine
              to="b-reach"
              label={say('window_intake.safe')}
              value={draft.safeContact.trim() === '' ? say('window_intake.not_given') : say('window_intake.given')}
            />
            <OutlineLine
              to="b-telling"
              label={say('window_intake.questions')}
              value={say('window_intake.known', { count: answered(draft, telling), of: telling.length })}
              wrong={wrong(telling)}
            />
            <OutlineLine
              to="b-money"
              label={say('window_intake.traces')}
              value={say('window_intake.known', { count: answered(draft, money), of: money.length })}
              wrong={wrong(money)}
            />
            <OutlineLine
              to="b-contact"
              label={say('window_intake.contact_group')}
              value={say('window_intake.known', { count: answered(draft, contact), of: contact.length })}
              wrong={wrong(contact)}
            />
          </ul>
        </div>
      </Panel>
      <Incident draft={draft} own={props.own} />
    </aside>
  );
}
