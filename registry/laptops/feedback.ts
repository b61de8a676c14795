import { OutpostError } from '../../shared/errors/index.ts';
import type { Json } from '../../shared/log/canonical.ts';
import { genesisHash, parseSealedEvent, verifyChain, type LogHead, type SealedEvent } from '../../shared/log/event.ts';
import { payloadSchemas } from '../../shared/log/payloads.ts';
import { batchPurpose, signReceipt, verifyJson, type Batch, type Receipt } from '../../shared/log/signed.ts';
import { instant, type RegistryContext } from '../identity/context.ts';
import { requireNotRevoked } from './devices.ts';
import { appendEvents, findLog, hashesBetween, headOf, receiptAt, saveLog, saveReceipt, type LogRow } from './logs.ts';
import { quarantineUnfit, replayArrived } from './quarantine.ts';
import { countOnceInLineage } from './count-once.ts';
import { noteCopies } from './copies.ts';
import { ownCases } from './lineage.ts';
import { forgetReferences, noteOutcomes, noteReferences, withdrawnCases, type Notice } from './references.ts';
import { takeNumbers } from '../storage/db/settings.ts';
import type { StoreTransaction } from '../storage/db/tables.ts';
import { sentence } from '../../shared/language/sentence.ts';

interface Accepted {
  readonly receipt: Receipt;
  readonly notices: Notice[];
}

/** Whose log it is: the stored one, or what its first entry says about itself. */
interface Owner {
  readonly key: string;
  readonly device: string;
  readonly parent: string | null;
  readonly row: LogRow | null;
}

async function ownerOfNewLog(trx: StoreTransaction, batch: Batch): Promise<Owner> {
  if (batch.body.from !== 1) {
    throw new OutpostError('GAP', sentence('laptops.first_entry_expected', { from: batch.body.from }), {
      data: { expected: 1, got: batch.body.from },
    });
  }
  const first = parseSealedEvent(batch.events[0] ?? '');
  const opened = payloadSchemas['log.opened'].safeParse(first.event.public);
  if (first.event.type !== 'log.opened' || !opened.success)
    throw new OutpostError('BAD_CHAIN', sentence('laptops.log_must_begin_opening_entry'));
  const device = await trx.selectFrom('devices').select('id').where('key', '=', opened.data.key).executeTakeFirst();
  if (device === undefined)
    throw new OutpostError('NOT_ENROLLED', sentence('laptops.key_log_belongs_no_enrolled_laptop'));
  return { key: opened.data.key, device: device.id, parent: opened.data.parent?.log ?? null, row: null };
}

async function ownerOf(trx: StoreTransaction, batch: Batch): Promise<Owner> {
  const row = await findLog(trx, batch.body.log);
  return row === null ? ownerOfNewLog(trx, batch) : { key: row.key, device: row.device, parent: row.parent, row };
}

function checkRange(batch: Batch): void {
  const { from, to } = batch.body;
  if (to - from + 1 !== batch.events.length)
    throw new OutpostError('BAD_CHAIN', sentence('laptops.batch_holds_another_number_entries_than'));
}

/** Splits off what is stored already; FORK when the stored bytes differ. Answers the entries that are new. */
async function withoutStored(trx: StoreTransaction, batch: Batch, head: LogHead): Promise<string[]> {
  const { from, to, log } = batch.body;
  const overlap = Math.min(head.seq, to) - from + 1;
  if (overlap <= 0) return batch.events;
  const stored = await hashesBetween(trx, log, from, from + overlap - 1);
  for (const text of batch.events.slice(0, overlap)) {
    const { event, hash } = parseSealedEvent(text);
    if (event.log !== log || stored.get(event.seq) !== hash) throw fork(head);
  }
  return batch.events.slice(overlap);
}

function fork(head: LogHead): OutpostError {
  return new OutpostError('FORK', undefined, { data: { seq: head.seq, hash: head.hash } });
}

function continueChain(head: LogHead, fresh: readonly string[]): { events: SealedEvent[]; head: LogHead } {
  const first = fresh[0];
  if (first !== undefined) {
    const { event } = parseSealedEvent(first);
    // The right number on another predecessor is a copy of the folder that went its own way, not damage.
    if (event.log === head.log && event.seq === head.seq + 1 && event.prev !== head.hash) throw fork(head);
  }
  return verifyChain(head, fresh);
}

