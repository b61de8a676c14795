import { z } from 'zod';
import { payloadSchemas, type EventType, type PublicPayload } from '../../shared/log/payloads.ts';
import { eventsBefore, readEvents, type StoredEvent } from '../laptops/logs.ts';
import { derivedStaleSetting } from '../laptops/quarantine.ts';
import { withLock, readSetting, writeSetting } from '../storage/db/settings.ts';
import type { Store, StoreTransaction } from '../storage/db/tables.ts';
import { type KnownCase } from '../../learning/data/known-case.ts';
import { findCase, saveCase } from './cases.ts';

const cursorName = 'pipeline.cursor';
const batchSize = 500;

const fromLaptops = ['feedback', 'historical'] as const;

function isFromLaptop(known: KnownCase | null): boolean {
  return known !== null && fromLaptops.some((source) => source === known.source);
}

/** A case whose import was undone is in no count and in no training, as if it had never come. */
async function withdrawn(trx: StoreTransaction, id: string): Promise<void> {
  await trx.deleteFrom('known_cases').where('id', '=', id).where('source', 'in', fromLaptops).execute();
}

async function received(
  trx: StoreTransaction,
  stored: StoredEvent,
  payload: PublicPayload<'case.received'>,
): Promise<void> {
  // A handed-over case keeps its first intake. What a file says of a case gives way to what its laptop says.
  if (isFromLaptop(await findCase(trx, payload.case))) return;
  await saveCase(trx, {
    id: payload.case,
    source: payload.historical === true ? 'historical' : 'feedback',
    office: stored.office,
    received: payload.received,
    incident: null,
    scammer: null,
    urgent: payload.urgent,
    facts: payload.facts,
    tactics: payload.facts.tactics,
    scored: null,
    outcome: null,
    outcomeAt: null,
  });
  for (const early of await eventsBefore(trx, payload.case, stored.id)) await apply(trx, early);
}

type Change = (known: KnownCase) => KnownCase;

async function change(trx: StoreTransaction, id: string, apply: Change): Promise<void> {
  const known = await findCase(trx, id);
  // Unknown, or from a file only: its intake is still in quarantine, whose release derives everything again.
  if (known !== null && isFromLaptop(known)) await saveCase(trx, apply(known));
}

/**
 * Reads one event into what is known of its case. Events of other types say nothing about it; nor does an erasure, which
 * destroys what never left the laptop: the facts stay on both sides, so that no figure changes.
 */
async function apply(trx: StoreTransaction, stored: StoredEvent): Promise<void> {
  const { type, public: payload, at } = stored.sealed.event;
  const read = <T extends EventType>(name: T): PublicPayload<T> =>
    payloadSchemas[name].parse(payload) as PublicPayload<T>;
  switch (type) {
    case 'case.received':
      return received(trx, stored, read(type));
    case 'case.edited': {
      const { case: id, facts } = read(type);
      return change(trx, id, (known) => ({ ...known, tactics: [...new Set([...known.tactics, ...facts.tactics])] }));
    }
    case 'case.scored': {
      const scored = read(type);
      return change(trx, scored.case, (known) => ({ ...known, scored: known.scored ?? scored }));
    }
    case 'case.outcome': {
      const { case: id, outcome } = read(type);
      return change(trx, id, (known) => ({ ...known, outcome, outcomeAt: at }));
    }
    case 'case.withdrawn':
      return withdrawn(trx, read(type).case);
    default:
      return;
  }
}

async function startOver(trx: StoreTransaction): Promise<void> {
  await trx.deleteFrom('known_cases').where('source', 'in', fromLaptops).execute();
  await writeSetting(trx, cursorName, 0);
  await writeSetting(trx, derivedStaleSetting, false);
}

async function readOn(trx: StoreTransaction): Promise<number> {
  if ((await readSetting(trx, derivedStaleSetting, z.boolean())) === true) await startOver(trx);
  const after = (await readSetting(trx, cursorName, z.number())) ?? 0;
  const events = await readEvents(trx, after, batchSize);
  for (const event of events) await apply(trx, event);
  const last = events.at(-1);
  if (last !== undefined) await writeSetting(trx, cursorName, last.id);
  return events.length;
}

/**
 * Reads the events stored since the last time into cases, scores and outcomes; answers how many. Starts over when
 * events were released from quarantine, for these belong before others. Safe to run at any time and from several
 * processes: each batch moves its cursor in the same transaction.
 */
export async function integrate(db: Store): Promise<number> {
  let total = 0;
  for (;;) {
    const count = await withLock(db, 'integrate', readOn);
    total += count;
    if (count < batchSize) return total;
  }
}

/** Derives everything again from the stored events; imported data sets stay. */
export async function rebuild(db: Store): Promise<number> {
  await withLock(db, 'integrate', startOver);
  return integrate(db);
}
