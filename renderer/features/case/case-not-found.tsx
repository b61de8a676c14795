import type { ReactElement } from 'react';
import { Button } from '../../components/controls.tsx';
import { useLanguage } from '../../language/language.ts';
import { go } from '../../hooks/router.ts';

/** What stands where a case was that is no longer on this laptop. */
export function CaseGone(): ReactElement {
  const { say } = useLanguage();
  return (
    <div className="empty">
      <h2>{say('window_case.gone')}</h2>
      <p>{say('window_case.gone_more')}</p>
      <div className="actions">
        <Button onClick={() => go({ page: 'queue', id: null, reading: false })}>{say('window_case.to_queue')}</Button>
      </div>
    </div>
  );
}
