import type { Kysely } from 'kysely';

/** What a log is tied to is looked up while feedback is stored: the logs of its key, and those that name it as their parent. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('logs_key').on('logs').column('key').execute();
  await db.schema.createIndex('logs_parent').on('logs').column('parent').execute();
}
