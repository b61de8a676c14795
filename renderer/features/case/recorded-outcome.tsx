import type { ReactElement } from 'react';
import type { CaseView } from '../../../shared/contract/views.ts';
import { Mark, type Standing } from '../../components/verdict.tsx';
import { ago, instantText } from '../../language/format.ts';
import { useLanguage } from '../../language/language.ts';
import { useNow } from '../../hooks/services.ts';

/** The note, in a box of its own that scrolls, so that a long one leaves the case in sight. */
export function Note(props: { readonly note: string }): ReactElement {
  const { say } = useLanguage();
  const { note } = props;
  if (note === '') return <p className="muted">{say('window_case.no_note')}</p>;
  if (note.length < 120) return <p className="breaks">{note}</p>;
  return (
    <div className="note breaks" tabIndex={0} role="region" aria-label={say('window_case.note')}>
      {note}
    </div>
  );
}

const marks = {
  confirmed_scam: 'scam',
  genuine_provider: 'not_scam',
  inconclusive: 'unclear',
} as const satisfies Record<NonNullable<CaseView['outcome']>['outcome'], Standing>;

/** What was found out: it leads the case, with who recorded it, when, and how they know. */
export function RecordedOutcome(props: {
  readonly outcome: NonNullable<CaseView['outcome']>;
  readonly timeline: CaseView['timeline'];
}): ReactElement {
  const { say } = useLanguage();
  const now = useNow(60_000);
  const { outcome, reason, note, at } = props.outcome;
  const person = props.timeline.findLast((entry) => entry.type === 'case.outcome')?.person ?? null;
  return (
    <div className="recorded no-print" role="group" aria-label={say('window_case.outcome_form')}>
      <h3 className={outcome === 'confirmed_scam' ? 'verdict scam' : 'verdict'}>
        <Mark standing={marks[outcome]} />
        <span>
          {say(`window_case.outcomes_${outcome}`)}
          {reason !== null && `, ${say(`window_case.reasons_${reason}`)}`}
        </span>
      </h3>
      <p className="muted small" title={say(instantText(at))}>
        {say('window_case.recorded', { when: ago(Date.parse(at), now) })}{' '}
        {person !== null && say('window_case.by', { person })}
      </p>
      <Note note={note} />
    </div>
  );
}
