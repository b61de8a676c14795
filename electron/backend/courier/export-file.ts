import { courierLimits, makeUp } from '../../../shared/courier/format.ts';
import { packCourier } from '../../../shared/courier/seal.ts';
import type { EnrolmentRequest } from '../../../shared/contract/registry.ts';
import type { Batch } from '../../../shared/log/signed.ts';
import type { Session } from '../session/context.ts';
import type { EventLog } from '../store/log.ts';
import { makeBatch, nextEvents } from '../upload/batches.ts';
import { needPending, readEnrolment } from '../store/enrolment.ts';
import { gzip } from '../../../platform/gzip.ts';
import { startOf } from '../upload/upload.ts';

/** Most characters of entries in one courier file; what is left goes with the next one. */
const maxCharacters = courierLimits.decompressed / 4;

/** A file for the stick: name, sealed bytes and how many entries are inside. */
interface UpFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly entries: number;
}

interface Addressee {
  readonly sealTo: string;
  readonly officeKey: string | null;
  readonly enrolment: EnrolmentRequest | null;
  readonly office: string;
}

function addressee(session: Session): Addressee {
  const enrolment = readEnrolment(session.keyValues);
  if (enrolment !== null)
    return {
      sealTo: enrolment.keys.sealTo,
      officeKey: enrolment.officeKey,
      enrolment: null,
      office: enrolment.office.id,
    };
  const pending = needPending(session.keyValues);
  return { sealTo: pending.keys.sealTo, officeKey: null, enrolment: pending.request, office: 'enrolment' };
}

function collect(log: EventLog, from: number, officeKey: string | null, at: string): Batch[] {
  const batches: Batch[] = [];
  let after = from - 1;
  let characters = 0;
  while (characters < maxCharacters) {
    const events = nextEvents(log, after);
    const last = events.at(-1);
    if (last === undefined) break;
    batches.push(makeBatch(log, events, officeKey, at));
    after = last.event.seq;
    characters += events.reduce((sum, event) => sum + event.text.length, 0);
  }
  return batches;
}

/**
 * Makes the courier file for the registry: everything after the last receipt, signed by the log's key and sealed to the
 * registry. Before the grant it carries the request to join. NOT_ENROLLED when no registry is known. `now` in
 * milliseconds.
 */
export async function makeUpFile(session: Session, now: number): Promise<UpFile> {
  const { sealTo, officeKey, enrolment, office } = addressee(session);
  const log = session.log();
  const at = new Date(now).toISOString();
  const from = startOf(session);
  const batches = collect(log, from, officeKey, at);
  const last = batches.at(-1)?.body;
  const to = last?.to ?? from - 1;
  const hash = last?.hash ?? (to === 0 ? '0'.repeat(64) : (log.read(to - 1, 1)[0]?.hash ?? log.head().hash));
  const up = makeUp(
    { recipient: sealTo, log: log.id, key: log.publicKey, from, to, hash, at, enrolment },
    batches,
    (purpose, body) => log.sign(purpose, body),
  );
  return {
    name: `outpost-${office}-${log.id.slice(-6)}-${at.slice(0, 10)}-${from}-${to}.outpost`,
    bytes: await packCourier(up, sealTo, gzip),
    entries: to - from + 1,
  };
}
