import { useState, type ReactElement } from 'react';
import type { IndicatorHit } from '../../../shared/contract/views.ts';
import { standingOf, VerdictSign } from '../../components/verdict.tsx';
import { dateText } from '../../language/format.ts';
import { useLanguage } from '../../language/language.ts';
import { hashOf } from '../../hooks/router.ts';
import { useNow, useReading, useServices } from '../../hooks/services.ts';

/** Most linked cases listed under one indicator. */
const listed = 8;

function LinkedCase(props: { readonly id: string }): ReactElement | null {
  const { say } = useLanguage();
  const { client } = useServices();
  const now = useNow(60_000);
  const view = useReading(`case/${props.id}`, ['cases', 'sync'], () =>
    client.cases.get({ id: props.id, look: false }),
  ).data;
  if (view === undefined) return null;
  const { row } = view;
  return (
    <li>
      <a href={hashOf({ page: 'queue', id: row.id, reading: true })}>{row.reference}</a>
      <VerdictSign standing={standingOf(row)} />
      <span>{row.outcome === null ? say('window_case.no_outcome') : say(`window_case.outcomes_${row.outcome}`)}</span>
      <span className="muted">{say(dateText(row.received, now))}</span>
    </li>
  );
}

function Sighting(props: { readonly hit: IndicatorHit; readonly own: string }): ReactElement {
  const { say } = useLanguage();
  const { hit } = props;
  const [open, setOpen] = useState(false);
  const others = hit.caseIds.filter((id) => id !== props.own).slice(0, listed);
  const seen = hit.cases > 1;
  return (
    <>
      <div className="sighting">
        <span className="mono breaks">{hit.value}</span>
        <span className={seen ? undefined : 'muted'}>
          {say(`window_case.kinds_${hit.kind}`)}:{' '}
          {seen ? (
            <b>{say('window_case.sighting', { cases: hit.cases, confirmed: hit.confirmed, offices: hit.offices })}</b>
          ) : (
            say('window_case.first_seen')
          )}
        </span>
        {others.length > 0 && (
          <button
            type="button"
            className="link"
            aria-expanded={open}
            aria-label={say('window_case.show_cases_with', { value: hit.value })}
            onClick={() => setOpen(!open)}
          >
            {open ? say('window_case.hide') : say('window_case.show')}
          </button>
        )}
      </div>
      {open && (
        <ul className="linked">
          {others.map((id) => (
            <LinkedCase key={id} id={id} />
          ))}
        </ul>
      )}
    </>
  );
}

/** Where the indicators of a case were seen elsewhere. Matches, not guilt. */
export function IndicatorMatches(props: {
  readonly hits: readonly IndicatorHit[];
  readonly own: string;
}): ReactElement | null {
  const { say } = useLanguage();
  if (props.hits.length === 0) return null;
  return (
    <>
      <h3 className="visually-hidden">{say('window_case.links')}</h3>
      <div className="sightings personal">
        {props.hits.map((hit) => (
          <Sighting key={`${hit.kind}/${hit.value}`} hit={hit} own={props.own} />
        ))}
      </div>
    </>
  );
}
