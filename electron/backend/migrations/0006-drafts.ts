import type { Db } from '../store/db.ts';

/** What is being written and not saved yet: no events, in backups, never in sync. */
export const migration = {
  version: 6,
  name: 'drafts',
  up(db: Db): void {
    db.exec(`
CREATE TABLE drafts (
  person TEXT NOT NULL,
  form TEXT NOT NULL,
  -- Case the form is about; empty for one that is about none yet.
  subject TEXT NOT NULL,
  -- Entry the form was filled from.
  base TEXT,
  schema TEXT NOT NULL,
  content TEXT NOT NULL,
  saved_at TEXT NOT NULL,
  PRIMARY KEY (person, form, subject)
) STRICT, WITHOUT ROWID;
CREATE INDEX drafts_by_subject ON drafts (subject);`);
  },
};
