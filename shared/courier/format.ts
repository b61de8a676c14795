import { z } from 'zod';
import { enrolmentCodeSchema, enrolmentGrantSchema, enrolmentRequestSchema } from '../contract/registry.ts';
import { OutpostError } from '../errors/index.ts';
import { canonicalJson, sha256Hex, type Json } from '../log/canonical.ts';
import { hashSchema, idSchema, instantSchema } from '../log/event.ts';
import { batchSchema, publicKeySchema, receiptSchema, signatureSchema, verifyJson, type Batch } from '../log/signed.ts';
import { fromBase64, toBase64 } from './base64.ts';
import { sentence, sentenceSchema, type Sentence } from '../language/sentence.ts';

const upPurpose = 'outpost.courier-up/1';
const downPurpose = 'outpost.courier-down/1';

/**
 * Most a courier file may measure on the stick, and most it may unfold to, in bytes: the largest model a registry takes
 * (64 MiB), as base64, with room for the rest.
 */
export const courierLimits = { sealed: 100 * 1024 * 1024, decompressed: 100 * 1024 * 1024 } as const;
export type CourierLimits = { readonly sealed: number; readonly decompressed: number };

const recipientSchema = z.string().startsWith('age1').max(200);

const upBody = z.strictObject({
  format: z.literal('outpost.courier-up/1'),
  /** Sealing recipient of the registry the file is for: a file for another registry is refused even if it can be opened. */
  recipient: recipientSchema,
  log: idSchema,
  key: publicKeySchema,
  /** First and last sequence inside; `to` is `from - 1` when nothing waits and only an answer is wanted. */
  from: z.int().min(1),
  to: z.int().min(0),
  /** Hash of entry `to`, the signed head of what is inside. */
  hash: hashSchema,
  at: instantSchema,
  enrolment: enrolmentRequestSchema.nullable(),
  /** SHA-256 of the canonical JSON of `batches`. */
  contents: hashSchema,
});
type CourierUpBody = z.infer<typeof upBody>;

/** From a laptop to the registry: everything that has no receipt, signed by the log's key, then sealed. */
const courierUpSchema = z.strictObject({
  body: upBody,
  signature: signatureSchema,
  batches: z.array(batchSchema).max(5000),
});
export type CourierUp = z.infer<typeof courierUpSchema>;

const fileList = z.record(z.string().max(300), hashSchema);
const downBody = z.strictObject({
  format: z.literal('outpost.courier-down/1'),
  registry: z.string().max(200),
  /** Device and sealing recipient the file is for; null only for an enrolment file, which nobody's key can seal yet. */
  device: idSchema.nullable(),
  recipient: recipientSchema.nullable(),
  log: idSchema.nullable(),
  at: instantSchema,
  grant: enrolmentGrantSchema.nullable(),
  receipts: z.array(receiptSchema).max(5000),
  /** Why nothing, or not everything, of the file that is answered was taken; `expected` with GAP. */
  problem: z
    .strictObject({ code: z.string().max(40), sentence: sentenceSchema, expected: z.int().min(1).nullable() })
    .nullable(),
  notices: z.array(z.strictObject({ case: idSchema, sentence: sentenceSchema })).max(1000),
  code: enrolmentCodeSchema.nullable(),
  /** Release metadata by file name and target files by path, each with its SHA-256. */
  metadata: fileList,
  targets: fileList,
});
export type CourierDownBody = z.infer<typeof downBody>;

/** From the registry to one device: receipts, a grant, releases. `files` maps SHA-256 to base64 bytes. */
const courierDownSchema = z.strictObject({
  body: downBody,
  signature: signatureSchema,
  files: z.record(hashSchema, z.string()),
});
export type CourierDown = z.infer<typeof courierDownSchema>;

/** Signs canonical JSON under a purpose with a key the caller keeps. */
type Sign = (purpose: string, body: Json) => string;

/** Hash that binds the batches to the signed body of an up file. */
function contentsOf(batches: readonly Batch[]): string {
  return sha256Hex(canonicalJson(batches as unknown as Json));
}

