import type { Db } from './db.ts';

/** Small typed values in the database (settings, enrolment, pointers), each parsed by the caller's schema. */
export interface KeyValues {
  get(key: string): unknown;
  set(key: string, value: unknown): void;
}

/** Small values as JSON; `get` answers null for a missing key. Setting null removes the entry. */
export function createKeyValues(db: Db): KeyValues {
  const read = db.prepare<[string], { value: string }>('SELECT value FROM key_values WHERE key = ?');
  const write = db.prepare(
    'INSERT INTO key_values (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  );
  const remove = db.prepare('DELETE FROM key_values WHERE key = ?');
  return {
    get(key) {
      const row = read.get(key);
      return row === undefined ? null : (JSON.parse(row.value) as unknown);
    },
    set(key, value) {
      if (value === null || value === undefined) remove.run(key);
      else write.run(key, JSON.stringify(value));
    },
  };
}
