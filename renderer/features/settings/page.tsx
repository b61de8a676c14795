import { useState, type FormEvent, type ReactElement } from 'react';
import { useStore } from 'zustand';
import { sentence } from '../../../shared/language/sentence.ts';
import { Button, Page, Panel, ProblemBox, Segmented } from '../../components/controls.tsx';
import { Icon } from '../../components/icon.tsx';
import { LabelledRow } from '../../components/labelled-row.tsx';
import { useLanguage } from '../../language/language.ts';
import { lockVault, useAction, useReading, useServices, useStatus } from '../../hooks/services.ts';
import { RecoveryKeyPanel } from './recovery-key.tsx';
import { PeoplePanel } from './people.tsx';

function ThemeSetting(): ReactElement {
  const { say } = useLanguage();
  const { view } = useServices();
  const theme = useStore(view, (state) => state.theme);
  return (
    <LabelledRow
      look="setting"
      id="theme"
      group
      label={say('window_settings.theme')}
      hint={say('window_settings.theme_more')}
    >
      <Segmented
        name="theme"
        label={say('window_settings.theme')}
        value={theme}
        onChange={(next) => view.getState().set({ theme: next })}
        choices={(['system', 'light', 'dark'] as const).map((value) => ({
          value,
          label: say(`window_settings.themes_${value}`),
        }))}
      />
    </LabelledRow>
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
  const { say } = useLanguage();
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
      <LabelledRow
        look="setting"
        id={props.id}
        label={props.label}
        hint={props.more}
        error={wrong ? sentence('window_settings.range', { min: props.min, max: props.max }) : undefined}
      >
        {(described) => (
          <>
            <input
              {...described}
              className="input short"
              inputMode="numeric"
              value={typed ?? String(props.value)}
              onChange={(event) => setTyped(event.target.value)}
            />
            <span>{props.unit}</span>
            <Button type="submit" off={typed === null || save.busy}>
              {say('window_settings.save')}
            </Button>
          </>
        )}
      </LabelledRow>
      <ProblemBox problem={save.problem} />
    </form>
  );
}

function About(props: { readonly version: string | undefined; readonly folder: string | undefined }): ReactElement {
  const { say } = useLanguage();
  return (
    <Panel title={say('window_settings.about')}>
      <div className="inner">
        <dl className="facts">
          <div className="wide">
            <dt>{say('window_settings.version')}</dt>
            <dd>
              {say('window_frame.name')} {props.version}
            </dd>
          </div>
          <div className="wide">
            <dt>{say('window_settings.folder')}</dt>
            <dd>
              <span className="mono breaks">{props.folder}</span>
              <br />
              <span className="muted small">{say('window_settings.folder_more')}</span>
            </dd>
          </div>
          <div className="wide">
            <dt>{say('window_settings.license')}</dt>
            <dd>{say('window_settings.license_text')}</dd>
          </div>
        </dl>
      </div>
    </Panel>
  );
}

/** Settings: this window, safety, people, and what this program is. */
export function SettingsPage(): ReactElement {
  const { say } = useLanguage();
  const { client, drafts, queries } = useServices();
  const settings = useReading('settings', ['settings'], () => client.settings.get({}));
  const status = useStatus().data;
  const lock = useAction(() => lockVault({ client, drafts }).finally(() => queries.changed('status')));
  return (
    <Page
      title={say('window_settings.title')}
      end={
        <Button onClick={() => void lock.run()}>
          <Icon name="lock" />
          {say('window_settings.lock_now')}
        </Button>
      }
    >
      <div className="page-body">
        <div className="settings">
          <ProblemBox problem={settings.problem ?? lock.problem} />
          <Panel title={say('window_settings.look')}>
            <div className="inner">
              <ThemeSetting />
            </div>
          </Panel>
          {settings.data !== undefined && (
            <Panel title={say('window_settings.safety')}>
              <div className="inner">
                <NumberSetting
                  id="lock-minutes"
                  label={say('window_settings.lock_after')}
                  more={say('window_settings.lock_after_more')}
                  unit={say('window_settings.minutes')}
                  value={settings.data.lockAfterMinutes}
                  min={1}
                  max={240}
                  save={(value) => client.settings.set({ lockAfterMinutes: value })}
                />
                <NumberSetting
                  id="unseen-days"
                  label={say('window_settings.unseen')}
                  more={say('window_settings.unseen_more')}
                  unit={say('window_settings.days')}
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
          <About version={status?.appVersion} folder={settings.data?.dataFolder} />
        </div>
      </div>
    </Page>
  );
}
