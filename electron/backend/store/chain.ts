import type { Db } from './db.ts';

/** Ids of all logs, oldest first. */
export function logIds(db: Db): string[] {
  return db
    .prepare<[], { id: string }>('SELECT id FROM logs ORDER BY ordinal')
    .all()
    .map((row) => row.id);
}

/** Stored bytes of a log after a sequence number, in order. */
export function entriesAfter(db: Db, log: string, seq: number, limit: number): { seq: number; text: string }[] {
  return db
    .prepare<[string, number, number], { seq: number; text: string }>(
      'SELECT seq, text FROM events WHERE log = ? AND seq > ? ORDER BY seq LIMIT ?',
    )
    .all(log, seq, limit);
}
