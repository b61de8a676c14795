import { identityToRecipient } from 'age-encryption';
import { parseDown, verifyDown, type CourierDown } from '../../../shared/courier/format.ts';
import { unpackCourier } from '../../../shared/courier/seal.ts';
import { isOutpostError, sentenceOf, OutpostError } from '../../../shared/errors/index.ts';
import { createSyncStore } from '../store/sync.ts';
import type { Session } from '../session/context.ts';
import { courierSource } from './courier-source.ts';
import { firstTrust, keepPending, makeRequest, readGrant, storeGrant } from '../enrolment/enrolment.ts';
import { gzip } from '../../../platform/gzip.ts';
import { noticeSentence } from '../upload/notices.ts';
import { acceptReceipt, forkLog } from '../upload/receipts.ts';
import { readRegistryKeys } from '../releases/registry-keys.ts';
import { followChannel, referenceTime, type ReleaseInput } from '../releases/follow-channel.ts';
import {
  needPending,
  readEnrolment,
  writeEnrolment,
  type Enrolment,
  type PendingEnrolment,
} from '../store/enrolment.ts';
import { isOlder, refreshReleases } from '../releases/trusted-metadata.ts';
import { sentence, type Sentence } from '../../../shared/language/sentence.ts';

/** What taking in a file works with; `now` in milliseconds. */
export type ImportInput = Pick<
  ReleaseInput,
  'session' | 'signal' | 'appVersion' | 'now' | 'onInstalling' | 'onProgress'
>;

/** What became of a file: sentences for people, and the problem of a release that was not installed. */
export interface Imported {
  readonly sentences: Sentence[];
  readonly problem: OutpostError | null;
}

/** Opens a courier file from the registry; BAD_COURIER when it is not one or sealed for someone else. */
export async function openDownFile(session: Session, bytes: Uint8Array): Promise<CourierDown> {
  return parseDown(await unpackCourier(bytes, session.sealingIdentity, gzip));
}

/**
 * Checks an enrolment file against the hash it names and keeps it until the grant comes. Gives the request to send.
 * CONFLICT when the laptop is enrolled already.
 */
export async function importEnrolmentFile(input: ImportInput, down: CourierDown): Promise<PendingEnrolment> {
  const { session } = input;
  const { code } = down.body;
  if (code === null) throw new OutpostError('BAD_ENROLMENT', sentence('courier.file_no_enrolment_file'));
  if (readEnrolment(session.keyValues) !== null)
    throw new OutpostError('CONFLICT', sentence('sync.laptop_enrolled_already'));
  const trust = await firstTrust(code, courierSource(down), input.now());
  verifyDown(down, trust.keys.receiptKey);
  const pending: PendingEnrolment = {
    code,
    keys: trust.keys,
    request: await makeRequest(session, code.secret, input.now()),
  };
  input.signal.throwIfAborted();
  keepPending(session, pending, trust.metadata);
  return pending;
}

async function checkAddress(session: Session, down: CourierDown, device: string | null): Promise<void> {
  const own = await identityToRecipient(session.sealingIdentity);
  if (down.body.recipient !== own || (device !== null && down.body.device !== device)) {
    throw new OutpostError('BAD_COURIER', sentence('courier.courier_file_another_laptop'));
  }
}

/** The file may be the first word of keys that the offline role replaced: then its own release information says so. */
async function withReplacedKeys(input: ImportInput, down: CourierDown, enrolment: Enrolment): Promise<Enrolment> {
  const store = createSyncStore(input.session.db, input.session.keyValues);
  const source = courierSource(down);
  let verified: ReadonlyMap<string, Uint8Array> = new Map();
  const trusted = await refreshReleases({
    known: store.metadata(),
    source,
    now: referenceTime(input.session, input.now()),
    delegatedPath: null,
    keep: (files) => (verified = files),
  });
  const keys = await readRegistryKeys(trusted.targets, source);
  verifyDown(down, keys.receiptKey);
  input.signal.throwIfAborted();
  const changed = { ...enrolment, keys };
  input.session.db.transaction(() => {
    store.keepMetadata(verified);
    writeEnrolment(input.session.keyValues, changed);
  })();
  return changed;
}

