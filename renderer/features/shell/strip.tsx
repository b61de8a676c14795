import type { ReactElement } from 'react';
import { useStore } from 'zustand';
import type { Status } from '../../../shared/contract/views.ts';
import { Icon } from '../../components/icon.tsx';
import { ButtonMenu } from '../../components/overlay.tsx';
import { ago, durationText, instantText } from '../../language/format.ts';
import { useLanguage } from '../../language/language.ts';
import { go, hashOf } from '../../hooks/router.ts';
import { attempt, lockVault, useNow, useReading, useServices, useStatus } from '../../hooks/services.ts';

function Connection(props: { readonly status: Status }): ReactElement {
  const { say } = useLanguage();
  const { live } = useServices();
  const connected = useStore(live, (state) => state.connected);
  const { connection } = props.status;
  if (!connected) {
    return (
      <a className="bad" href={hashOf({ page: 'sync' })} title={say('window_frame.lost_title')} role="status">
        <Icon name="offline" />
        {say('window_frame.lost')}
      </a>
    );
  }
  return (
    <a href={hashOf({ page: 'sync' })}>
      <Icon name={connection === 'online' || connection === 'syncing' ? 'online' : 'offline'} />
      {say(`window_frame.connection_${connection}`)}
    </a>
  );
}

function Model(props: { readonly model: Status['model'] }): ReactElement {
  const { say } = useLanguage();
  const { model } = props;
  const href = hashOf({ page: 'models' });
  if (model === null)
    return (
      <a className="warn" href={href}>
        {say('window_frame.no_model')}
      </a>
    );
  return (
    <>
      <a href={href} title={model.name}>
        {say('window_frame.model', { version: model.version })}
      </a>
      <a href={href} className={model.expired ? 'warn' : undefined}>
        {model.expired ? say('window_frame.model_expired') : say('window_frame.model_age', { days: model.ageDays })}
      </a>
      {model.simulated && <a href={href}>{say('window_frame.model_simulated')}</a>}
    </>
  );
}

function PersonMenu(props: { readonly status: Status }): ReactElement {
  const { say } = useLanguage();
  const services = useServices();
  const { client, drafts } = services;
  const people = useReading('people', ['people'], () => client.people.list({})).data ?? [];
  const { person, office } = props.status;
  const choose = (id: string): void =>
    void attempt(
      services,
      drafts.flush().then(() => client.people.choose({ id })),
    );
  const others = people.filter((one) => one.id !== person?.id);
  return (
    <ButtonMenu
      label={say('window_frame.switch_person')}
      className="push"
      named
      heading={say('window_frame.switch_person')}
      entries={[
        ...others.map((one) => ({ label: one.name, icon: 'person' as const, act: () => choose(one.id) })),
        { label: say('window_entry.add_person'), icon: 'plus', act: () => go({ page: 'settings' }) },
        null,
        {
          label: say('window_frame.lock_now'),
          icon: 'lock',
          act: () => void attempt(services, lockVault(services), 'status'),
        },
      ]}
    >
      {person === null
        ? say('window_frame.nobody')
        : office === null || office === ''
          ? person.name
          : say('window_frame.person', { name: person.name, office })}
    </ButtonMenu>
  );
}

function Trouble(): ReactElement | null {
  const { say } = useLanguage();
  const { view } = useServices();
  const trouble = useStore(view, (state) => state.trouble);
  if (trouble === null) return null;
  return (
    <button
      type="button"
      className="bad trouble"
      title={say(trouble)}
      onClick={() => view.getState().set({ trouble: null })}
    >
      <Icon name="care" />
      <span role="alert">{say(trouble)}</span>
    </button>
  );
}

/** The status strip: one line, always true; each part opens its page. */
export function Strip(): ReactElement {
  const { say } = useLanguage();
  const status = useStatus().data;
  const now = useNow(15_000);
  const sync = hashOf({ page: 'sync' });
  return (
    <footer className="strip" aria-label={say('window_frame.strip')}>
      {status !== undefined && (
        <>
          <Connection status={status} />
          <a href={sync}>{say('window_frame.waiting_count', { count: status.waiting })}</a>
          {status.connection !== 'not_enrolled' && (
            <a href={sync} title={status.lastContact === null ? undefined : say(instantText(status.lastContact))}>
              {status.lastContact === null
                ? say('window_frame.no_contact')
                : say('window_frame.last_contact', { when: ago(Date.parse(status.lastContact), now) })}
            </a>
          )}
          <span className="bar" />
          <Model model={status.model} />
          <span className="bar" />
          <a href={hashOf({ page: 'settings' })}>
            <Icon name="lock" />
            {status.locksAt === null
              ? say('window_frame.no_lock')
              : say('window_frame.locks_in', { time: durationText(Date.parse(status.locksAt) - now) })}
          </a>
          {status.demo && <span className="part">{say('window_frame.demo')}</span>}
          <Trouble />
          <PersonMenu status={status} />
        </>
      )}
    </footer>
  );
}
