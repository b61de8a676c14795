import type { ReactElement } from 'react';
import { Button } from '../../components/controls.tsx';
import { go } from '../../router.ts';
import { text } from '../../strings.ts';

/** What stands where a case was that is no longer on this laptop. */
export function CaseGone(): ReactElement {
  return (
    <div className="empty">
      <h2>{text.case.gone}</h2>
      <p>{text.case.goneMore}</p>
      <div className="actions">
        <Button onClick={() => go({ page: 'queue', id: null, reading: false })}>{text.case.toQueue}</Button>
      </div>
    </div>
  );
}
