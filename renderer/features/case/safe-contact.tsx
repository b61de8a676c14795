import type { ReactElement } from 'react';
import type { CaseView } from '../../../shared/contract/views.ts';
import { Icon } from '../../components/icon.tsx';
import { capital } from '../../format.ts';
import { text } from '../../strings.ts';

/** At risk and needs in one phrase: `At risk, hard of hearing.` */
export function careText(personal: Pick<CaseView['private'], 'atRisk' | 'needs'>): string {
  const parts = [
    ...(personal.atRisk ? [text.case.atRisk] : []),
    ...personal.needs.map((need) => text.case.needs[need]),
  ];
  return parts.length === 0 ? '' : `${capital(parts.join(', ').toLowerCase())}.`;
}

function ended(sentence: string): string {
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}

/** What must be known before anybody calls: it stands first, above facts and score. */
export function SafeContact(props: { readonly view: CaseView }): ReactElement {
  const { urgent, row, private: personal } = props.view;
  const said = personal.safeContact.trim();
  return (
    <>
      {urgent && row.outcome === null && (
        <div className="safe urgent">
          <Icon name="phone" />
          <p>
            <strong>{text.case.urgentNow}</strong> {text.case.urgentSteps}
          </p>
        </div>
      )}
      <div className="safe personal">
        <Icon name="care" />
        <p>
          {said === '' ? <span>{text.case.safeFallback}</span> : <strong>{ended(said)}</strong>} {careText(personal)}{' '}
          <span className="muted no-print">{text.case.stays}</span>
        </p>
      </div>
    </>
  );
}
