import type { z } from 'zod';
import { OutpostError } from '../../../shared/errors/index.ts';
import type { AnyStore, Store, StoreTransaction } from './tables.ts';
import { sentence } from '../../../shared/language/sentence.ts';

/** Reads a setting and parses it; null when it was never written. Throws BAD_DATABASE when it does not parse. */
export async function readSetting<T>(db: AnyStore, name: string, schema: z.ZodType<T>): Promise<T | null> {
  const row = await db.selectFrom('settings').select('value').where('name', '=', name).executeTakeFirst();
  if (row === undefined) return null;
  const parsed = schema.safeParse(JSON.parse(row.value));
  if (!parsed.success)
    throw new OutpostError('BAD_DATABASE', sentence('storage.setting_unreadable', { name }), { cause: parsed.error });
  return parsed.data;
}

/** Writes a setting as JSON. */
export async function writeSetting(db: AnyStore, name: string, value: unknown): Promise<void> {
  const text = JSON.stringify(value);
  await db
    .insertInto('settings')
    .values({ name, value: text })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value: text }))
    .execute();
}

/**
 * Takes `count` numbers of a counter and returns the first. The row stays locked until the transaction ends, which
 * makes writers of the same counter wait for one another on both databases: numbers become visible in order.
 */
export async function takeNumbers(trx: StoreTransaction, name: string, count: number): Promise<number> {
  const row = await trx
    .insertInto('counters')
    .values({ name, value: count })
    .onConflict((conflict) =>
      conflict.column('name').doUpdateSet((eb) => ({ value: eb('counters.value', '+', count) })),
    )
    .returning('value')
    .executeTakeFirstOrThrow();
  return Number(row.value) - count + 1;
}

/** Runs `work` alone: other callers with the same name wait, also those in other processes. */
export async function withLock<T>(db: Store, name: string, work: (trx: StoreTransaction) => Promise<T>): Promise<T> {
  return db.transaction().execute(async (trx) => {
    await takeNumbers(trx, `lock:${name}`, 0);
    return work(trx);
  });
}
