import type { Db } from '../store/db.ts';

/**
 * Cases that came in files. `staged_rows` holds what was read and not decided on yet; nothing of it is a case. Which cases
 * an import made, and which row of a file each was, is derived from the log.
 */
export const migration = {
  version: 11,
  name: 'case imports',
  up(db: Db): void {
    db.exec(`
      CREATE TABLE case_imports (
        id TEXT PRIMARY KEY,
        file TEXT NOT NULL,
        at TEXT NOT NULL,
        person TEXT,
        state TEXT NOT NULL CHECK (state IN ('reading', 'staged', 'done', 'undone'))
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE staged_rows (
        import TEXT NOT NULL REFERENCES case_imports (id),
        line INTEGER NOT NULL,
        identity TEXT,
        intake TEXT,
        outcome TEXT,
        cells TEXT,
        problems TEXT,
        PRIMARY KEY (import, line)
      ) STRICT, WITHOUT ROWID;
      CREATE UNIQUE INDEX staged_rows_identity ON staged_rows (import, identity) WHERE identity IS NOT NULL;
      ALTER TABLE cases ADD COLUMN import TEXT;
      ALTER TABLE cases ADD COLUMN import_row TEXT;
      ALTER TABLE cases ADD COLUMN historical INTEGER NOT NULL DEFAULT 0;
      CREATE INDEX cases_import ON cases (import) WHERE import IS NOT NULL;
      CREATE INDEX cases_import_row ON cases (import_row) WHERE import_row IS NOT NULL;
    `);
  },
};
