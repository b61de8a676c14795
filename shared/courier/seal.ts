import { Decrypter, Encrypter } from 'age-encryption';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { OutpostError } from '../errors/index.ts';
import { courierLimits, type CourierLimits } from './format.ts';
import { sentence, type Sentence } from '../language/sentence.ts';

/** Where gzip comes from. `decompress` must stop with an error as soon as the result would exceed `maxBytes`. */
export interface Compression {
  compress(bytes: Uint8Array): Uint8Array;
  decompress(bytes: Uint8Array, maxBytes: number): Uint8Array;
  decode(bytes: Uint8Array): string;
}

const SEALED = utf8ToBytes('age-encryption.org/v1\n');

/** True when the bytes begin like an age file; an enrolment file is gzip only. */
export function isSealed(bytes: Uint8Array): boolean {
  return SEALED.every((byte, i) => bytes[i] === byte);
}

/**
 * Courier file of an already signed document: gzip, then age to the recipient (`age1…`). Without a recipient it is only
 * gzip: for the enrolment file, which no key can be sealed to yet.
 */
export async function packCourier(document: unknown, recipient: string | null, gzip: Compression): Promise<Uint8Array> {
  const compressed = gzip.compress(utf8ToBytes(JSON.stringify(document)));
  if (recipient === null) return compressed;
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  return encrypter.encrypt(compressed);
}

function refuse(message: Sentence, cause?: unknown): OutpostError {
  return new OutpostError(
    'BAD_COURIER',
    sentence('courier.nothing_changed', { why: message }),
    cause === undefined ? {} : { cause },
  );
}

async function unseal(bytes: Uint8Array, identity: string): Promise<Uint8Array> {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  try {
    return await decrypter.decrypt(bytes);
  } catch (cause) {
    throw refuse(sentence('courier.damaged_or_for_someone_else'), cause);
  }
}

/**
 * Opens a courier file with an age identity and gives the JSON inside, unverified. BAD_COURIER when it is too large,
 * damaged, sealed for someone else or grows beyond the limit.
 */
export async function unpackCourier(
  bytes: Uint8Array,
  identity: string,
  gzip: Compression,
  limits: CourierLimits = courierLimits,
): Promise<unknown> {
  if (bytes.length > limits.sealed) throw refuse(sentence('courier.too_large'));
  const compressed = isSealed(bytes) ? await unseal(bytes, identity) : bytes;
  let decompressed: Uint8Array;
  try {
    decompressed = gzip.decompress(compressed, limits.decompressed);
  } catch (cause) {
    throw refuse(sentence('courier.not_ours'), cause);
  }
  try {
    return JSON.parse(gzip.decode(decompressed)) as unknown;
  } catch (cause) {
    throw refuse(sentence('courier.damaged'), cause);
  }
}
