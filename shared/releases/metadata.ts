import { ed25519 } from '@noble/curves/ed25519.js';
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { z } from 'zod';
import { OutpostError } from '../errors/index.ts';
import { canonicalJson, sha256Hex, type Json } from '../log/canonical.ts';
import { sentence } from '../language/sentence.ts';

/** Version of The Update Framework's specification these documents follow. */
export const specVersion = '1.0.31';

const expires = z.iso.datetime();
const version = z.int().min(1);
const keyId = z.string().min(1).max(128);
const hashes = z.looseObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/) });
const common = { spec_version: z.string(), version, expires };

const keySchema = z.looseObject({
  keytype: z.literal('ed25519'),
  scheme: z.literal('ed25519'),
  keyval: z.looseObject({ public: z.string().regex(/^[0-9a-f]{64}$/) }),
});
export type TufKey = z.infer<typeof keySchema>;

const roleSchema = z.looseObject({ keyids: z.array(keyId).min(1), threshold: z.int().min(1) });
export type TufRole = z.infer<typeof roleSchema>;

export const rootSchema = z.looseObject({
  ...common,
  _type: z.literal('root'),
  consistent_snapshot: z.boolean(),
  keys: z.record(keyId, keySchema),
  roles: z.looseObject({ root: roleSchema, targets: roleSchema, snapshot: roleSchema, timestamp: roleSchema }),
});
export type RootSigned = z.infer<typeof rootSchema>;

const targetFileSchema = z.looseObject({
  length: z.int().min(0),
  hashes,
  custom: z.record(z.string(), z.json()).optional(),
});
export type TargetFile = z.infer<typeof targetFileSchema>;

const delegatedRole = z.looseObject({
  ...roleSchema.shape,
  name: z.string(),
  terminating: z.boolean(),
  paths: z.array(z.string()),
});

export const targetsSchema = z.looseObject({
  ...common,
  _type: z.literal('targets'),
  targets: z.record(z.string(), targetFileSchema),
  delegations: z.looseObject({ keys: z.record(keyId, keySchema), roles: z.array(delegatedRole) }).optional(),
});
export type TargetsSigned = z.infer<typeof targetsSchema>;

const metaFile = z.looseObject({ version, length: z.int().min(0).optional(), hashes: hashes.optional() });
export const snapshotSchema = z.looseObject({
  ...common,
  _type: z.literal('snapshot'),
  meta: z.record(z.string(), metaFile),
});
export type SnapshotSigned = z.infer<typeof snapshotSchema>;
export const timestampSchema = z.looseObject({
  ...common,
  _type: z.literal('timestamp'),
  meta: z.strictObject({ 'snapshot.json': metaFile }),
});
export type TimestampSigned = z.infer<typeof timestampSchema>;

const metadataSignature = z.looseObject({ keyid: keyId, sig: z.string().regex(/^[0-9a-f]{128}$/) });
export type MetadataSignature = z.infer<typeof metadataSignature>;

export interface Metadata<T> {
  readonly signatures: readonly MetadataSignature[];
  readonly signed: T;
}

/**
 * The canonical form signatures of release metadata cover (the specification's OLPC form: keys sorted, integers only,
 * only quote and backslash escaped). It differs from RFC 8785, which the log uses. Throws BAD_RELEASE for fractions.
 */
export function tufCanonical(value: unknown): string {
  if (value === null || typeof value === 'boolean' || Number.isInteger(value)) return JSON.stringify(value);
  if (typeof value === 'string') return `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
  if (Array.isArray(value)) return `[${value.map(tufCanonical).join(',')}]`;
  if (typeof value !== 'object')
    throw new OutpostError('BAD_RELEASE', sentence('releases.release_metadata_holds_value_cannot_signed'));
  const entries = Object.entries(value as Record<string, unknown>).filter(([, inner]) => inner !== undefined);
  const sorted = entries.toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${sorted.map(([key, inner]) => `${tufCanonical(key)}:${tufCanonical(inner)}`).join(',')}}`;
}

/** Key of a role from a hex Ed25519 public key. */
export function tufKey(publicKeyHex: string): TufKey {
  return { keytype: 'ed25519', scheme: 'ed25519', keyval: { public: publicKeyHex } };
}

/** Key id as the specification defines it: SHA-256 of the key's canonical form. */
export function keyIdOf(key: TufKey): string {
  return sha256Hex(tufCanonical(key));
}

/** Bytes a signature over `signed` covers. */
export function signedBytes(signed: object): Uint8Array {
  return utf8ToBytes(tufCanonical(signed));
}

/** Signs metadata with a hex Ed25519 private key. */
export function signMetadata(signed: object, privateKeyHex: string): MetadataSignature {
  const secret = hexToBytes(privateKeyHex);
  const key = tufKey(bytesToHex(ed25519.getPublicKey(secret)));
  return { keyid: keyIdOf(key), sig: bytesToHex(ed25519.sign(signedBytes(signed), secret)) };
}

function fits(signed: object, signature: MetadataSignature, key: TufKey): boolean {
  try {
    return ed25519.verify(hexToBytes(signature.sig), signedBytes(signed), hexToBytes(key.keyval.public));
  } catch {
    return false; // a key that is no curve point cannot have signed
  }
}

/** The signatures that fit a key of the role, one per key id, ordered by key id. Others are left out. */
export function validSignatures(
  metadata: Metadata<object>,
  role: TufRole,
  keys: Readonly<Record<string, TufKey>>,
): MetadataSignature[] {
  const valid = new Map<string, MetadataSignature>();
  for (const signature of metadata.signatures) {
    const key = role.keyids.includes(signature.keyid) ? keys[signature.keyid] : undefined;
    if (key !== undefined && keyIdOf(key) === signature.keyid && fits(metadata.signed, signature, key)) {
      valid.set(signature.keyid, signature);
    }
  }
  return [...valid.values()].toSorted((a, b) => (a.keyid < b.keyid ? -1 : 1));
}

/** Metadata as file text: valid JSON, the same bytes for the same content. */
export function metadataText(metadata: Metadata<object>): string {
  return canonicalJson({ signatures: metadata.signatures, signed: metadata.signed } as unknown as Json);
}

/** Parses metadata text with the schema of its signed part; BAD_RELEASE for anything else. Signatures are not checked. */
export function parseMetadata<T>(text: string, schema: z.ZodType<T>): Metadata<T> {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (cause) {
    throw new OutpostError('BAD_RELEASE', sentence('releases.release_metadata_not_json'), { cause });
  }
  const parsed = z.looseObject({ signatures: z.array(metadataSignature), signed: schema }).safeParse(raw);
  if (!parsed.success)
    throw new OutpostError('BAD_RELEASE', sentence('releases.release_metadata_not_complete'), { cause: parsed.error });
  return { signatures: parsed.data.signatures, signed: parsed.data.signed as T };
}

/** Expiry in the form of the specification (seconds, UTC), `days` after an instant in milliseconds. */
export function expiryAfter(now: number, days: number): string {
  return `${new Date(now + days * 86_400_000).toISOString().slice(0, 19)}Z`;
}
