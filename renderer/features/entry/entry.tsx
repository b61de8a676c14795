import type { ReactElement } from 'react';
import type { Status } from '../../../shared/contract/views.ts';
import { Button, ProblemBox } from '../../components/controls.tsx';
import { Icon } from '../../components/icon.tsx';
import type { Problem } from '../../problem.ts';
import { useServices } from '../../services.ts';
import { text } from '../../strings.ts';
import { Card } from './card.tsx';
import { ChoosePerson } from './choose-person.tsx';
import { FirstStart } from './first-start.tsx';
import { RecoveryKey } from './recovery-key.tsx';
import { Unlock } from './unlock.tsx';

/** What stands before the vault is open: first start, recovery key, unlock, or who is working. */
export function Entry(props: {
  readonly status: Status | undefined;
  readonly problem: Problem | null;
  /** Of the vault just made, until it is confirmed to be on paper. */
  readonly recoveryKey: string | null;
  readonly onRecoveryKey: (recoveryKey: string | null) => void;
}): ReactElement {
  const { queries } = useServices();
  const { recoveryKey, onRecoveryKey } = props;
  const goOn = (): void => {
    onRecoveryKey(null);
    queries.forget();
    queries.changed();
  };
  if (recoveryKey !== null) return <RecoveryKey value={recoveryKey} onDone={goOn} />;
  switch (props.status?.vault) {
    case 'new':
      return <FirstStart onCreated={onRecoveryKey} />;
    case 'locked':
      return <Unlock onUnlocked={goOn} />;
    case 'open':
      return <ChoosePerson onChosen={goOn} />;
    case undefined:
      return (
        <Card title={props.problem === null ? text.entry.starting : text.entry.unreachable}>
          {props.problem === null ? (
            <p className="muted">
              <Icon name="clock" />
            </p>
          ) : (
            <ProblemBox problem={props.problem}>
              <Button onClick={() => queries.changed('status')}>{text.frame.tryAgain}</Button>
            </ProblemBox>
          )}
        </Card>
      );
  }
}
