import type { Kysely } from 'kysely';

/** The shape this migration finds and leaves, frozen here. */
interface Shape {
  quarantine: { log: string; seq: number; reason: string };
  monitor_reports: { sentence: string; words: string | null };
}

/**
 * Sentences are kept as codes with arguments. What the monitor said is said again from its report; its words of before
 * stay beside it for reports that no program can read any more. Reasons of the quarantine are kept as sentences as data.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const store = db as unknown as Kysely<Shape>;
  await db.schema.alterTable('monitor_reports').addColumn('words', 'text').execute();
  await store
    .updateTable('monitor_reports')
    .set((eb) => ({ words: eb.ref('sentence') }))
    .execute();
  await db.schema.alterTable('monitor_reports').dropColumn('sentence').execute();
  const rows = await store.selectFrom('quarantine').select(['log', 'seq', 'reason']).execute();
  for (const { log, seq, reason: text } of rows) {
    const reason = JSON.stringify({ code: 'stored.quoted', args: { text } });
    await store.updateTable('quarantine').set({ reason }).where('log', '=', log).where('seq', '=', seq).execute();
  }
}
