import { readReceipt, type Receipt } from '../../../shared/log/signed.ts';
import { OutpostError } from '../../../shared/errors/index.ts';
import { clockSentence } from './notices.ts';
import { createSyncStore } from '../store/sync.ts';
import type { Session } from '../session/context.ts';
import type { EventLog } from '../store/log.ts';
import { isSame, sentence } from '../../../shared/language/sentence.ts';

/** What a verified receipt says about our log. */
export type Acceptance = 'moved' | 'known' | 'fork';

/** Hash of our entry at a sequence; null when there is none. */
function hashAt(log: EventLog, seq: number): string | null {
  return log.read(seq - 1, 1)[0]?.hash ?? null;
}

/**
 * Believes a receipt when the pinned key signed it for exactly this log, and moves the pointer when it names one of our
 * entries. A genuine receipt for an entry we do not have is the proof of a fork and moves nothing. BAD_RECEIPT for
 * anything else. `now` is the laptop's clock in milliseconds.
 */
export function acceptReceipt(
  session: Session,
  raw: unknown,
  receiptKey: string,
  now: number,
): { receipt: Receipt; result: Acceptance } {
  const log = session.log();
  const receipt = readReceipt(raw, receiptKey, log.id);
  const { seq, hash, at } = receipt.body;
  if (hashAt(log, seq) !== hash) return { receipt, result: 'fork' };
  const moved = seq > log.receipted();
  const clock = moved ? clockSentence(receipt.body.clockOffsetMs) : null;
  const store = createSyncStore(session.db, session.keyValues);
  session.db.transaction(() => {
    log.setReceipted(seq);
    store.keepReceipt(receipt);
    store.sawRegistryTime(at, now);
    if (clock !== null && !store.history().some(({ sentence: earlier }) => isSame(earlier, clock)))
      store.say(at, clock);
    const again = store.resendFrom();
    if (again !== null && seq >= log.receipted()) store.setResendFrom(null);
  })();
  return { receipt, result: moved ? 'moved' : 'known' };
}

/**
 * Continues in a new log after a proven fork. Everything without a receipt is written there again under the same ids, so
 * the registry counts it once.
 */
export function forkLog(session: Session, at: string): EventLog {
  const store = createSyncStore(session.db, session.keyValues);
  return session.db.transaction(() => {
    const next = session.log().fork('fork');
    store.setResendFrom(null);
    store.say(at, sentence('sync.forked'));
    return next;
  })();
}

/** The receipt for a pushed range: at least up to `to`. An older genuine one does not show that this range arrived. */
export function needReach(receipt: Receipt, to: number): void {
  if (receipt.body.seq < to) throw new OutpostError('BAD_RECEIPT', sentence('upload.answer_old_receipt'));
}
