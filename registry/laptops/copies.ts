import type { SealedEvent } from '../../shared/log/event.ts';
import { sentence } from '../../shared/language/sentence.ts';
import type { StoreTransaction } from '../storage/db/tables.ts';
import { lineageOf } from './lineage.ts';
import { pastReader } from './shared-history.ts';
import type { Notice } from './references.ts';

/** What a copy that knows nothing of the other may have changed of a case. */
const changes = ['case.edited', 'case.outcome', 'case.erased', 'case.withdrawn'];

/** A stored change of a case; one that repeats an entry of another log does not count. */
interface Change {
  readonly id: string | null;
  readonly log: string;
  readonly seq: number;
  readonly event: string;
  readonly counted: number;
}

type Past = ReadonlyMap<string, number>;

function changedCases(events: readonly SealedEvent[]): string[] {
  const ids = events.map(({ event }) => (changes.includes(event.type) ? event.public['case'] : null));
  return [...new Set(ids.filter((id) => typeof id === 'string'))];
}

async function changesOf(trx: StoreTransaction, cases: readonly string[]): Promise<Change[]> {
  return trx
    .selectFrom('log_events')
    .select(['case_id as id', 'log', 'seq', 'event_id as event', 'counted'])
    .where('case_id', 'in', cases)
    .where('type', 'in', changes)
    .execute();
}

/** Whether a log has a change in its past: it is there or in what the log continues, by its place or repeated. */
function isKnown(change: Change, log: string, past: Past, all: readonly Change[]): boolean {
  const places = all.filter(({ id, event }) => id === change.id && event === change.event);
  return places.some((place) => place.log === log || place.seq <= (past.get(place.log) ?? 0));
}

/**
 * Says which of the cases that were just changed were changed on another copy of the laptop's data too. Of two logs that
 * continue one, both are taken, in the order they come: whether that is right only the office can tell.
 */
export async function noteCopies(
  trx: StoreTransaction,
  log: string,
  events: readonly SealedEvent[],
): Promise<Notice[]> {
  const cases = changedCases(events);
  if (cases.length === 0) return [];
  const all = await changesOf(trx, cases);
  const counted = all.filter((one) => one.counted === 1);
  const sent = new Set(events.map(({ event }) => event.seq));
  const own = counted.filter((one) => one.log === log && sent.has(one.seq));
  if (counted.every((one) => one.log === log) || own.length === 0) return [];
  const lineage = await lineageOf(trx, log);
  const kin = new Set(lineage.logs);
  const others = counted.filter((one) => one.log !== log && kin.has(one.log));
  const pastOf = pastReader(trx, lineage);
  const past = new Map<string, Past>();
  for (const one of new Set([log, ...others.map((other) => other.log)])) past.set(one, await pastOf(one));
  const knows = (reader: Change, change: Change): boolean => isKnown(change, reader.log, past.get(reader.log)!, all);
  const isTwice = (one: Change): boolean =>
    others.some((other) => other.id === one.id && !knows(one, other) && !knows(other, one));
  const found = new Set(own.filter(isTwice).map(({ id }) => id!));
  return [...found].map((id) => ({ case: id, sentence: sentence('laptops.case_changed_on_copy') }));
}
