import { hexToBytes, utf8ToBytes, concatBytes } from '@noble/hashes/utils.js';
import { z } from 'zod';
import { OutpostError } from '../errors/index.ts';
import { canonicalJson, sha256Hex, type Json } from './canonical.ts';
import { sentence } from '../language/sentence.ts';

/** Hex SHA-256. */
export const hashSchema = z.string().regex(/^[0-9a-f]{64}$/);
/** UTC instant with milliseconds, `2026-03-01T09:30:00.000Z`. */
export const instantSchema = z.iso.datetime({ precision: 3 });
/** Plain calendar date, `2026-03-01`. */
export const dateSchema = z.iso.date();
export const idSchema = z.uuid();

/** `prev` of the first event of a log. */
export const genesisHash = '0'.repeat(64);

/**
 * One entry of a log: header, public payload and the salted commitment to a private payload kept elsewhere.
 * Only this object ever leaves the laptop by sync. The type and payload are read later (`payloads.ts`), so that
 * an event of a newer version can be stored and chained by an older program.
 */
const eventSchema = z.strictObject({
  v: z.literal(1),
  log: idSchema,
  seq: z.int().min(1),
  prev: hashSchema,
  id: idSchema,
  type: z.string().min(1).max(60),
  at: instantSchema,
  zone: z.string().min(1).max(60),
  person: idSchema.nullable(),
  app: z.string().min(1).max(40),
  public: z.record(z.string(), z.json()),
  commitment: hashSchema.nullable(),
});
export type LogEvent = z.infer<typeof eventSchema>;

/** An event with the exact bytes (canonical JSON) its hash covers. */
export interface SealedEvent {
  readonly event: LogEvent;
  readonly text: string;
  readonly hash: string;
}

/** What a private payload is kept as: canonical JSON and its 32-byte salt in hex. Erasure destroys both. */
export interface PrivatePayload {
  readonly text: string;
  readonly salt: string;
}

/** Commitment to a private payload: SHA-256 over salt bytes, then the payload's UTF-8 bytes. */
export function commitmentOf(payload: PrivatePayload): string {
  return sha256Hex(concatBytes(hexToBytes(payload.salt), utf8ToBytes(payload.text)));
}

/** Canonical bytes and hash of an event. */
export function sealEvent(event: LogEvent): SealedEvent {
  const text = canonicalJson(event as unknown as Json);
  return { event, text, hash: sha256Hex(text) };
}

/** Reads stored bytes back; BAD_CHAIN when they are no event or not canonical (the hash would then be ambiguous). */
export function parseSealedEvent(text: string): SealedEvent {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (cause) {
    throw new OutpostError('BAD_CHAIN', sentence('log.entry_not_json'), { cause });
  }
  const parsed = eventSchema.safeParse(raw);
  if (!parsed.success)
    throw new OutpostError('BAD_CHAIN', sentence('log.entry_no_valid_header'), { cause: parsed.error });
  if (canonicalJson(raw as Json) !== text)
    throw new OutpostError('BAD_CHAIN', sentence('log.entry_not_canonical_form'));
  return { event: parsed.data, text, hash: sha256Hex(text) };
}

/** Position of a log: its id, the last sequence number (0 = empty) and the hash of that entry. */
export interface LogHead {
  readonly log: string;
  readonly seq: number;
  readonly hash: string;
}

/**
 * Checks that `texts` continue `start` without a break and returns them with the new head.
 * Throws GAP (data.expected) when the first entry is later than expected and BAD_CHAIN for any other break.
 */
export function verifyChain(start: LogHead, texts: readonly string[]): { events: SealedEvent[]; head: LogHead } {
  let head = start;
  const events: SealedEvent[] = [];
  for (const text of texts) {
    const sealed = parseSealedEvent(text);
    const { event } = sealed;
    if (event.log !== start.log) throw new OutpostError('BAD_CHAIN', sentence('log.entry_belongs_another_log'));
    if (event.seq > head.seq + 1) {
      throw new OutpostError('GAP', sentence('log.entry_expected', { expected: head.seq + 1, came: event.seq }), {
        data: { expected: head.seq + 1, got: event.seq },
      });
    }
    if (event.seq !== head.seq + 1 || event.prev !== head.hash) {
      throw new OutpostError('BAD_CHAIN', sentence('log.entry_does_not_follow', { seq: event.seq, head: head.seq }), {
        data: { seq: event.seq },
      });
    }
    head = { log: start.log, seq: event.seq, hash: sealed.hash };
    events.push(sealed);
  }
  return { events, head };
}
