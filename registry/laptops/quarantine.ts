import { parseSealedEvent, type SealedEvent } from '../../shared/log/event.ts';
import { payloadSchemas, type EventType } from '../../shared/log/payloads.ts';
import { listed, sentence, sentenceSchema, type Sentence } from '../../shared/language/sentence.ts';
import { lineageOf, ownCases } from './lineage.ts';
import { takeNumbers, writeSetting } from '../storage/db/settings.ts';
import type { Store, StoreTransaction, Tables } from '../storage/db/tables.ts';

/** Why an event's payload cannot be read by this program, or null when it can. Names fields, never their values. */
function whyUnreadable({ event }: SealedEvent): Sentence | null {
  const { type } = event;
  if (!Object.hasOwn(payloadSchemas, type)) return sentence('laptops.type_unknown', { type });
  const parsed = payloadSchemas[event.type as EventType].safeParse(event.public);
  if (parsed.success) return null;
  const fields = new Set(parsed.error.issues.map((issue) => issue.path.join('.')));
  const named = [...fields].slice(0, 5).map((field) => (field === '' ? sentence('laptops.whole_payload') : field));
  return sentence('laptops.payload_unfit', { type, fields: listed(named) });
}

function caseOf({ event }: SealedEvent): string | null {
  const id = event.public['case'];
  return event.type.startsWith('case.') && typeof id === 'string' ? id : null;
}

/** Finds out why entries of one log are not applied; null for those that are. */
async function whyAside(
  trx: StoreTransaction,
  log: string,
  events: readonly SealedEvent[],
): Promise<(sealed: SealedEvent) => Sentence | null> {
  const own = await ownCases(
    trx,
    log,
    events.map(caseOf).filter((id) => id !== null),
  );
  return (sealed) => {
    const why = whyUnreadable(sealed);
    const id = caseOf(sealed);
    return why ?? (id === null || own.has(id) ? null : sentence('laptops.case_of_another_log'));
  };
}

/**
 * Puts stored entries of one log aside that cannot be read, or that speak of a case which came by a log of another
 * lineage; their bytes stay in the log, which stays unbroken.
 */
export async function quarantineUnfit(
  trx: StoreTransaction,
  log: string,
  events: readonly SealedEvent[],
  at: string,
): Promise<void> {
  const why = await whyAside(trx, log, events);
  const rows = events.flatMap((sealed) => {
    const reason = why(sealed);
    return reason === null ? [] : [{ log, seq: sealed.event.seq, reason: JSON.stringify(reason), at }];
  });
  if (rows.length > 0) await trx.insertInto('quarantine').values(rows).execute();
}

/** An entry that was stored and is not applied, and why. */
export interface Quarantined extends Omit<Tables['quarantine'], 'reason'> {
  readonly reason: Sentence;
}

/** Everything in quarantine, oldest first. */
export async function listQuarantine(db: Store): Promise<Quarantined[]> {
  const rows = await db.selectFrom('quarantine').selectAll().orderBy('at').orderBy('log').orderBy('seq').execute();
  return rows.map((row) => ({ ...row, reason: sentenceSchema.parse(JSON.parse(row.reason)) }));
}

/** What is in quarantine, as lines. */
export function quarantineLines(rows: readonly Quarantined[]): Sentence[] {
  if (rows.length === 0) return [sentence('registry.quarantine_empty')];
  return rows.map(({ at, log, seq, reason }) => sentence('registry.quarantined', { at, log, seq, reason }));
}

/** Setting that says what was derived from the events misses some of them and has to be derived again. */
export const derivedStaleSetting = 'pipeline.stale';

/** Cases or logs asked for at a time: databases take only so many values in a query. */
const idsAtATime = 500;

/** Marks what was derived from the events as stale, in the transaction that makes it so. */
export async function markStale(trx: StoreTransaction): Promise<void> {
  await takeNumbers(trx, 'lock:integrate', 0); // or an integration under way would clear the mark unread
  await writeSetting(trx, derivedStaleSetting, true);
}

interface Aside {
  readonly log: string;
  readonly text: string;
}

function entriesAside(trx: StoreTransaction) {
  return trx
    .selectFrom('quarantine as q')
    .innerJoin('log_events as e', (join) => join.onRef('e.log', '=', 'q.log').onRef('e.seq', '=', 'q.seq'))
    .select(['q.log', 'e.text'])
    .orderBy('e.id');
}

/** Releases those of some entries that fit now; answers how many. Readers are past their places: all is derived again. */
async function release(trx: StoreTransaction, rows: readonly Aside[]): Promise<number> {
  let released = 0;
  for (const [log, ofLog] of Map.groupBy(rows, (row) => row.log)) {
    const events = ofLog.map((row) => parseSealedEvent(row.text));
    const why = await whyAside(trx, log, events);
    for (const sealed of events.filter((one) => why(one) === null)) {
      await trx.deleteFrom('quarantine').where('log', '=', log).where('seq', '=', sealed.event.seq).execute();
      released += 1;
    }
  }
  if (released > 0) await markStale(trx);
  return released;
}

/**
 * Reads the quarantine again with this program; what fits now becomes readable in its old place, so that a late reading
 * changes no order. Whatever was derived is marked stale in the same transaction.
 */
export async function replayQuarantine(db: Store): Promise<{ released: number; kept: number }> {
  return db.transaction().execute(async (trx) => {
    await takeNumbers(trx, 'log_events', 0);
    const rows = await entriesAside(trx).execute();
    const released = await release(trx, rows);
    return { released, kept: rows.length - released };
  });
}

/** What was put aside in logs of the lineage of one that just opened; nothing unless another names it as its parent. */
async function asideOfKin(trx: StoreTransaction, log: string): Promise<Aside[]> {
  const child = await trx.selectFrom('logs').select('id').where('parent', '=', log).limit(1).executeTakeFirst();
  if (child === undefined) return [];
  const { logs } = await lineageOf(trx, log);
  const rows: Aside[] = [];
  for (let i = 0; i < logs.length; i += idsAtATime)
    rows.push(
      ...(await entriesAside(trx)
        .where('q.log', 'in', logs.slice(i, i + idsAtATime))
        .execute()),
    );
  return rows;
}

/**
 * Releases what was put aside only because it came before what it speaks of: the log its own continues, or the intake of
 * its case. `events` were just stored in `log`.
 */
export async function replayArrived(trx: StoreTransaction, log: string, events: readonly SealedEvent[]): Promise<void> {
  if (events[0]?.event.seq === 1) await release(trx, await asideOfKin(trx, log));
  const received = events.filter(({ event }) => event.type === 'case.received').map(caseOf);
  const cases = received.filter((id) => id !== null);
  for (let i = 0; i < cases.length; i += idsAtATime) {
    const rows = entriesAside(trx).where('e.case_id', 'in', cases.slice(i, i + idsAtATime));
    await release(trx, await rows.execute());
  }
}
