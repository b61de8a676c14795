import { sql } from 'kysely';
import { Migrator, type Migration, type MigrationResultSet } from 'kysely/migration';
import { OutpostError } from '../../shared/errors/index.ts';
import type { Store } from '../store/tables.ts';
import * as core from './0001-core.ts';
import * as pipeline from './0002-pipeline.ts';
import * as revokedDevices from './0003-revoked-devices.ts';
import * as runs from './0004-runs.ts';
import * as runData from './0005-run-data.ts';
import * as scammers from './0006-scammers.ts';
import * as aliveRuns from './0007-alive-runs.ts';
import * as tagsByCase from './0008-tags-by-case.ts';

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
};

function migratorOf(db: Store): Migrator {
  return new Migrator({ db, provider: { getMigrations: async () => ({ ...migrations }) } });
}

/**
 * Takes the steps in one transaction that holds the file from its start: of two processes that begin together one waits
 * for the other. Kysely does this for PostgreSQL; of SQLite, which can do it too, it does not know so.
 */
async function takenAlone(
  db: Store,
  steps: (alone: Store) => Promise<MigrationResultSet>,
): Promise<MigrationResultSet> {
  return db.connection().execute(async (alone) => {
    await sql`begin immediate`.execute(alone);
    const done = await steps(alone);
    await (done.error === undefined ? sql`commit` : sql`rollback`).execute(alone);
    return done;
  });
}

/** Goes the way to the newest shape, or to an earlier one, and answers the error it ended with. */
async function go(db: Store, to: string | undefined): Promise<unknown> {
  const steps = (on: Store) => (to === undefined ? migratorOf(on).migrateToLatest() : migratorOf(on).migrateTo(to));
  const asOne = db.getExecutor().adapter.supportsTransactionalDdl;
  const pending = to !== undefined || (await migratorOf(db).getMigrations()).some((m) => m.executedAt === undefined);
  const { error } = asOne || !pending ? await steps(db) : await takenAlone(db, steps);
  return error;
}

/**
 * Brings the store to the newest shape; the same migrations run on SQLite and PostgreSQL. Throws NEWER_DATABASE for a
 * store written by a newer registry and BAD_DATABASE when a step fails; the store is then as it was. `to` stops at an
 * earlier shape.
 */
export async function migrate(db: Store, to?: string): Promise<void> {
  const error = await go(db, to).catch((thrown: unknown) => thrown);
  if (error === undefined) return;
  const newer = error instanceof Error && /previously executed migration .* is missing/.test(error.message);
  throw newer
    ? new OutpostError('NEWER_DATABASE', 'The store was written by a newer registry. Nothing was changed.', {
        cause: error,
      })
    : new OutpostError(
        'BAD_DATABASE',
        'The store could not be brought to the newest shape. The failed step was undone.',
        { cause: error },
      );
}
