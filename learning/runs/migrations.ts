import { sql, type Kysely, type RawBuilder } from 'kysely';
import type { Migration } from 'kysely/migration';
import { migrateStore } from '../../platform/migrate-store.ts';
import type { RunsDb } from './tables.ts';

/** Columns of a run beside its id: type, and what rows have that were kept before there was the column. */
const columns: Readonly<Record<string, RawBuilder<unknown>>> = {
  parent: sql`text`,
  kind: sql`text not null default 'retraining'`,
  trainer: sql`text not null default 'logistic'`,
  params: sql`text not null default '{}'`,
  settings: sql`text`,
  seed: sql`integer not null default 0`,
  dataset: sql`text not null default ''`,
  data: sql`text`,
  rows: sql`integer`,
  code_version: sql`text not null default ''`,
  judged_on: sql`text`,
  figures: sql`text not null default '{}'`,
  metrics: sql`text not null default '{}'`,
  timings: sql`text not null default '{}'`,
  artefacts: sql`text not null default '{}'`,
  status: sql`text not null default 'done'`,
  reason: sql`text`,
  notes: sql`text not null default ''`,
  simulated: sql`integer not null default 0`,
  created_at: sql`text not null default ''`,
  alive_at: sql`text`,
};

/** Makes the table of runs. Files from before runs had a home of their own have one, with fewer columns the older they are. */
const runs: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`create table if not exists runs (id text primary key)`.execute(db);
    const tables = await db.introspection.getTables();
    const there = new Set(tables.find(({ name }) => name === 'runs')?.columns.map(({ name }) => name));
    for (const [name, type] of Object.entries(columns))
      if (!there.has(name)) await sql`alter table runs add column ${sql.ref(name)} ${type}`.execute(db);
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