/** Makes the signed inside of an up file. */
export function makeUp(fields: Omit<CourierUpBody, 'format' | 'contents'>, batches: Batch[], sign: Sign): CourierUp {
  const body: CourierUpBody = { format: 'outpost.courier-up/1', ...fields, contents: contentsOf(batches) };
  return { body, signature: sign(upPurpose, body as unknown as Json), batches };
}

function refuse(message: Sentence, cause?: unknown): OutpostError {
  return new OutpostError(
    'BAD_COURIER',
    sentence('courier.nothing_changed', { why: message }),
    cause === undefined ? {} : { cause },
  );
}

/**
 * Parses the inside of an up file and checks signature, recipient, contents and that the batches are one range.
 * BAD_COURIER otherwise. Whether the key belongs to a device is for the caller to know.
 */
export function readUp(raw: unknown, recipient: string): CourierUp {
  const parsed = courierUpSchema.safeParse(raw);
  if (!parsed.success) throw refuse(sentence('courier.not_from_a_laptop'), parsed.error);
  const { body, signature, batches } = parsed.data;
  if (body.recipient !== recipient) throw refuse(sentence('courier.for_another_registry'));
  if (!verifyJson(upPurpose, body as unknown as Json, signature, body.key))
    throw refuse(sentence('courier.bad_signature'));
  if (contentsOf(batches) !== body.contents) throw refuse(sentence('courier.not_what_was_signed'));
  let next = body.from;
  for (const batch of batches) {
    if (batch.body.log !== body.log || batch.body.from !== next) throw refuse(sentence('courier.entries_not_unbroken'));
    next = batch.body.to + 1;
  }
  if (next !== body.to + 1) throw refuse(sentence('courier.entries_end_early'));
  return parsed.data;
}

/** Files to put into a down file: name or path and bytes. */
export interface CourierFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Makes the signed inside of a down file. */
export function makeDown(
  fields: Omit<CourierDownBody, 'format' | 'metadata' | 'targets'>,
  contents: { metadata: readonly CourierFile[]; targets: readonly CourierFile[] },
  sign: Sign,
): CourierDown {
  const files: Record<string, string> = {};
  const list = (entries: readonly CourierFile[]): Record<string, string> =>
    Object.fromEntries(
      entries.map(({ name, bytes }) => {
        const hash = sha256Hex(bytes);
        files[hash] = toBase64(bytes);
        return [name, hash];
      }),
    );
  const body: CourierDownBody = {
    format: 'outpost.courier-down/1',
    ...fields,
    metadata: list(contents.metadata),
    targets: list(contents.targets),
  };
  return { body, signature: sign(downPurpose, body as unknown as Json), files };
}

/** Parses the inside of a down file and its file list; says nothing about who made it (`verifyDown`). */
export function parseDown(raw: unknown): CourierDown {
  const parsed = courierDownSchema.safeParse(raw);
  if (!parsed.success) throw refuse(sentence('courier.not_from_a_registry'), parsed.error);
  return parsed.data;
}

/** Throws BAD_COURIER unless the down file was signed by the registry's receipt key (hex). */
export function verifyDown(down: CourierDown, receiptKey: string): void {
  if (!verifyJson(downPurpose, down.body as unknown as Json, down.signature, receiptKey)) {
    throw refuse(sentence('courier.not_signed_by_our_registry'));
  }
}

/** Bytes of one listed file, or null when it is not inside; BAD_COURIER when they are not what was listed. */
export function fileOf(down: CourierDown, list: 'metadata' | 'targets', name: string): Uint8Array | null {
  const hash = Object.hasOwn(down.body[list], name) ? down.body[list][name] : undefined;
  if (hash === undefined) return null;
  const text = down.files[hash];
  const bytes = text === undefined ? null : fromBase64(text);
  if (bytes === null || sha256Hex(bytes) !== hash) throw refuse(sentence('courier.file_in_it_damaged', { name }));
  return bytes;
}
