import { useState, type ReactElement } from 'react';
import { Button } from '../../components/controls.tsx';
import { Icon } from '../../components/icon.tsx';
import { text } from '../../strings.ts';
import { Card } from './card.tsx';

/** Shows the recovery key once; going on needs the word that it is on paper. */
export function RecoveryKey(props: { readonly value: string; readonly onDone: () => void }): ReactElement {
  const [onPaper, setOnPaper] = useState(false);
  return (
    <Card title={text.entry.recovery} more={text.entry.recoveryMore}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (onPaper) props.onDone();
        }}
      >
        <p className="recovery-key" data-testid="recovery-key">
          {props.value}
        </p>
        <p>{text.entry.recoveryPaper}</p>
        <label className="check no-print">
          <input type="checkbox" checked={onPaper} onChange={(event) => setOnPaper(event.target.checked)} />
          {text.entry.onPaper}
        </label>
        <div className="actions">
          <Button type="submit" look="primary" off={!onPaper}>
            {text.entry.goOn}
          </Button>
          <Button onClick={() => window.print()}>
            <Icon name="print" />
            {text.entry.print}
          </Button>
        </div>
      </form>
    </Card>
  );
}
