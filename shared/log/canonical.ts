import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import canonicalize from 'canonicalize';
import { OutpostError } from '../errors/index.ts';
import { sentence } from '../language/sentence.ts';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

/**
 * RFC 8785 canonical JSON of `value`. Throws BAD_INPUT for what JSON cannot carry
 * (undefined at the top, NaN, infinities, lone surrogates): hashes must not depend on how a runtime mends those.
 */
export function canonicalJson(value: Json): string {
  let text: string | undefined;
  try {
    text = canonicalize(value);
  } catch (cause) {
    throw new OutpostError('BAD_INPUT', sentence('log.value_cannot_written_canonical_json'), { cause });
  }
  if (text === undefined || !text.isWellFormed()) {
    throw new OutpostError('BAD_INPUT', sentence('log.value_cannot_written_canonical_json'));
  }
  return text;
}

/** Lower-case hex SHA-256 of a string's UTF-8 bytes or of raw bytes. */
export function sha256Hex(data: string | Uint8Array): string {
  return bytesToHex(sha256(typeof data === 'string' ? utf8ToBytes(data) : data));
}
