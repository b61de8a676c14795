import { chmodSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { Kysely, PostgresDialect, SqliteDialect } from 'kysely';
import { Pool, types } from 'pg';
import { makeFolder } from './files.ts';

export type Dialect = 'sqlite' | 'postgres';

const POSTGRES_INT8 = 20;
const BUSY_TIMEOUT_MS = 10_000; // the server and a command may write at the same time

/** Opens (and creates) the embedded store in one SQLite file. */
export function openSqlite<T>(file: string): Kysely<T> {
  makeFolder(dirname(file), 0o700);
  const database = new Database(file, { timeout: BUSY_TIMEOUT_MS });
  chmodSync(file, 0o600); // hashed tokens, office keys and facts of cases: for this user only
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.pragma('foreign_keys = ON');
  return new Kysely<T>({ dialect: new SqliteDialect({ database }) });
}

/** Opens a PostgreSQL database by its connection address. Counts and ids come back as numbers, not as text. */
export function openPostgres<T>(url: string, maxConnections = 10): Kysely<T> {
  const pool = new Pool({
    connectionString: url,
    max: maxConnections,
    types: {
      getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
        oid === POSTGRES_INT8 ? Number : types.getTypeParser(oid, format as 'text')) as typeof types.getTypeParser,
    },
  });
  return new Kysely<T>({ dialect: new PostgresDialect({ pool }) });
}

/** Opens the store an address names: `postgres://…` or `postgresql://…`, else a SQLite file. */
export function openStore<T>(address: string): { db: Kysely<T>; dialect: Dialect } {
  return /^postgres(ql)?:\/\//.test(address)
    ? { db: openPostgres(address), dialect: 'postgres' }
    : { db: openSqlite(address), dialect: 'sqlite' };
}
