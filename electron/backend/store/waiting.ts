import { z } from 'zod';
import type { Db } from './db.ts';
import type { EventLog } from './log.ts';

/** Kinds of entries that somebody made, in the order in which people count them. */
const byPeople: readonly string[] = ['case.received', 'case.outcome', 'case.edited', 'case.erased', 'case.withdrawn'];

const rowSchema = z.object({ type: z.string(), count: z.int() });
/** How many entries of a kind wait to be sent. */
type WaitingKind = z.infer<typeof rowSchema>;

function rank(type: string): number {
  const at = byPeople.indexOf(type);
  return at === -1 ? byPeople.length : at;
}

/** What has no receipt, counted by kind: what people entered first, then what the laptop noted by itself. */
export function waitingKinds(db: Db, log: Pick<EventLog, 'id' | 'receipted'>): WaitingKind[] {
  return db
    .prepare('SELECT type, count(*) AS count FROM events WHERE log = ? AND seq > ? GROUP BY type ORDER BY type')
    .all(log.id, log.receipted())
    .map((row) => rowSchema.parse(row))
    .toSorted((a, b) => rank(a.type) - rank(b.type));
}

/** How much of what people entered has no receipt: what a laptop notes by itself is nothing that they wait for. */
export function waitingOfPeople(db: Db, log: Pick<EventLog, 'id' | 'receipted'>): number {
  return waitingKinds(db, log)
    .filter(({ type }) => byPeople.includes(type))
    .reduce((sum, { count }) => sum + count, 0);
}
