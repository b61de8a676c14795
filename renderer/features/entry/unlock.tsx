import { useState, type FormEvent, type ReactElement } from 'react';
import { Button, ProblemBox } from '../../components/controls.tsx';
import { useAction, useServices } from '../../services.ts';
import { text } from '../../strings.ts';
import { Card, Line } from './card.tsx';

/** The lock screen: passphrase, or the recovery key. */
export function Unlock(props: { readonly onUnlocked: () => void }): ReactElement {
  const { client } = useServices();
  const [byRecovery, setByRecovery] = useState(false);
  const [value, setValue] = useState('');
  const [tries, setTries] = useState(0);
  const unlock = useAction(async () => {
    await client.vault.unlock(byRecovery ? { recoveryKey: value.trim() } : { passphrase: value });
    props.onUnlocked();
  });
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (value !== '') await unlock.run();
    setTries((count) => count + 1);
  };
  const wrong = unlock.problem?.code === 'WRONG_PASSPHRASE';
  const messages = byRecovery ? text.entry.wrongRecovery : text.entry.wrongPassphrase;
  const error = wrong ? messages : tries > 0 && value === '' ? text.entry.nothingEntered : undefined;
  return (
    <Card title={text.entry.locked} more={text.entry.lockedMore}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        <Line
          key={String(byRecovery)}
          id="unlock"
          label={byRecovery ? text.entry.recoveryKey : text.entry.passphrase}
          type={byRecovery ? 'text' : 'password'}
          autoComplete={byRecovery ? 'off' : 'current-password'}
          spellCheck={false}
          value={value}
          onChange={(event) => setValue(event.target.value)}
          error={error}
          tries={tries}
          first
        />
        <ProblemBox problem={wrong ? null : unlock.problem} />
        <div className="actions">
          <Button type="submit" look="primary" off={unlock.busy}>
            {unlock.busy ? text.entry.unlocking : text.entry.unlock}
          </Button>
          <Button
            look="plain"
            onClick={() => {
              setByRecovery(!byRecovery);
              setValue('');
              setTries(0);
              unlock.clear();
            }}
          >
            {byRecovery ? text.entry.usePassphrase : text.entry.useRecovery}
          </Button>
        </div>
      </form>
    </Card>
  );
}
