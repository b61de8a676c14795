import type { Db } from '../store/db.ts';

/** Callers' numbers, handles, hosts and session IDs are searched too; the entries are made again from the log. */
export const migration = {
  version: 8,
  name: 'search indicators',
  up(db: Db): void {
    db.exec(`
CREATE VIRTUAL TABLE new_search USING fts5 (
  reference, resident, place, narrative, tactics, indicators,
  tokenize = "unicode61 categories 'L* N* Co Mn Mc'", prefix = '1 2 3 4 5 6', detail = none
);
INSERT INTO new_search (new_search, rank) VALUES ('secure-delete', 1);
INSERT INTO new_search (rowid, reference, resident, place, narrative, tactics, indicators)
  SELECT rowid, reference, resident, place, narrative, tactics, '' FROM case_search;
DROP TABLE case_search;
ALTER TABLE new_search RENAME TO case_search;`);
  },
};
