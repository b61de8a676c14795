import { useState, type FormEvent, type ReactElement } from 'react';
import { Button, Panel, ProblemBox } from '../../components/controls.tsx';
import { useLanguage } from '../../language/language.ts';
import { useAction, useServices } from '../../hooks/services.ts';

/** Makes a new recovery key when the printed one is lost or was seen by somebody. It is shown at once, to be printed. */
export function RecoveryKeyPanel(): ReactElement {
  const { say } = useLanguage();
  const { client, queries } = useServices();
  const [passphrase, setPassphrase] = useState('');
  const renew = useAction(async () => {
    await client.vault.renewRecoveryKey({ passphrase });
    setPassphrase('');
    queries.changed('status');
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (passphrase !== '') void renew.run();
  };
  return (
    <Panel title={say('window_settings.recovery')}>
      <form className="inner stack" onSubmit={submit}>
        <p className="muted small">{say('window_settings.recovery_more')}</p>
        <div className="people-add">
          <input
            className="input"
            type="password"
            autoComplete="current-password"
            aria-label={say('window_entry.passphrase')}
            placeholder={say('window_entry.passphrase')}
            maxLength={1000}
            value={passphrase}
            onChange={(event) => setPassphrase(event.target.value)}
          />
          <Button type="submit" off={passphrase === '' || renew.busy}>
            {say('window_settings.recovery_new')}
          </Button>
        </div>
        <ProblemBox problem={renew.problem} />
      </form>
    </Panel>
  );
}
