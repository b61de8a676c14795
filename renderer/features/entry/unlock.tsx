import { useState, type FormEvent, type ReactElement } from 'react';
import { sentence } from '../../../shared/language/sentence.ts';
import { Button, ProblemBox } from '../../components/controls.tsx';
import { useLanguage } from '../../language/language.ts';
import { useAction, useServices } from '../../hooks/services.ts';
import { Card, Line } from './card.tsx';

/** The lock screen: passphrase, or the recovery key. */
export function Unlock(props: { readonly onUnlocked: () => void }): ReactElement {
  const { say } = useLanguage();
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
  const messages = byRecovery ? sentence('window_entry.wrong_recovery') : sentence('window_entry.wrong_passphrase');
  const error = wrong ? messages : tries > 0 && value === '' ? sentence('window_entry.nothing_entered') : undefined;
  return (
    <Card title={say('window_entry.locked')} more={say('window_entry.locked_more')}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        <Line
          key={String(byRecovery)}
          id="unlock"
          label={byRecovery ? say('window_entry.recovery_key') : say('window_entry.passphrase')}
          type={byRecovery ? 'text' : 'password'}
          autoComplete={byRecovery ? 'off' : 'current-password'}
          spellCheck={false}
          mono={byRecovery}
          value={value}
          onChange={(event) => setValue(event.target.value)}
          error={error}
          tries={tries}
          first
        />
        <ProblemBox problem={wrong ? null : unlock.problem} />
        <div className="actions">
          <Button type="submit" look="primary" off={unlock.busy}>
            {unlock.busy ? say('window_entry.unlocking') : say('window_entry.unlock')}
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
            {byRecovery ? say('window_entry.use_passphrase') : say('window_entry.use_recovery')}
          </Button>
        </div>
      </form>
    </Card>
  );
}
