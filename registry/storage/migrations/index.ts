import type { Migration } from 'kysely/migration';
import { migrateStore } from '../../../platform/migrate-store.ts';
import type { Store } from '../db/tables.ts';
import * as core from './0001-core.ts';
import * as pipeline from './0002-pipeline.ts';
import * as revokedDevices from './0003-revoked-devices.ts';
import * as runs from './0004-runs.ts';
import * as runData from './0005-run-data.ts';
import * as scammers from './0006-scammers.ts';
import * as aliveRuns from './0007-alive-runs.ts';
import * as tagsByCase from './0008-tags-by-case.ts';
import * as sentences from './0009-sentences.ts';
import * as schemas from './0010-schemas.ts';
import * as linksOfLogs from './0011-links-of-logs.ts';

/** Every migration by its number. A released one is never edited. */
const migrations: Readonly<Record<string, Migration>> = {
  '0001-core': core,
  '0002-pipeline': pipeline,
  '0003-revoked-devices': revokedDevices,
  '0004-runs': runs,
  '0005-run-data': runData,
  '0006-scammers': scammers,
  '0007-alive-runs': aliveRuns,
  '0008-tags-by-case': tagsByCase,
  '0009-sentences': sentences,
  '0010-schemas': schemas,
  '0011-links-of-logs': linksOfLogs,
};

/**
 * Brings the store to the newest shape; the same migrations run on SQLite and PostgreSQL. Throws as `migrateStore` does.
 * `to` stops at an earlier shape.
 */
export function migrate(db: Store, to?: string): Promise<void> {
  return migrateStore(db, migrations, { to });
}
