import { ed25519 } from '@noble/curves/ed25519.js';
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { z } from 'zod';
import { OutpostError } from '../errors/index.ts';
import { canonicalJson, type Json } from './canonical.ts';
import { hashSchema, idSchema, instantSchema } from './event.ts';

/** Hex Ed25519 signature (64 bytes). */
export const signatureSchema = z.string().regex(/^[0-9a-f]{128}$/);
/** Hex Ed25519 public key (32 bytes). */
export const publicKeySchema = hashSchema;

/** Public key of a 32-byte Ed25519 private key, both in hex. */
export function publicKeyOf(privateKeyHex: string): string {
  return bytesToHex(ed25519.getPublicKey(hexToBytes(privateKeyHex)));
}

/**
 * Signs canonical JSON of `body` under a purpose, so that a signature made for one kind of document is worth nothing
 * as another. Keys in hex.
 */
export function signJson(purpose: string, body: Json, privateKeyHex: string): string {
  return bytesToHex(ed25519.sign(utf8ToBytes(`${purpose}\n${canonicalJson(body)}`), hexToBytes(privateKeyHex)));
}

/** True when the signature over `body` under `purpose` fits the public key (hex). Never throws for bad input. */
export function verifyJson(purpose: string, body: Json, signature: string, publicKeyHex: string): boolean {
  if (!signatureSchema.safeParse(signature).success || !publicKeySchema.safeParse(publicKeyHex).success) return false;
  try {
    return ed25519.verify(
      hexToBytes(signature),
      utf8ToBytes(`${purpose}\n${canonicalJson(body)}`),
      hexToBytes(publicKeyHex),
    );
  } catch {
    return false; // a key that is no curve point cannot have signed
  }
}

const receiptBody = z.strictObject({
  format: z.literal('outpost.receipt/1'),
  registry: z.string(),
  log: idSchema,
  seq: z.int().min(1),
  hash: hashSchema,
  /** Registry time, and what it was ahead of the laptop's clock in milliseconds when that is known. */
  at: instantSchema,
  clockOffsetMs: z.int().nullable(),
});

/** "Bytes stored, chain verified up to here", signed by the registry's receipt key. Moves a pointer, nothing else. */
export const receiptSchema = z.strictObject({ body: receiptBody, signature: signatureSchema });
export type Receipt = z.infer<typeof receiptSchema>;
export const receiptPurpose = 'outpost.receipt/1';

/** Makes a receipt. */
export function signReceipt(body: z.infer<typeof receiptBody>, privateKeyHex: string): Receipt {
  return { body, signature: signJson(receiptPurpose, body, privateKeyHex) };
}

/** Parses and verifies a receipt for the expected log; BAD_RECEIPT for anything else, whatever sent it. */
export function readReceipt(raw: unknown, receiptKeyHex: string, log: string): Receipt {
  const parsed = receiptSchema.safeParse(raw);
  if (!parsed.success) throw new OutpostError('BAD_RECEIPT', undefined, { cause: parsed.error });
  const { body, signature } = parsed.data;
  if (body.log !== log || !verifyJson(receiptPurpose, body, signature, receiptKeyHex))
    throw new OutpostError('BAD_RECEIPT');
  return parsed.data;
}

const batchBody = z.strictObject({
  format: z.literal('outpost.batch/1'),
  log: idSchema,
  /** First and last sequence in this batch and the hash of the last: the signed head. */
  from: z.int().min(1),
  to: z.int().min(1),
  hash: hashSchema,
  /** Laptop clock when the batch was made. */
  at: instantSchema,
  /** Case id -> HMAC-SHA-256(office key, normalised reference): tells the registry that one case was entered twice. */
  referenceTags: z.record(idSchema, hashSchema),
});

/** A range of a log on its way to the registry, signed by the log's key. `events` are the exact stored bytes. */
export const batchSchema = z.strictObject({
  body: batchBody,
  signature: signatureSchema,
  events: z.array(z.string().max(100_000)).min(1).max(500),
});
export type Batch = z.infer<typeof batchSchema>;
export const batchPurpose = 'outpost.batch/1';
