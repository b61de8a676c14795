import { OutpostError } from '../../../shared/errors/index.ts';
import type { Db } from './db.ts';
import { sentence } from '../../../shared/language/sentence.ts';

/** One numbered step of the database's shape. */
export interface Migration {
  readonly version: number;
  readonly name: string;
  up(db: Db): void;
}

/** Version the database is at; 0 for a new one. */
export function versionOf(db: Db): number {
  return Number(db.pragma('user_version', { simple: true }));
}

/** Throws NEWER_DATABASE when the database is past the newest migration known. Reads only. */
export function refuseNewer(db: Db, migrations: readonly Migration[]): void {
  const newest = migrations.at(-1)?.version ?? 0;
  const version = versionOf(db);
  if (version <= newest) return;
  throw new OutpostError('NEWER_DATABASE', sentence('store.newer_database', { version, newest }), {
    data: { version, known: newest },
  });
}

/** Applies what is missing, each step in its own transaction. */
export function migrate(db: Db, migrations: readonly Migration[]): void {
  refuseNewer(db, migrations);
  for (const migration of migrations) {
    if (migration.version <= versionOf(db)) continue;
    db.transaction(() => {
      migration.up(db);
      db.pragma(`user_version = ${migration.version}`);
    }).immediate();
  }
}
