import { useState, type ReactElement } from 'react';
import { Button, ProblemBox } from '../../components/controls.tsx';
import { Icon } from '../../components/icon.tsx';
import { useAction, useReading, useServices } from '../../services.ts';
import { text } from '../../strings.ts';
import { Card } from './card.tsx';

/** Shows the recovery key until somebody says that it is on paper, also after a reload. */
export function RecoveryKey(props: { readonly onDone: () => void }): ReactElement {
  const { client } = useServices();
  const [onPaper, setOnPaper] = useState(false);
  const reading = useReading('recovery-key', ['status'], () => client.vault.recoveryKey({}));
  const confirm = useAction(async () => {
    await client.vault.confirmRecoveryKey({});
    props.onDone();
  });
  return (
    <Card title={text.entry.recovery} more={text.entry.recoveryMore}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (onPaper) void confirm.run();
        }}
      >
        <p className="recovery-key" data-testid="recovery-key">
          {reading.data?.recoveryKey ?? ' '}
        </p>
        <p>{text.entry.recoveryPaper}</p>
        <label className="check no-print">
          <input type="checkbox" checked={onPaper} onChange={(event) => setOnPaper(event.target.checked)} />
          {text.entry.onPaper}
        </label>
        <ProblemBox problem={reading.problem ?? confirm.problem} />
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
