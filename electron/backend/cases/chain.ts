import { OutpostError } from '../../../shared/errors/index.ts';
import { commitmentOf, genesisHash, parseSealedEvent } from '../../../shared/log/event.ts';
import type { Db } from '../store/db.ts';

interface Stored {
  readonly log: string;
  readonly seq: number;
  readonly id: string;
  readonly text: string;
  readonly hash: string;
}

function linksHold(db: Db, row: Stored): boolean {
  const sealed = parseSealedEvent(row.text);
  if (
    sealed.hash !== row.hash ||
    sealed.event.seq !== row.seq ||
    sealed.event.log !== row.log ||
    sealed.event.id !== row.id
  )
    return false;
  const at = db.prepare<[string, number], { text: string; hash: string }>(
    'SELECT text, hash FROM events WHERE log = ? AND seq = ?',
  );
  const before = row.seq === 1 ? genesisHash : at.get(row.log, row.seq - 1)?.hash;
  const after = at.get(row.log, row.seq + 1);
  if (sealed.event.prev !== before) return false;
  if (after !== undefined && parseSealedEvent(after.text).event.prev !== row.hash) return false;
  const payload = db
    .prepare<[string], { text: string; salt: string }>('SELECT text, salt FROM private_payloads WHERE event_id = ?')
    .get(row.id);
  return payload === undefined || commitmentOf(payload) === sealed.event.commitment;
}

/** First entry of a log that does not hang on the one before it; what comes after it proves nothing. */
export interface Break {
  readonly log: string;
  readonly seq: number;
}

/**
 * True when every entry of a case is what its hash says, hangs on the entries before and after it, and fits its
 * private part, and none comes after a break that the check of the whole chain has found.
 */
export function caseChainHolds(db: Db, caseId: string, breaks: readonly Break[]): boolean {
  const rows = db
    .prepare<[string], Stored>('SELECT log, seq, id, text, hash FROM events WHERE case_id = ?')
    .all(caseId);
  try {
    const doubtful = (row: Stored): boolean => breaks.some(({ log, seq }) => row.log === log && row.seq >= seq);
    return rows.every((row) => !doubtful(row) && linksHold(db, row));
  } catch (error) {
    if (error instanceof OutpostError && error.code === 'BAD_CHAIN') return false;
    throw error;
  }
}