/** The batch's last entry must be the one its signature names, also when all of it was stored before. */
function checkSignedHead(batch: Batch): void {
  const { event, hash } = parseSealedEvent(batch.events.at(-1) ?? '');
  if (event.seq !== batch.body.to || hash !== batch.body.hash)
    throw new OutpostError('BAD_CHAIN', sentence('laptops.entries_do_not_end_where_signature'));
}

async function receiptFor(
  context: RegistryContext,
  trx: StoreTransaction,
  batch: Batch,
  offset: number | null,
): Promise<Receipt> {
  const { log, to, hash } = batch.body;
  const stored = await receiptAt(trx, log, to);
  if (stored !== null) return stored;
  const receipt = signReceipt(
    {
      format: 'outpost.receipt/1',
      registry: context.registry,
      log,
      seq: to,
      hash,
      at: instant(context),
      clockOffsetMs: offset,
    },
    context.keys.receipt,
  );
  await saveReceipt(trx, receipt);
  return receipt;
}

/** Also for what was stored before: the answer that held the notices may have been lost. */
async function noticesOf(
  trx: StoreTransaction,
  device: string,
  { body, events }: Batch,
  at: string,
): Promise<Notice[]> {
  const sealed = events.map(parseSealedEvent);
  const withdrawn = withdrawnCases(sealed);
  const own = await ownCases(trx, body.log, [...Object.keys(body.referenceTags), ...withdrawn]);
  await forgetReferences(
    trx,
    withdrawn.filter((id) => own.has(id)),
  );
  const tagged = Object.entries(body.referenceTags).filter(([id]) => own.has(id) && !withdrawn.includes(id));
  const references = await noteReferences(trx, device, Object.fromEntries(tagged), at);
  return [
    ...references,
    ...(await noteOutcomes(trx, device, sealed, references)),
    ...(await noteCopies(trx, body.log, sealed)),
  ];
}

/** Appends checked entries to their log; finds out which of them count, which fit, and which fit now that these are here. */
async function take(trx: StoreTransaction, device: string, events: readonly SealedEvent[], at: string): Promise<void> {
  const { log } = events[0]!.event;
  await appendEvents(trx, device, events, at);
  await countOnceInLineage(trx, log, device, events);
  await quarantineUnfit(trx, log, events, at);
  await replayArrived(trx, log, events);
}

async function store(
  context: RegistryContext,
  trx: StoreTransaction,
  batch: Batch,
  via: 'http' | 'courier',
): Promise<Accepted> {
  await takeNumbers(trx, 'log_events', 0); // batches are stored one after the other, so that heads cannot race
  const owner = await ownerOf(trx, batch);
  if (!verifyJson(batchPurpose, batch.body as Json, batch.signature, owner.key))
    throw new OutpostError('BAD_SIGNATURE');
  await requireNotRevoked(trx, owner.device);
  checkSignedHead(batch);
  const before = headOf(batch.body.log, owner.row, genesisHash);
  const fresh = await withoutStored(trx, batch, before);
  const { events, head } = continueChain(before, fresh);
  const at = instant(context);
  // A courier file was on its way for an unknown time: its clock says nothing about the laptop's offset.
  const offset = via === 'http' ? context.clock.now() - Date.parse(batch.body.at) : null;
  if (events.length > 0) {
    const kept = {
      opened_at: owner.row?.opened_at ?? at,
      clock_offset_ms: offset ?? owner.row?.clock_offset_ms ?? null,
    };
    await saveLog(trx, {
      id: head.log,
      device: owner.device,
      key: owner.key,
      seq: head.seq,
      hash: head.hash,
      parent: owner.parent,
      ...kept,
    });
    await take(trx, owner.device, events, at);
  }
  await trx.updateTable('devices').set({ last_seen: at }).where('id', '=', owner.device).execute();
  return {
    receipt: await receiptFor(context, trx, batch, offset),
    notices: await noticesOf(trx, owner.device, batch, at),
  };
}

/**
 * Stores a batch and answers with the receipt for its last entry. All or nothing; a range stored before gets the same
 * receipt. Throws GAP (data.expected), FORK (data: the stored head), BAD_CHAIN, BAD_SIGNATURE or NOT_ENROLLED.
 */
export async function acceptBatch(context: RegistryContext, batch: Batch, via: 'http' | 'courier'): Promise<Accepted> {
  checkRange(batch);
  return context.db.transaction().execute((trx) => store(context, trx, batch, via));
}
