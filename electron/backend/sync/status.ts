import type { SyncStatus } from '../../../shared/contract/views.ts';
import { createSyncStore } from '../store/sync.ts';
import { waitingKinds } from '../store/waiting.ts';
import type { Session } from '../session/context.ts';
import { releaseExpires } from '../releases/follow-channel.ts';
import { readEnrolment, readPending } from '../store/enrolment.ts';

/** What sync is doing at this moment. */
export type Running = Pick<SyncStatus, 'phase' | 'progress'>;

/** The sync page's facts, read from the database and what runs. */
export function readStatus(session: Session, running: Running): SyncStatus {
  const store = createSyncStore(session.db, session.keyValues);
  const enrolment = readEnrolment(session.keyValues);
  const log = session.log();
  const entries = log.head().seq;
  const receipted = log.receipted();
  const receipt = store.lastReceipt(log.id)?.body ?? null;
  return {
    enrolled: enrolment !== null,
    joining: enrolment === null && readPending(session.keyValues) !== null,
    registry: enrolment?.registry ?? null,
    address: enrolment === null || enrolment.address === '' ? null : enrolment.address,
    office: enrolment?.office.name ?? null,
    log: log.id,
    entries,
    receipted,
    waiting: entries - receipted,
    kinds: waitingKinds(session.db, log),
    lastReceipt: receipt === null ? null : { at: receipt.at, seq: receipt.seq, hash: receipt.hash },
    lastContact: store.lastContact(),
    lastProblem: store.lastProblem(),
    phase: running.phase,
    progress: running.progress,
    releaseExpires: releaseExpires(session),
    history: store.history(),
  };
}
