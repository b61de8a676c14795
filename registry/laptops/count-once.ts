import type { SealedEvent } from '../../shared/log/event.ts';
import type { StoreTransaction } from '../storage/db/tables.ts';
import { lineageOf } from './lineage.ts';
import { markStale } from './quarantine.ts';

interface Counted {
  readonly log: string;
  readonly seq: number;
  readonly event: string;
}

const idsAtATime = 500;

/** Whether a log of another device continues one of this device, or the other way round: seldom, and looked up first. */
async function hasKin(trx: StoreTransaction, device: string): Promise<boolean> {
  const query = trx
    .selectFrom('logs as child')
    .innerJoin('logs as parent', 'parent.id', 'child.parent')
    .select('child.id')
    .whereRef('child.device', '!=', 'parent.device')
    .where((eb) => eb.or([eb('child.device', '=', device), eb('parent.device', '=', device)]));
  return (await query.limit(1).executeTakeFirst()) !== undefined;
}

/** The devices whose logs are of one lineage with a log. */
async function devicesOf(trx: StoreTransaction, log: string): Promise<string[]> {
  const devices = new Set<string>();
  const { logs } = await lineageOf(trx, log);
  const query = trx.selectFrom('logs').select('device');
  for (let i = 0; i < logs.length; i += idsAtATime) {
    const rows = await query.where('id', 'in', logs.slice(i, i + idsAtATime)).execute();
    for (const { device } of rows) devices.add(device);
  }
  return [...devices];
}

/** Entries of some devices that count, as they were stored, of those whose id came from several. */
async function repeatedOf(trx: StoreTransaction, devices: readonly string[], only: readonly string[] | null) {
  const ids = trx.selectFrom('event_ids').select('event_id').where('device', 'in', devices);
  const repeated = (only === null ? ids : ids.where('event_id', 'in', only))
    .groupBy('event_id')
    .having(trx.fn.countAll(), '>', 1);
  return trx
    .selectFrom('event_ids as i')
    .innerJoin('log_events as e', (join) => join.onRef('e.log', '=', 'i.log').onRef('e.seq', '=', 'i.seq'))
    .select(['e.log', 'e.seq', 'e.event_id as event'])
    .where('i.device', 'in', devices)
    .where('i.event_id', 'in', repeated)
    .where('e.counted', '=', 1)
    .orderBy('e.id')
    .execute();
}

/** All but the first of each event. */
function furtherOf(rows: readonly Counted[]): Counted[] {
  const seen = new Set<string>();
  return rows.filter(({ event }) => {
    const isFurther = seen.has(event);
    seen.add(event);
    return isFurther;
  });
}

async function repeats(trx: StoreTransaction, devices: readonly string[], events: readonly SealedEvent[]) {
  // A log that opens may tie together what came before it: all of it is looked at.
  if (events[0]?.event.seq === 1) return repeatedOf(trx, devices, null);
  const ids = events.map(({ event }) => event.id);
  const rows: Counted[] = [];
  for (let i = 0; i < ids.length; i += idsAtATime)
    rows.push(...(await repeatedOf(trx, devices, ids.slice(i, i + idsAtATime))));
  return rows;
}

/**
 * Lets each event count once in a lineage, where it was stored first: a restored folder goes on under a key of its own,
 * as another device, and repeats what had no receipt. `events` were just stored in `log`, a log of `device`.
 */
export async function countOnceInLineage(
  trx: StoreTransaction,
  log: string,
  device: string,
  events: readonly SealedEvent[],
): Promise<void> {
  if (events.length === 0 || !(await hasKin(trx, device))) return;
  const devices = await devicesOf(trx, log);
  if (devices.length < 2) return;
  const further = furtherOf(await repeats(trx, devices, events));
  for (const { log: of, seq } of further)
    await trx.updateTable('log_events').set({ counted: 0 }).where('log', '=', of).where('seq', '=', seq).execute();
  // What was stored before may have been read already.
  const first = events[0]!.event.seq;
  if (further.some((one) => one.log !== log || one.seq < first)) await markStale(trx);
}
