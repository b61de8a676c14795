import { useState, type FormEvent, type ReactElement, type ReactNode } from 'react';
import { useStore } from 'zustand';
import { Button, FieldError, Page, Panel, ProblemBox, Segmented } from '../../components/controls.tsx';
import { Icon } from '../../components/icon.tsx';
import { lockVault, useAction, useReading, useServices, useStatus } from '../../services.ts';
import { text } from '../../strings.ts';
import { RecoveryKeyPanel } from './recovery-key.tsx';
import { PeoplePanel } from './people.tsx';

const words = text.settings;

function Setting(props: {
  readonly label: ReactNode;
  readonly more: string;
  readonly children: ReactNode;
}): ReactElement {
  return (
    <div className="setting">
      <p>{props.label}</p>
      <p className="muted small">{props.more}</p>
      <div className="control">{props.children}</div>
    </div>
  );
}

function ThemeSetting(): ReactElement {
  const { view } = useServices();
  const theme = useStore(view, (state) => state.theme);
  return (
    <Setting label={words.theme} more={words.themeMore}>
      <Segmented
        name="theme"
        label={words.theme}
        value={theme}
        onChange={(next) => view.getState().set({ theme: next })}
        choices={(['system', 'light', 'dark'] as const).map((value) => ({ value, label: words.themes[value] }))}
      />
    </Setting>
  );
}

/** A whole number within limits, saved by its own button. */
function NumberSetting(props: {
  readonly id: string;
  readonly label: string;
  readonly more: string;
  readonly unit: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly save: (value: number) => Promise<unknown>;
}): ReactElement {
  const { queries } = useServices();
  const [typed, setTyped] = useState<string | null>(null);
  const [wrong, setWrong] = useState(false);
  const save = useAction(async (value: number) => {
    await props.save(value);
    setTyped(null);
    queries.changed('settings', 'status', 'cases');
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const value = Number(typed ?? props.value);
    const fits = Number.isInteger(value) && value >= props.min && value <= props.max;
    setWrong(!fits);
    if (fits) void save.run(value);
  };
  return (
    <form onSubmit={submit} noValidate>
      <Setting label={<label htmlFor={props.id}>{props.label}</label>} more={props.more}>
        <input
          className="input short"
          id={props.id}
          inputMode="numeric"
          value={typed ?? String(props.value)}
          aria-invalid={wrong || undefined}
          aria-describedby={`${props.id}-error`}
          onChange={(event) => setTyped(event.target.value)}
        />
        <span>{props.unit}</span>
        <Button type="submit" off={typed === null || save.busy}>
          {words.save}
        </Button>
      </Setting>
      <FieldError id={`${props.id}-error`} message={wrong ? words.range(props.min, props.max) : undefined} />
      <ProblemBox problem={save.problem} />
    </form>
  );
}

/** Settings: this window, safety, people, and what this program is. */
export function SettingsPage(): ReactElement {
  const { client, drafts, queries } = useServices();
  const settings = useReading('settings', ['settings'], () => client.settings.get({}));
  const status = useStatus().data;
  const lock = useAction(() => lockVault({ client, drafts }).finally(() => queries.changed('status')));
  return (
    <Page
      title={words.title}
      end={
        <Button onClick={() => void lock.run()}>
          <Icon name="lock" />
          {words.lockNow}
        </Button>
      }
    >
      <div className="page-body">
        <div className="settings">
          <ProblemBox problem={settings.problem ?? lock.problem} />
          <Panel title={words.look}>
            <div className="inner">
              <ThemeSetting />
            </div>
          </Panel>
          {settings.data !== undefined && (
            <Panel title={words.safety}>
              <div className="inner">
                <NumberSetting
                  id="lock-minutes"
                  label={words.lockAfter}
                  more={words.lockAfterMore}
                  unit={words.minutes}
                  value={settings.data.lockAfterMinutes}
                  min={1}
                  max={240}
                  save={(value) => client.settings.set({ lockAfterMinutes: value })}
                />
                <NumberSetting
                  id="unseen-days"
                  label={words.unseen}
                  more={words.unseenMore}
                  unit={words.days}
                  value={settings.data.unseenDays}
                  min={1}
                  max={60}
                  save={(value) => client.settings.set({ unseenDays: value })}
                />
              </div>
            </Panel>
          )}
          <RecoveryKeyPanel />
          <PeoplePanel current={status?.person ?? null} />
          <Panel title={words.about}>
            <div className="inner">
              <dl className="facts">
                <div className="wide">
                  <dt>{words.version}</dt>
                  <dd>
                    {text.frame.name} {status?.appVersion}
                  </dd>
                </div>
                <div className="wide">
                  <dt>{words.folder}</dt>
                  <dd>
                    <span className="mono breaks">{settings.data?.dataFolder}</span>
                    <br />
                    <span className="muted small">{words.folderMore}</span>
                  </dd>
                </div>
                <div className="wide">
                  <dt>{words.license}</dt>
                  <dd>{words.licenseText}</dd>
                </div>
              </dl>
            </div>
          </Panel>
        </div>
      </div>
    </Page>
  );
}
