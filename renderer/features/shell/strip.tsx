import type { ReactElement } from 'react';
import { useStore } from 'zustand';
import type { Status } from '../../../shared/contract/views.ts';
import { Icon } from '../../components/icon.tsx';
import { ButtonMenu } from '../../components/overlay.tsx';
import { ago, durationText, instantText } from '../../format.ts';
import { go, hashOf } from '../../router.ts';
import { attempt, lockVault, useNow, useReading, useServices, useStatus } from '../../services.ts';
import { text } from '../../strings.ts';

function Connection(props: { readonly status: Status }): ReactElement {
  const { live } = useServices();
  const connected = useStore(live, (state) => state.connected);
  const { connection } = props.status;
  if (!connected) {
    return (
      <a className="bad" href={hashOf({ page: 'sync' })} title={text.frame.lostTitle} role="status">
        <Icon name="offline" />
        {text.frame.lost}
      </a>
    );
  }
  return (
    <a href={hashOf({ page: 'sync' })}>
      <Icon name={connection === 'online' || connection === 'syncing' ? 'online' : 'offline'} />
      {text.frame.connection[connection]}
    </a>
  );
}

function Model(props: { readonly model: Status['model'] }): ReactElement {
  const { model } = props;
  const href = hashOf({ page: 'models' });
  if (model === null)
    return (
      <a className="warn" href={href}>
        {text.frame.noModel}
      </a>
    );
  return (
    <>
      <a href={href} title={model.name}>
        {text.frame.model(model.version)}
      </a>
      <a href={href} className={model.expired ? 'warn' : undefined}>
        {model.expired ? text.frame.modelExpired : text.frame.modelAge(model.ageDays)}
      </a>
      {model.simulated && <a href={href}>{text.frame.modelSimulated}</a>}
    </>
  );
}

function PersonMenu(props: { readonly status: Status }): ReactElement {
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
      label={text.frame.switchPerson}
      className="push"
      named
      heading={text.frame.switchPerson}
      entries={[
        ...others.map((one) => ({ label: one.name, icon: 'person' as const, act: () => choose(one.id) })),
        { label: text.entry.addPerson, icon: 'plus', act: () => go({ page: 'settings' }) },
        null,
        {
          label: text.frame.lockNow,
          icon: 'lock',
          act: () => void attempt(services, lockVault(services), 'status'),
        },
      ]}
    >
      {person === null ? text.frame.nobody : text.frame.person(person.name, office)}
    </ButtonMenu>
  );
}

function Trouble(): ReactElement | null {
  const { view } = useServices();
  const trouble = useStore(view, (state) => state.trouble);
  if (trouble === null) return null;
  return (
    <button
      type="button"
      className="bad trouble"
      title={trouble}
      onClick={() => view.getState().set({ trouble: null })}
    >
      <Icon name="care" />
      <span role="alert">{trouble}</span>
    </button>
  );
}

/** The status strip: one line, always true; each part opens its page. */
export function Strip(): ReactElement {
  const status = useStatus().data;
  const now = useNow(15_000);
  const sync = hashOf({ page: 'sync' });
  return (
    <footer className="strip" aria-label={text.frame.strip}>
      {status !== undefined && (
        <>
          <Connection status={status} />
          <a href={sync}>{text.frame.waitingCount(status.waiting)}</a>
          {status.connection !== 'not_enrolled' && (
            <a href={sync} title={status.lastContact === null ? undefined : instantText(status.lastContact)}>
              {status.lastContact === null
                ? text.frame.noContact
                : text.frame.lastContact(ago(Date.parse(status.lastContact), now))}
            </a>
          )}
          <span className="bar" />
          <Model model={status.model} />
          <span className="bar" />
          <a href={hashOf({ page: 'settings' })}>
            <Icon name="lock" />
            {status.locksAt === null
              ? text.frame.noLock
              : text.frame.locksIn(durationText(Date.parse(status.locksAt) - now))}
          </a>
          {status.demo && <span className="part">{text.frame.demo}</span>}
          <Trouble />
          <PersonMenu status={status} />
        </>
      )}
    </footer>
  );
}
