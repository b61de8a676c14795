import type { Kysely } from 'kysely';

/** When a laptop was lost or handed back; nothing is taken from it after that. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('devices').addColumn('revoked_at', 'text').execute();
}
