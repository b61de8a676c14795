import type { Kysely } from 'kysely';

/** When the program of a run last said that it is still at it; runs kept before do not say. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('runs').addColumn('alive_at', 'text').execute();
}
