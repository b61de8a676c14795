import { chmodSync, existsSync } from 'node:fs';
import { bytesToHex } from '@noble/hashes/utils.js';
import Database from 'better-sqlite3';
import { OutpostError } from '../../../shared/errors/index.ts';

import type { Db } from './db.ts';
import { migrate, refuseNewer, versionOf, type Migration } from './migrate.ts';
import { sentence } from '../../../shared/language/sentence.ts';

/** Codes by which SQLite says that the bytes are not a database under this key, or no longer a sound one. */
const unreadable = new Set(['SQLITE_NOTADB', 'SQLITE_CORRUPT', 'SQLITE_CANTOPEN', 'SQLITE_IOERR_SHORT_READ']);

/** True for errors of SQLite that mean the file itself cannot be read. */
export function isUnreadable(error: unknown): boolean {
  return error instanceof Database.SqliteError && unreadable.has(error.code);
}

/** True when the error comes from using the database after it was closed by locking. */
export function isClosed(error: unknown): boolean {
  return error instanceof TypeError && error.message === 'The database connection is not open';
}

function badDatabase(cause?: unknown): OutpostError {
  return new OutpostError('BAD_DATABASE', sentence('store.database_cannot_read'), { cause });
}

function applyKey(db: Db, key: Uint8Array): void {
  // The prefix makes the cipher take the bytes as they are; a bare buffer would be stretched like a passphrase.
  // (`key` is of this build of SQLite and missing in the types.)
  (db as Db & { key(key: Buffer): number }).key(Buffer.from(`raw:${bytesToHex(key)}`));
}

function settle(db: Db): void {
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.pragma('foreign_keys = ON');
  db.pragma('temp_store = MEMORY');
  db.pragma('secure_delete = ON');
  db.pragma('busy_timeout = 5000');
  // 32 MiB: every page not kept is decrypted again.
  db.pragma('cache_size = -32768');
}

/** Statements kept compiled; more than the program has texts of, so that none is compiled twice. */
const keptStatements = 500;

/**
 * Makes `prepare` give the same compiled statement for the same text: compiling costs more than running most of them.
 * Statements are therefore used within one step (`get`, `all`, `run`), never iterated or switched to another mode.
 */
function keepStatements(db: Db): void {
  const compile = db.prepare.bind(db) as (sql: string) => Database.Statement;
  const kept = new Map<string, Database.Statement>();
  const prepare = (sql: string): Database.Statement => {
    const found = kept.get(sql);
    if (found !== undefined) return found;
    const statement = compile(sql);
    const [oldest] = kept.keys();
    if (oldest !== undefined && kept.size >= keptStatements) kept.delete(oldest);
    kept.set(sql, statement);
    return statement;
  };
  db.prepare = prepare as typeof db.prepare;
}

/** Reads the file under the key without writing a byte, so that a foreign or newer file is left as it is. */
function probe(file: string, key: Uint8Array, migrations: readonly Migration[]): void {
  const db = new Database(file, { fileMustExist: true, readonly: true });
  try {
    applyKey(db, key);
    db.prepare('SELECT count(*) FROM sqlite_master').get();
    if (versionOf(db) === 0) throw badDatabase();
    refuseNewer(db, migrations);
  } finally {
    db.close();
  }
}

/**
 * Opens (or makes) the encrypted database, 32-byte key, and brings it to the newest shape.
 * BAD_DATABASE when the file is not ours or damaged, NEWER_DATABASE when it is ahead; both leave the file untouched.
 */
export function openDatabase(file: string, key: Uint8Array, migrations: readonly Migration[]): Db {
  let db: Db | null = null;
  try {
    if (existsSync(file)) probe(file, key, migrations);
    db = new Database(file);
    chmodSync(file, 0o600);
    applyKey(db, key);
    settle(db);
    migrate(db, migrations);
    keepStatements(db);
    return db;
  } catch (cause) {
    db?.close();
    if (!isUnreadable(cause)) throw cause;
    throw badDatabase(cause);
  }
}
