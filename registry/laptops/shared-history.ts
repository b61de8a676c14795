import { parseSealedEvent, sealEvent, type LogEvent, type LogHead } from '../../shared/log/event.ts';
import type { AnyStore } from '../storage/db/tables.ts';
import { hashesBetween } from './logs.ts';
import type { Lineage } from './lineage.ts';

/** Entries a log may repeat of its parent and still prove what it shares with it. */
const mostRepeated = 2000;
/** Entries that are hashed again at most to find where the repeated ones began. */
const mostHashed = 5000;

interface Chain {
  readonly last: LogHead;
  readonly shared: number;
}

/** First entries of a log after its opening one: those it repeats of its parent, then its own. */
async function firstEvents(db: AnyStore, log: string): Promise<LogEvent[]> {
  const query = db.selectFrom('log_events').select('text').where('log', '=', log).where('seq', '>', 1);
  const rows = await query.orderBy('seq').limit(mostRepeated).execute();
  return rows.map((row) => parseSealedEvent(row.text).event);
}

/** Where the first repeated entry stood in the parent, when the parent holds it too. */
async function placeOf(db: AnyStore, parent: string, event: LogEvent | undefined): Promise<number | null> {
  if (event === undefined) return null;
  const query = db.selectFrom('log_events').select('seq').where('log', '=', parent).where('event_id', '=', event.id);
  return (await query.executeTakeFirst())?.seq ?? null;
}

/** Chains repeated entries after an entry of the parent as they stood there, and says how many of them are stored. */
function chainAfter(start: LogHead, repeated: readonly LogEvent[], stored: ReadonlyMap<number, string>): Chain {
  let [last, shared] = [start, start.seq];
  for (const event of repeated) {
    const { hash } = sealEvent({ ...event, log: start.log, seq: last.seq + 1, prev: last.hash });
    last = { log: start.log, seq: last.seq + 1, hash };
    if (stored.get(last.seq) === hash) shared = last.seq;
  }
  return { last, shared };
}

/**
 * How many entries of its parent a log shares, as far as that is proven: all up to the head it names when that is stored,
 * else those before the ones it repeats, when these lead from a stored entry to that head. A copy that was answered "fork"
 * names its own head: at the same numbers the registry has entries it never saw. 0 when nothing is proven.
 */
async function sharedOf(db: AnyStore, child: string, parent: LogHead): Promise<number> {
  const named = await hashesBetween(db, parent.log, parent.seq, parent.seq);
  if (named.get(parent.seq) === parent.hash) return parent.seq;
  const events = await firstEvents(db, child);
  const first = await placeOf(db, parent.log, events[0]);
  const stored = await hashesBetween(db, parent.log, Math.max(1, parent.seq - events.length), parent.seq - 1);
  let hashed = 0;
  for (const [seq, hash] of [...stored].toSorted(([a], [b]) => b - a)) {
    if (first !== null && seq !== first - 1) continue;
    hashed += parent.seq - seq;
    if (hashed > mostHashed) break;
    const { last, shared } = chainAfter({ log: parent.log, seq, hash }, events.slice(0, parent.seq - seq), stored);
    if (last.hash === parent.hash) return shared;
  }
  return 0;
}

/** Answers of a log its ancestors, nearest first, with how many of their entries are in its past. */
export function pastReader(db: AnyStore, { parentOf }: Lineage): (log: string) => Promise<ReadonlyMap<string, number>> {
  return async (log) => {
    const past = new Map<string, number>();
    let child = log;
    for (let at = parentOf(log); at !== null && !past.has(at.log); at = parentOf(at.log)) {
      past.set(at.log, await sharedOf(db, child, at));
      child = at.log;
    }
    return past;
  };
}
