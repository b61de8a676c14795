import { parseSealedEvent, type SealedEvent } from '../../shared/log/event.ts';
import { payloadSchemas, type EventType } from '../../shared/log/payloads.ts';
import { listed, sentence, sentenceSchema, type Sentence } from '../../shared/language/sentence.ts';
import { ownCases } from './lineage.ts';
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

/**
 * Reads the quarantine again with this program; what fits now becomes readable in its old place, so that a late reading
 * changes no order. Readers are past that place: whatever was derived is marked stale in the same transaction.
 */
export async function replayQuarantine(db: Store): Promise<{ released: number; kept: number }> {
  return db.transaction().execute(async (trx) => {
    await takeNumbers(trx, 'log_events', 0);
    await takeNumbers(trx, 'lock:integrate', 0); // or an integration under way would clear the mark unread
    const rows = await trx
      .selectFrom('quarantine as q')
      .innerJoin('log_events as e', (join) => join.onRef('e.log', '=', 'q.log').onRef('e.seq', '=', 'q.seq'))
      .select(['q.log', 'q.seq', 'e.text'])
      .orderBy('e.id')
      .execute();
    let released = 0;
    for (const [log, ofLog] of Map.groupBy(rows, (row) => row.log)) {
      const events = ofLog.map((row) => parseSealedEvent(row.text));
      const why = await whyAside(trx, log, events);
      for (const sealed of events.filter((one) => why(one) === null)) {
        await trx.deleteFrom('quarantine').where('log', '=', log).where('seq', '=', sealed.event.seq).execute();
        released += 1;
      }
    }
    if (released > 0) await writeSetting(trx, derivedStaleSetting, true);
    return { released, kept: rows.length - released };
  });
}
