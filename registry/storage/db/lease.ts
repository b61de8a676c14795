import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { OutpostError } from '../../../shared/errors/index.ts';
import type { WallClock } from '../../../platform/environment.ts';
import { withLock, readSetting, writeSetting } from './settings.ts';
import type { Store, StoreTransaction } from './tables.ts';
import { sentence } from '../../../shared/language/sentence.ts';

/** Who may do a piece of work that takes long, and until when unless it renews that. */
const leaseSchema = z.strictObject({ id: z.string(), by: z.string(), since: z.string(), until: z.string() });

/** How long a lease is good for after its holder last said so: a killed process holds up others no longer than this. */
const leaseMinutes = 10;
const lifetimeMs = leaseMinutes * 60_000;

/** The store a lease is kept in, and its time. */
interface Place {
  readonly db: Store;
  readonly clock: WallClock;
}

const settingOf = (name: string): string => `lease.${name}`;

function instantOf({ clock }: Place): string {
  return new Date(clock.now()).toISOString();
}

function untilOf({ clock }: Place): string {
  return new Date(clock.now() + lifetimeMs).toISOString();
}

const shown = (at: string): string => `${at.slice(0, 10)} ${at.slice(11, 16)}`;

/** Takes a lease and answers its id. Throws CONFLICT while somebody else has it. */
async function take(place: Place, name: string, by: string): Promise<string> {
  return withLock(place.db, settingOf(name), async (trx) => {
    const held = await readSetting(trx, settingOf(name), leaseSchema);
    const [now, id] = [instantOf(place), uuidv7()];
    if (held !== null && held.until > now) {
      throw new OutpostError(
        'CONFLICT',
        sentence('storage.lease_held', { work: name, by: held.by, since: shown(held.since), until: shown(held.until) }),
      );
    }
    await writeSetting(trx, settingOf(name), { id, by, since: now, until: untilOf(place) });
    return id;
  });
}

/** Changes a lease that is still one's own; one that ran out and went to somebody else stays as it is. */
async function ifStillHeld(
  { db }: Place,
  name: string,
  id: string,
  change: (trx: StoreTransaction, held: z.infer<typeof leaseSchema>) => Promise<unknown>,
): Promise<void> {
  await withLock(db, settingOf(name), async (trx) => {
    const held = await readSetting(trx, settingOf(name), leaseSchema);
    if (held?.id === id) await change(trx, held);
  });
}

/**
 * Does work that takes minutes while nobody else does work of that name, in this process or another one. The lease is
 * renewed while the work goes on and given back at its end. Throws CONFLICT while another one has it, and what the work
 * throws. A process that was stopped for longer than `leaseMinutes` may go on beside its successor: what the work writes
 * at its end has to be checked as if there were no lease.
 */
export async function withLease<T>(place: Place, name: string, by: string, work: () => Promise<T>): Promise<T> {
  const id = await take(place, name, by);
  const renew = (): Promise<void> =>
    ifStillHeld(place, name, id, (trx, held) =>
      writeSetting(trx, settingOf(name), { ...held, until: untilOf(place) }),
    ).catch(() => undefined); // the next time may do; if none does, the lease runs out
  const timer = setInterval(() => void renew(), lifetimeMs / 5);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    await ifStillHeld(place, name, id, (trx) =>
      trx.deleteFrom('settings').where('name', '=', settingOf(name)).execute(),
    );
  }
}
