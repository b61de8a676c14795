import { z } from 'zod';
import { isOutpostError, OutpostError } from '../../../shared/errors/index.ts';
import { idSchema } from '../../../shared/log/event.ts';
import { receiptSchema } from '../../../shared/log/signed.ts';
import { createSyncStore } from '../store/sync.ts';
import type { Session } from '../session/context.ts';
import type { EventLog } from '../store/log.ts';
import { noticeSentence } from './notices.ts';
import { makeBatch, nextEvents } from './batches.ts';
import { acceptReceipt, forkLog, needReach, type Acceptance } from './receipts.ts';
import { ask, type RegistryClient } from '../network/registry-client.ts';
import type { Enrolment } from '../store/enrolment.ts';
import { sentenceSchema } from '../../../shared/language/sentence.ts';

/** How often one attempt may be sent back by GAP or continue in a new log: more would be going in circles. */
const DETOURS = 3;

/** What an upload works with. */
interface UploadInput {
  readonly session: Session;
  readonly enrolment: Enrolment;
  readonly client: RegistryClient;
  readonly signal: AbortSignal;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly onProgress: (done: number, total: number) => void;
  /** After a loss: ask first how far the registry is. */
  readonly askFirst: boolean;
}

// The answer is read loosely: the receipt is believed for its signature, whatever else stands around it.
const answerSchema = z.looseObject({
  receipt: z.unknown(),
  notices: z.array(z.looseObject({ case: idSchema, sentence: sentenceSchema })).catch([]),
});

function readAnswer(raw: unknown): z.infer<typeof answerSchema> {
  const parsed = answerSchema.safeParse(raw);
  if (!parsed.success) throw new OutpostError('BAD_RECEIPT', undefined, { cause: parsed.error });
  return parsed.data;
}

const instant = (input: UploadInput): string => new Date(input.now()).toISOString();

/**
 * What the newest stored receipt says. One that is complete and for our log but not by the pinned key is from before the
 * registry's keys were replaced: it tells nothing, and sending shows the rest.
 */
function readState({ session, enrolment, now }: UploadInput, raw: unknown): Acceptance | null {
  try {
    return acceptReceipt(session, raw, enrolment.keys.receiptKey, now()).result;
  } catch (error) {
    const parsed = receiptSchema.safeParse(raw);
    if (isOutpostError(error, 'BAD_RECEIPT') && parsed.success && parsed.data.body.log === session.log().id)
      return null;
    throw error;
  }
}

/** Asks for the newest receipt of our log; goes on in a new log when it proves a fork. Null when there is none yet. */
async function askState(input: UploadInput): Promise<Acceptance | null> {
  const { session, client, signal } = input;
  const log = session.log().id;
  const answer = readAnswer(await ask(signal, () => client.feedback.state({ log })));
  signal.throwIfAborted();
  if (answer.receipt === null || answer.receipt === undefined) return null;
  const result = readState(input, answer.receipt);
  if (result === 'fork') forkLog(session, instant(input));
  return result;
}

/** Where to go on: normally after the last receipt, earlier when the registry asked for it. */
export function startOf(session: Session): number {
  const next = session.log().receipted() + 1;
  const again = createSyncStore(session.db, session.keyValues).resendFrom();
  return again === null ? next : Math.min(again, next);
}

async function pushOnce(
  input: UploadInput,
  log: EventLog,
  from: number,
): Promise<{ sentTo: number; result: Acceptance } | null> {
  const { session, enrolment, client, signal } = input;
  const events = nextEvents(log, from - 1);
  if (events.length === 0) return null;
  const batch = makeBatch(log, events, enrolment.officeKey, instant(input));
  const answer = readAnswer(await ask(signal, () => client.feedback.push(batch)));
  signal.throwIfAborted();
  const { receipt, result } = acceptReceipt(session, answer.receipt, enrolment.keys.receiptKey, input.now());
  if (result !== 'fork') needReach(receipt, batch.body.to);
  const store = createSyncStore(session.db, session.keyValues);
  for (const notice of answer.notices) store.say(instant(input), noticeSentence(store, notice));
  return { sentTo: batch.body.to, result };
}

function expectedOf(error: OutpostError, from: number): number {
  const expected = z.int().min(1).safeParse(error.data['expected']);
  if (!expected.success || expected.data >= from) throw error;
  return expected.data;
}

/**
 * A FORK answer alone changes nothing, since anyone could send it: only a signed receipt that contradicts our log starts
 * a new one.
 */
async function afterFork(input: UploadInput, error: OutpostError): Promise<void> {
  if ((await askState(input)) !== 'fork') throw error;
}

/** Next start after a failed push, or the error when it is no detour. */
async function detour(input: UploadInput, error: unknown, from: number): Promise<number> {
  if (isOutpostError(error, 'GAP')) {
    const expected = expectedOf(error, from);
    createSyncStore(input.session.db, input.session.keyValues).setResendFrom(expected);
    return expected;
  }
  if (isOutpostError(error, 'FORK')) {
    await afterFork(input, error);
    return startOf(input.session);
  }
  throw error;
}

/**
 * Sends everything without a receipt in batches and moves the pointer by verified receipts only. Gives the number of
 * entries sent. Whatever goes wrong, nothing leaves the queue; the next upload goes on from the last receipt.
 */
export async function upload(input: UploadInput): Promise<number> {
  const { session, signal } = input;
  if (input.askFirst) await askState(input);
  let from = startOf(session);
  let sent = 0;
  let detours = 0;
  for (;;) {
    signal.throwIfAborted();
    const log = session.log();
    const total = log.head().seq - from + 1;
    input.onProgress(sent, sent + Math.max(0, total));
    try {
      const pushed = await pushOnce(input, log, from);
      if (pushed === null) return sent;
      sent += pushed.sentTo - from + 1;
      if (pushed.result === 'fork') forkLog(session, instant(input));
      from = pushed.result === 'fork' ? startOf(session) : pushed.sentTo + 1;
      detours += pushed.result === 'fork' ? 1 : 0;
    } catch (error) {
      detours += 1;
      if (detours > DETOURS) throw error;
      from = await detour(input, error, from);
    }
    if (detours > DETOURS) throw new OutpostError('FORK');
  }
}
