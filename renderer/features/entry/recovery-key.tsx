import { useState, type ReactElement } from 'react';
import { Button, ProblemBox } from '../../components/controls.tsx';
import { Icon } from '../../components/icon.tsx';
import { useLanguage } from '../../language/language.ts';
import { useAction, useReading, useServices } from '../../hooks/services.ts';
import { Card } from './card.tsx';

/** Shows the recovery key until somebody says that it is on paper, also after a reload. */
export function RecoveryKey(props: { readonly onDone: () => void }): ReactElement {
  const { say } = useLanguage();
  const { client } = useServices();
  const [onPaper, setOnPaper] = useState(false);
  const reading = useReading('recovery-key', ['status'], () => client.vault.recoveryKey({}));
  const confirm = useAction(async () => {
    await client.vault.confirmRecoveryKey({});
    props.onDone();
  });
  return (
    <Card title={say('window_entry.recovery')} more={say('window_entry.recovery_more')}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (onPaper) void confirm.run();
        }}
      >
        <p className="recovery-key" data-testid="recovery-key">
          {reading.data?.recoveryKey ?? ' '}
        </p>
        <p>{say('window_entry.recovery_paper')}</p>
        <label className="check no-print">
          <input type="checkbox" checked={onPaper} onChange={(event) => setOnPaper(event.target.checked)} />
          {say('window_entry.on_paper')}
        </label>
        <ProblemBox problem={reading.problem ?? confirm.problem} />
        <div className="actions">
          <Button type="submit" look="primary" off={!onPaper}>
            {say('window_entry.go_on')}
          </Button>
          <Button onClick={() => window.print()}>
            <Icon name="print" />
            {say('window_entry.print')}
          </Button>
        </div>
      </form>
    </Card>
  );
}
