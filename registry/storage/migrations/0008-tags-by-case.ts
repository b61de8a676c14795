import type { Kysely } from 'kysely';

/** The tags of a case are looked up for each outcome, while no other feedback can be stored. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('reference_tags_case_id').on('reference_tags').column('case_id').execute();
}
