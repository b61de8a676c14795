import { sql, type Kysely } from 'kysely';
import { Migrator, type Migration, type MigrationResultSet } from 'kysely/migration';
import { OutpostError } from '../shared/errors/index.ts';
import { sentence } from '../shared/language/sentence.ts';

/** Migrations by their names, in the order of these. */
type Migrations = Readonly<Record<string, Migration>>;

/** What else a migration goes by. */
interface MigrateOptions {
  /** Stops at this earlier shape. */
  readonly to?: string | undefined;
  /** Table that keeps which steps were taken, where the database has others besides. */
  readonly table?: string | undefined;
}

interface Steps {
  readonly migrations: Migrations;
  readonly options: MigrateOptions;
}

function migratorOf<T>(db: Kysely<T>, { migrations, options: { table } }: Steps): Migrator {
  const names = table === undefined ? {} : { migrationTableName: table, migrationLockTableName: `${table}_lock` };
  return new Migrator({ db, provider: { getMigrations: async () => ({ ...migrations }) }, ...names });
}

/**
 * Takes the steps in one transaction that holds the file from its start: of two processes that begin together one waits
 * for the other. Kysely does this for PostgreSQL; of SQLite, which can do it too, it does not know so.
 */
async function takenAlone<T>(
  db: Kysely<T>,
  steps: (alone: Kysely<T>) => Promise<MigrationResultSet>,
): Promise<MigrationResultSet> {
  return db.connection().execute(async (alone) => {
    await sql`begin immediate`.execute(alone);
    const done = await steps(alone);
    await (done.error === undefined ? sql`commit` : sql`rollback`).execute(alone);
    return done;
  });
}

/** Goes the way to the newest shape, or to an earlier one, and answers the error it ended with. */
async function go<T>(db: Kysely<T>, steps: Steps): Promise<unknown> {
  const { to } = steps.options;
  const take = (on: Kysely<T>) =>
    to === undefined ? migratorOf(on, steps).migrateToLatest() : migratorOf(on, steps).migrateTo(to);
  const asOne = db.getExecutor().adapter.supportsTransactionalDdl;
  const pending =
    to !== undefined || (await migratorOf(db, steps).getMigrations()).some((m) => m.executedAt === undefined);
  const { error } = asOne || !pending ? await take(db) : await takenAlone(db, take);
  return error;
}

/**
 * Brings the store to the newest shape; the same migrations run on SQLite and PostgreSQL. Throws NEWER_DATABASE for a
 * store written by a newer program and BAD_DATABASE when a step fails; the store is then as it was.
 */
export async function migrateStore<T>(
  db: Kysely<T>,
  migrations: Migrations,
  options: MigrateOptions = {},
): Promise<void> {
  const error = await go(db, { migrations, options }).catch((thrown: unknown) => thrown);
  if (error === undefined) return;
  const newer = error instanceof Error && /previously executed migration .* is missing/.test(error.message);
  throw newer
    ? new OutpostError('NEWER_DATABASE', sentence('platform.store_written_newer_version_outpost'), {
        cause: error,
      })
    : new OutpostError('BAD_DATABASE', sentence('platform.store_could_not_brought_newest_shape'), { cause: error });
}
