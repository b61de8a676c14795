import type { Db } from '../store/db.ts';

/** Receipts as the registry signed them, trusted release metadata, and what happened in words. */
export const migration = {
  version: 3,
  name: 'sync',
  up(db: Db): void {
    db.exec(`
      CREATE TABLE sync_receipts (
        log TEXT NOT NULL,
        seq INTEGER NOT NULL CHECK (seq >= 1),
        hash TEXT NOT NULL,
        at TEXT NOT NULL,
        text TEXT NOT NULL,
        PRIMARY KEY (log, seq)
      ) STRICT;
      CREATE TABLE release_metadata (
        name TEXT PRIMARY KEY,
        bytes BLOB NOT NULL
      ) STRICT;
      CREATE TABLE sync_history (
        id INTEGER PRIMARY KEY,
        at TEXT NOT NULL,
        sentence TEXT NOT NULL
      ) STRICT;
    `);
  },
};
