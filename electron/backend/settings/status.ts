import { z } from 'zod';
import type { Person, Status } from '../../../shared/contract/views.ts';
import type { Manifest } from '../../../shared/encoding/manifest.ts';
import { countCases } from '../store/queue.ts';
import { waitingOfPeople } from '../store/waiting.ts';
import type { BackendOptions, Session } from '../session/context.ts';
import type { Clock } from '../../../platform/environment.ts';
import { today } from '../../../platform/days.ts';
import { hasOpenRecoveryKey } from '../vault/open-recovery-key.ts';

const dayMs = 86_400_000;

/** What the strip takes from other parts. */
export interface StatusSources {
  readonly options: BackendOptions;
  readonly vault: { state(): Status['vault']; locksAt(): number | null; session(): Session };
  readonly sync: {
    status(): { lastContact: string | null; office: string | null };
    connection(): Status['connection'];
  };
  readonly alarms: () => number;
  readonly person: () => Person | null;
}

function modelStatus(manifest: Manifest, clock: Clock): NonNullable<Status['model']> {
  const { id, name, version, created, expires, simulated } = manifest.model;
  const ageDays = Math.max(0, Math.floor((clock.now() - Date.parse(created)) / dayMs));
  return { id, name, version, ageDays, expires, expired: today(clock) > expires, simulated };
}

/** The status strip. A closed vault says nothing of what is in it. */
export function readStatus({ options, vault, sync, alarms, person }: StatusSources): Status {
  const { appVersion, demo, clock } = options;
  const state = vault.state();
  const base = { vault: state, appVersion, demo };
  if (state !== 'open') {
    return {
      ...base,
      connection: 'not_enrolled',
      waiting: 0,
      openCases: 0,
      alarms: 0,
      lastContact: null,
      model: null,
      locksAt: null,
      recoveryKeyOpen: false,
      person: null,
      office: null,
    };
  }
  const session = vault.session();
  const { lastContact, office } = sync.status();
  const locksAt = vault.locksAt();
  const model = session.models.active();
  const ownOffice = z.string().nullable().parse(session.keyValues.get('office'));
  return {
    ...base,
    connection: sync.connection(),
    waiting: waitingOfPeople(session.db, session.log()),
    openCases: countCases(session.db, null).open,
    alarms: alarms(),
    lastContact,
    model: model === null ? null : modelStatus(model.manifest, clock),
    locksAt: locksAt === null ? null : new Date(locksAt).toISOString(),
    recoveryKeyOpen: hasOpenRecoveryKey(session.keyValues),
    person: person(),
    office: office ?? (ownOffice === '' ? null : ownOffice),
  };
}
