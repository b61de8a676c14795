import type { ReactElement } from 'react';
import type { Status } from '../../../shared/contract/views.ts';
import { Button, ProblemBox } from '../../components/controls.tsx';
import { Icon } from '../../components/icon.tsx';
import { useLanguage } from '../../language/language.ts';
import type { Problem } from '../../transport/problem.ts';
import { useServices } from '../../hooks/services.ts';
import { Card } from './card.tsx';
import { ChoosePerson } from './choose-person.tsx';
import { FirstStart } from './first-start.tsx';
import { RecoveryKey } from './recovery-key.tsx';
import { Unlock } from './unlock.tsx';

/** What stands before the vault is open: first start, recovery key, unlock, or who is working. */
export function Entry(props: { readonly status: Status | undefined; readonly problem: Problem | null }): ReactElement {
  const { say } = useLanguage();
  const { queries } = useServices();
  const goOn = (): void => {
    queries.forget();
    queries.changed();
  };
  switch (props.status?.vault) {
    case 'new':
      return <FirstStart onCreated={goOn} />;
    case 'locked':
      return <Unlock onUnlocked={goOn} />;
    case 'open':
      return props.status.recoveryKeyOpen ? <RecoveryKey onDone={goOn} /> : <ChoosePerson onChosen={goOn} />;
    case undefined:
      return (
        <Card title={props.problem === null ? say('window_entry.starting') : say('window_entry.unreachable')}>
          {props.problem === null ? (
            <p className="muted">
              <Icon name="clock" />
            </p>
          ) : (
            <ProblemBox problem={props.problem}>
              <Button onClick={() => queries.changed('status')}>{say('window_frame.try_again')}</Button>
            </ProblemBox>
          )}
        </Card>
      );
  }
}