async function verified(input: ImportInput, down: CourierDown, enrolment: Enrolment): Promise<Enrolment> {
  try {
    verifyDown(down, enrolment.keys.receiptKey);
    return enrolment;
  } catch (error) {
    try {
      return await withReplacedKeys(input, down, enrolment);
    } catch (cause) {
      throw new OutpostError('BAD_COURIER', sentenceOf(error), { cause });
    }
  }
}

async function believe(
  input: ImportInput,
  down: CourierDown,
): Promise<{ enrolment: Enrolment; sentences: Sentence[] }> {
  const { session } = input;
  const known = readEnrolment(session.keyValues);
  if (known !== null) {
    await checkAddress(session, down, known.device);
    return { enrolment: await verified(input, down, known), sentences: [] };
  }
  const pending = needPending(session.keyValues);
  await checkAddress(session, down, null);
  verifyDown(down, pending.keys.receiptKey);
  if (down.body.grant === null)
    throw new OutpostError('BAD_COURIER', down.body.problem?.sentence ?? sentence('courier.no_grant'));
  const enrolment = storeGrant(
    session,
    pending,
    readGrant(down.body.grant, pending.keys.receiptKey, session.log().publicKey),
    null,
    input.now(),
  );
  return { enrolment, sentences: [sentence('courier.enrolled', { office: enrolment.office.name })] };
}

/**
 * What a receipt inside a believed file says; null for one signed by a key that was replaced since, which moves nothing.
 */
function takeReceipt(input: ImportInput, raw: unknown, receiptKey: string): 'moved' | 'known' | 'fork' | null {
  try {
    return acceptReceipt(input.session, raw, receiptKey, input.now()).result;
  } catch (error) {
    if (isOutpostError(error, 'BAD_RECEIPT')) return null;
    throw error;
  }
}

/** Receipts of former logs stay without effect: their entries live on in the current log. */
function takeReceipts(input: ImportInput, down: CourierDown, enrolment: Enrolment): Sentence[] {
  const { session } = input;
  const before = session.log().receipted();
  const current = session.log().id;
  let forked = false;
  for (const raw of down.body.receipts.filter((receipt) => receipt.body.log === current)) {
    forked ||= takeReceipt(input, raw, enrolment.keys.receiptKey) === 'fork';
  }
  if (forked) {
    forkLog(session, new Date(input.now()).toISOString());
    return [sentence('courier.forked')];
  }
  const moved = session.log().receipted() - before;
  return [moved > 0 ? sentence('courier.receipted', { n: moved }) : sentence('courier.no_new_receipts')];
}

function takeProblem(input: ImportInput, down: CourierDown): Sentence[] {
  const { problem, log } = down.body;
  if (problem === null || log !== input.session.log().id) return [];
  if (problem.code === 'GAP' && problem.expected !== null) {
    createSyncStore(input.session.db, input.session.keyValues).setResendFrom(problem.expected);
    return [sentence('courier.gap', { expected: problem.expected })];
  }
  return [problem.sentence];
}

async function takeRelease(
  input: ImportInput,
  down: CourierDown,
  enrolment: Enrolment,
): Promise<{ message: Sentence | null; problem: OutpostError | null }> {
  try {
    return { message: await followChannel({ ...input, enrolment, source: courierSource(down) }), problem: null };
  } catch (error) {
    if (isOlder(error)) return { message: sentence('courier.older_releases'), problem: null };
    if (!isOutpostError(error) || error.code === 'CANCELLED') throw error;
    return { message: error.sentence, problem: error };
  }
}

/**
 * Takes in a courier file for this laptop: a grant, receipts, then releases through the same checks as over the network.
 * Nothing of a file that is not ours, or not from our registry, has any effect (BAD_COURIER). Taking one in twice, or an
 * old one, changes nothing.
 */
export async function importDown(input: ImportInput, down: CourierDown): Promise<Imported> {
  const { enrolment, sentences } = await believe(input, down);
  input.signal.throwIfAborted();
  const store = createSyncStore(input.session.db, input.session.keyValues);
  sentences.push(...takeReceipts(input, down, enrolment), ...takeProblem(input, down));
  sentences.push(...down.body.notices.map((notice) => noticeSentence(store, notice)));
  store.sawRegistryTime(down.body.at, input.now());
  const release = await takeRelease(input, down, enrolment);
  if (release.message !== null) sentences.push(release.message);
  return { sentences, problem: release.problem };
}
