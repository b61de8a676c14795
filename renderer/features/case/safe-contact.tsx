import type { ReactElement } from 'react';
import type { CaseView } from '../../../shared/contract/views.ts';
import { listed, sentence } from '../../../shared/language/sentence.ts';
import { Icon } from '../../components/icon.tsx';
import { capital } from '../../language/format.ts';
import { useLanguage, type Say } from '../../language/language.ts';

/** At risk and needs in one phrase: `At risk, hard of hearing.` */
function careText(personal: Pick<CaseView['private'], 'atRisk' | 'needs'>, say: Say): string {
  const { atRisk, needs } = personal;
  if (!atRisk && needs.length === 0) return '';
  const named = listed(needs.map((need) => sentence(`window_case.needs_${need}`)));
  return capital(say('window_case.care', { atRisk, count: needs.length, needs: named }));
}

function ended(sentence: string): string {
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}

/** What must be known before anybody calls: it stands first, above facts and score. */
export function SafeContact(props: { readonly view: CaseView }): ReactElement {
  const { say } = useLanguage();
  const { urgent, row, private: personal } = props.view;
  const instruction = personal.safeContact.trim();
  return (
    <>
      {urgent && row.outcome === null && (
        <div className="safe urgent">
          <Icon name="phone" />
          <p>
            <strong>{say('window_case.urgent_now')}</strong> {say('window_case.urgent_steps')}
          </p>
        </div>
      )}
      <div className="safe personal">
        <Icon name="care" />
        <p>
          {instruction === '' ? <span>{say('window_case.safe_fallback')}</span> : <strong>{ended(instruction)}</strong>}{' '}
          {careText(personal, say)} <span className="muted no-print">{say('window_case.stays')}</span>
        </p>
      </div>
    </>
  );
}
