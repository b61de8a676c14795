import type { Db } from '../store/db.ts';

/**
 * What the background failed at, so that it is tried again later and not for ever, also after a restart. A row without
 * `not_before` has been given up. `app` is the version that failed: another one may do better.
 */
const tables = `
CREATE TABLE job_failures (
  kind TEXT NOT NULL,
  case_id TEXT NOT NULL,
  tries INTEGER NOT NULL,
  not_before TEXT,
  sentence TEXT NOT NULL,
  app TEXT NOT NULL,
  PRIMARY KEY (kind, case_id)
) STRICT, WITHOUT ROWID;
`;

/** Failures of background work, kept over restarts. */
export const migration = {
  version: 7,
  name: 'job failures',
  up(db: Db): void {
    db.exec(tables);
  },
};
