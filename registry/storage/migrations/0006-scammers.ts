import type { Kysely } from 'kysely';

/** Who is behind a case, where an imported file says so; cases taken in before do not say. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('known_cases').addColumn('scammer', 'text').execute();
}
