import type { Migration } from '../store/migrate.ts';

const tables = `
-- The files exactly as they came: their hashes are what releases and events name.
CREATE TABLE models (
  id TEXT PRIMARY KEY,
  manifest_sha256 TEXT NOT NULL UNIQUE,
  manifest BLOB NOT NULL,
  bytes BLOB NOT NULL,
  source TEXT NOT NULL,
  installed_at TEXT NOT NULL
) STRICT;

-- Which model ran since when; the last row is the active one. The log holds the same as events.
CREATE TABLE activations (
  position INTEGER PRIMARY KEY,
  model_id TEXT NOT NULL REFERENCES models (id),
  source TEXT NOT NULL,
  at TEXT NOT NULL
) STRICT;
`;

/** Models as BLOBs in the encrypted database, and which of them was active when. */
export const migration: Migration = { version: 2, name: 'models', up: (db) => void db.exec(tables) };
