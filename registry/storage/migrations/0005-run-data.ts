import type { Kysely } from 'kysely';

/** What the rows of a run came from, by its name; runs kept before do not say. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('runs').addColumn('data', 'text').execute();
}
