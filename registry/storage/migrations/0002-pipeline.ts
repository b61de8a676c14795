import type { Kysely } from 'kysely';

/** What the pipeline derives from the stored events, and what its monitor said. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('known_cases')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('source', 'text', (c) => c.notNull())
    .addColumn('office', 'text', (c) => c.notNull())
    .addColumn('received', 'text', (c) => c.notNull())
    .addColumn('incident', 'text')
    .addColumn('urgent', 'integer', (c) => c.notNull())
    .addColumn('facts', 'text', (c) => c.notNull())
    .addColumn('tactics', 'text', (c) => c.notNull())
    .addColumn('scored', 'text')
    .addColumn('outcome', 'text')
    .addColumn('outcome_at', 'text')
    .execute();
  await db.schema.createIndex('known_cases_received').on('known_cases').columns(['received', 'id']).execute();
  await db.schema
    .createTable('monitor_reports')
    .addColumn('id', 'bigint', (c) => c.primaryKey())
    .addColumn('at', 'text', (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('sentence', 'text', (c) => c.notNull())
    .addColumn('report', 'text', (c) => c.notNull())
    .execute();
}
