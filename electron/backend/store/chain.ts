import type { Db } from './db.ts';

/** Ids of all logs, oldest first. */
export function logIds(db: Db): string[] {
  return db
    .prepare<[], { id: string }>('SELECT id FROM logs ORDER BY ordinal')
    .all()
    .map((row) => row.id);
}

/** An entry as it is stored: its bytes, and the hash that stands beside them. */
export interface StoredEntry {
  readonly seq: number;
  readonly text: string;
  readonly hash: string;
}

/** Entries of a log after a sequence number, in order. */
export function entriesAfter(db: Db, log: string, seq: number, limit: number): StoredEntry[] {
  return db
    .prepare<[string, number, number], StoredEntry>(
      'SELECT seq, text, hash FROM events WHERE log = ? AND seq > ? ORDER BY seq LIMIT ?',
    )
    .all(log, seq, limit);
}
