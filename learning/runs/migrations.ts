import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { migrateStore } from '../../platform/migrate-store.ts';
import type { RunsDb } from './tables.ts';

/** Columns of a run beside its id: type, and what rows have that were kept before there was the column. */
const columns: Readonly<Record<string, string>> = {
  parent: 'text',
  kind: "text not null default 'retraining'",
  trainer: "text not null default 'logistic'",
  params: "text not null default '{}'",
  settings: 'text',
  seed: 'integer not null default 0',
  dataset: "text not null default ''",
  data: 'text',
  rows: 'integer',
  code_version: "text not null default ''",
  judged_on: 'text',
  figures: "text not null default '{}'",
  metrics: "text not null default '{}'",
  timings: "text not null default '{}'",
  artefacts: "text not null default '{}'",
  status: "text not null default 'done'",
  reason: 'text',
  notes: "text not null default ''",
  simulated: 'integer not null default 0',
  created_at: "text not null default ''",
  alive_at: 'text',
};

/** Makes the table of runs. Files from before runs had a home of their own have one, with fewer columns the older they are. */
const runs: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`create table if not exists runs (id text primary key)`.execute(db);
    const tables = await db.introspection.getTables();
    const there = new Set(tables.find(({ name }) => name === 'runs')?.columns.map(({ name }) => name));
    for (const [name, type] of Object.entries(columns))
      if (!there.has(name)) await sql`alter table runs add column ${sql.ref(name)} ${sql.raw(type)}`.execute(db);
    await sql`create index if not exists runs_created_at on runs (created_at, id)`.execute(db);
    await sql`create index if not exists runs_parent on runs (parent)`.execute(db);
  },
};

/** Every migration of a file of runs. A released one is never edited. */
const migrations = { '0001-runs': runs };

/** Brings a file of runs to the newest shape. Throws as `migrateStore` does. */
export function migrateRuns(db: RunsDb): Promise<void> {
  return migrateStore(db, migrations, { table: 'runs_migration' });
}
