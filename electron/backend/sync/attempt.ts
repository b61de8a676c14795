import { isOutpostError, OutpostError } from '../../../shared/errors/index.ts';
import { createSyncStore } from '../store/sync.ts';
import type { BackendContext, Session } from '../session/context.ts';
import { requestGrant, storeGrant } from '../enrolment/enrolment.ts';
import { registryClient } from '../network/registry-client.ts';
import { followChannel } from '../releases/follow-channel.ts';
import { httpSource } from '../releases/http-source.ts';
import { readEnrolment, readPending, type Enrolment } from '../store/enrolment.ts';
import { isOlder } from '../releases/trusted-metadata.ts';
import { upload } from '../upload/upload.ts';
import { sentence } from '../../../shared/language/sentence.ts';

/** What an attempt shows while it runs. */
export interface AttemptView {
  phase(phase: 'sending' | 'fetching' | 'installing', progress?: { done: number; total: number }): void;
}

/** What an attempt works with. */
interface AttemptInput {
  readonly context: BackendContext;
  readonly session: Session;
  readonly signal: AbortSignal;
  readonly view: AttemptView;
  readonly askFirst: boolean;
}

/** Base address to reach over the network; null when there is none to reach (not enrolled, or by courier only). */
export function addressOf(session: Session): string | null {
  const address = readEnrolment(session.keyValues)?.address ?? readPending(session.keyValues)?.code.address ?? '';
  return address === '' ? null : address;
}

async function finishJoining(input: AttemptInput): Promise<Enrolment> {
  const enrolment = readEnrolment(input.session.keyValues);
  if (enrolment !== null) return enrolment;
  const pending = readPending(input.session.keyValues);
  if (pending === null) throw new OutpostError('NOT_ENROLLED');
  const grant = await requestGrant(input.session, pending, { options: input.context.options, signal: input.signal });
  input.signal.throwIfAborted();
  return storeGrant(input.session, pending, grant, null, input.context.options.clock.now());
}

async function send(input: AttemptInput, enrolment: Enrolment): Promise<void> {
  const { context, session, signal, view } = input;
  const { clock } = context.options;
  const sent = await upload({
    session,
    enrolment,
    signal,
    askFirst: input.askFirst,
    client: registryClient(enrolment.address, { options: context.options, signal }),
    now: () => clock.now(),
    onProgress: (done, total) => view.phase('sending', { done, total }),
  });
  const at = new Date(clock.now()).toISOString();
  const store = createSyncStore(session.db, session.keyValues);
  store.setLastContact(at);
  if (sent > 0) store.say(at, sentence('sync.sent', { n: sent }));
}

async function fetchReleases(input: AttemptInput, enrolment: Enrolment): Promise<void> {
  const { context, session, signal, view } = input;
  const { clock } = context.options;
  view.phase('fetching');
  const message = await followChannel({
    session,
    enrolment,
    signal,
    appVersion: context.options.appVersion,
    source: httpSource(enrolment.address, { options: context.options, partsDir: context.exchangeDir, signal }),
    now: () => clock.now(),
    onInstalling: () => view.phase('installing'),
    onProgress: (done, total) => view.phase('installing', { done, total }),
  });
  const at = new Date(clock.now()).toISOString();
  const store = createSyncStore(session.db, session.keyValues);
  store.setLastContact(at);
  if (message !== null) store.say(at, message);
}

function known(error: unknown): OutpostError {
  return isOutpostError(error) ? error : new OutpostError('INTERNAL', undefined, { cause: error });
}

function releaseProblem(error: unknown): OutpostError {
  if (isOlder(error)) {
    return new OutpostError('BAD_RELEASE', sentence('sync.registry_offers_older'), { cause: error });
  }
  return known(error);
}

/**
 * One round over the network: join if that is still open, send, then fetch and install. A failed upload does not keep a
 * release away and is thrown in the end; what is wrong with a release is given back, since the line is good. OFFLINE and
 * CANCELLED end the round at once.
 */
export async function attempt(input: AttemptInput): Promise<OutpostError | null> {
  const enrolment = await finishJoining(input);
  let unsent: OutpostError | null = null;
  try {
    await send(input, enrolment);
  } catch (error) {
    if (input.signal.aborted || isOutpostError(error, 'OFFLINE')) throw error;
    unsent = known(error);
  }
  let problem: OutpostError | null = null;
  try {
    await fetchReleases(input, enrolment);
  } catch (error) {
    if (input.signal.aborted || isOutpostError(error, 'OFFLINE')) throw unsent ?? error;
    problem = releaseProblem(error);
  }
  if (unsent !== null) throw unsent;
  return problem;
}
