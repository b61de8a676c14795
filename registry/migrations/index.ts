import { Migrator, type Migration } from 'kysely/migration';
import { OutpostError } from '../../shared/errors/index.ts';
import type { Store } from '../store/tables.ts';
import * as core from './0001-core.ts';
import * as pipeline from './0002-pipeline.ts';
import * as revokedDevices from './0003-revoked-devices.ts';

/** Every migration by its number. A released one is never edited. */
const migrations: Readonly<Record<string, Migration>> = {
  '0001-core': core,
  '0002-pipeline': pipeline,
  '0003-revoked-devices': revokedDevices,
};

/**
 * Brings the store to the newest shape; the same migrations run on SQLite and PostgreSQL. Throws NEWER_DATABASE for a
 * store written by a newer registry and BAD_DATABASE when a step fails; that step is then rolled back. `to` stops at an
 * earlier shape.
 */
export async function migrate(db: Store, to?: string): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ ...migrations }) } });
  const { error } = to === undefined ? await migrator.migrateToLatest() : await migrator.migrateTo(to);
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
