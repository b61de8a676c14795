import { parseSealedEvent, type LogHead, type SealedEvent } from '../../shared/log/event.ts';
import { receiptSchema, type Receipt } from '../../shared/log/signed.ts';
import { takeNumbers } from '../storage/db/settings.ts';
import type { AnyStore, StoreTransaction, Tables } from '../storage/db/tables.ts';

export type LogRow = Tables['logs'];

/** An event as the pipeline reads it. `id` grows with what is stored, within a log with its sequence: a reader goes on after the last it has seen. */
export interface StoredEvent {
  readonly id: number;
  readonly device: string;
  readonly office: string;
  readonly receivedAt: string;
  readonly sealed: SealedEvent;
}

/** The row of a log, or null when nothing of it is stored. */
export async function findLog(db: AnyStore, log: string): Promise<LogRow | null> {
  return (await db.selectFrom('logs').selectAll().where('id', '=', log).executeTakeFirst()) ?? null;
}

/** Stored hashes by sequence number in a range, both ends included. */
export async function hashesBetween(db: AnyStore, log: string, from: number, to: number): Promise<Map<number, string>> {
  const rows = await db
    .selectFrom('log_events')
    .select(['seq', 'hash'])
    .where('log', '=', log)
    .where('seq', '>=', from)
    .where('seq', '<=', to)
    .execute();
  return new Map(rows.map((row) => [row.seq, row.hash]));
}

/** Remembers which event ids of a device are new; answers those. A continued log repeats ids of the log before it. */
async function countOnce(trx: StoreTransaction, device: string, events: readonly SealedEvent[]): Promise<Set<string>> {
  const rows = events.map(({ event }) => ({ device, event_id: event.id, log: event.log, seq: event.seq }));
  const fresh = await trx
    .insertInto('event_ids')
    .values(rows)
    .onConflict((conflict) => conflict.doNothing())
    .returning(['event_id', 'seq'])
    .execute();
  return new Set(fresh.map((row) => `${row.seq} ${row.event_id}`));
}

function caseOf(sealed: SealedEvent): string | null {
  const id = sealed.event.public['case'];
  return typeof id === 'string' ? id : null;
}

const ROWS_PER_INSERT = 200; // SQLite and PostgreSQL both cap the parameters of one statement

/** Appends events to a log. The caller has checked that they continue it. */
export async function appendEvents(
  trx: StoreTransaction,
  device: string,
  events: readonly SealedEvent[],
  receivedAt: string,
): Promise<void> {
  for (let start = 0; start < events.length; start += ROWS_PER_INSERT) {
    const part = events.slice(start, start + ROWS_PER_INSERT);
    const fresh = await countOnce(trx, device, part);
    const first = await takeNumbers(trx, 'log_events', part.length);
    const rows = part.map((sealed, index) => ({
      id: first + index,
      log: sealed.event.log,
      seq: sealed.event.seq,
      hash: sealed.hash,
      text: sealed.text,
      event_id: sealed.event.id,
      type: sealed.event.type,
      case_id: caseOf(sealed),
      counted: fresh.has(`${sealed.event.seq} ${sealed.event.id}`) ? 1 : 0,
      received_at: receivedAt,
    }));
    await trx.insertInto('log_events').values(rows).execute();
  }
}

/** Creates the row of a log or moves its head. */
export async function saveLog(trx: StoreTransaction, row: LogRow): Promise<void> {
  await trx
    .insertInto('logs')
    .values(row)
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet({ seq: row.seq, hash: row.hash, clock_offset_ms: row.clock_offset_ms }),
    )
    .execute();
}

/** Head of a log row, or the start of an empty log. */
export function headOf(log: string, row: LogRow | null, empty: string): LogHead {
  return row === null ? { log, seq: 0, hash: empty } : { log, seq: row.seq, hash: row.hash };
}

/** Receipt stored for exactly this sequence number, or null. */
export async function receiptAt(db: AnyStore, log: string, seq: number): Promise<Receipt | null> {
  const row = await db
    .selectFrom('receipts')
    .select('text')
    .where('log', '=', log)
    .where('seq', '=', seq)
    .executeTakeFirst();
  return row === undefined ? null : receiptSchema.parse(JSON.parse(row.text));
}

/** Newest receipt of a log, or null. */
export async function newestReceipt(db: AnyStore, log: string): Promise<Receipt | null> {
  const row = await db
    .selectFrom('receipts')
    .select('text')
    .where('log', '=', log)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? null : receiptSchema.parse(JSON.parse(row.text));
}

/** Keeps a receipt. */
export async function saveReceipt(trx: StoreTransaction, receipt: Receipt): Promise<void> {
  const { log, seq, at } = receipt.body;
  await trx
    .insertInto('receipts')
    .values({ log, seq, at, text: JSON.stringify(receipt) })
    .execute();
}

/** Events that count, each id of a lineage once, without those in quarantine; oldest first. */
function readable(db: AnyStore) {
  return db
    .selectFrom('log_events as e')
    .innerJoin('logs as l', 'l.id', 'e.log')
    .innerJoin('devices as d', 'd.id', 'l.device')
    .leftJoin('quarantine as q', (join) => join.onRef('q.log', '=', 'e.log').onRef('q.seq', '=', 'e.seq'))
    .select(['e.id', 'd.id as device', 'd.office', 'e.received_at', 'e.text'])
    .where('e.counted', '=', 1)
    .where('q.log', 'is', null)
    .orderBy('e.id');
}

type ReadableRow = Awaited<ReturnType<ReturnType<typeof readable>['execute']>>[number];

function storedEvent(row: ReadableRow): StoredEvent {
  return {
    id: Number(row.id),
    device: row.device,
    office: row.office,
    receivedAt: row.received_at,
    sealed: parseSealedEvent(row.text),
  };
}

/**
 * Events stored after `afterId`, oldest first: each event id of a lineage once, without those in quarantine. One that is
 * released from quarantine later keeps its place, which a reader may have passed.
 */
export async function readEvents(db: AnyStore, afterId: number, limit: number): Promise<StoredEvent[]> {
  return (await readable(db).where('e.id', '>', afterId).limit(limit).execute()).map(storedEvent);
}

/** Events about a case that were stored before its intake: a log that continues another may arrive first. */
export async function eventsBefore(db: AnyStore, caseId: string, intake: number): Promise<StoredEvent[]> {
  const rows = await readable(db).where('e.case_id', '=', caseId).where('e.id', '<', intake).execute();
  return rows.map(storedEvent);
}
