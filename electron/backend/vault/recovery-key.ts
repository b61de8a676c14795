import { sha256 } from '@noble/hashes/sha2.js';

// Crockford base 32: no I, L, O, U, so that a printed key can be read aloud and typed.
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const secretBytes = 20;
const checkSymbols = 4;

function encode(bytes: Uint8Array): string {
  let bits = '';
  for (const byte of bytes) bits += byte.toString(2).padStart(8, '0');
  return (bits.match(/.{5}/g) ?? []).map((group) => alphabet[Number.parseInt(group, 2)]).join('');
}

function decode(symbols: string): Uint8Array {
  const bits = [...symbols].map((symbol) => alphabet.indexOf(symbol).toString(2).padStart(5, '0')).join('');
  return Uint8Array.from((bits.match(/.{8}/g) ?? []).map((group) => Number.parseInt(group, 2)));
}

function check(secret: Uint8Array): string {
  return encode(sha256(secret).subarray(0, 5)).slice(0, checkSymbols);
}

/** Number of random bytes in a recovery key. */
export const recoverySecretBytes = secretBytes;

/** Printable form: nine groups of four symbols, the last of them a checksum. */
export function printRecoveryKey(secret: Uint8Array): string {
  return `${encode(secret)}${check(secret)}`.match(/.{4}/g)!.join('-');
}

/**
 * Reads what somebody typed: case, spaces and dashes do not matter, O counts as 0, I and L as 1.
 * Null when it cannot be a recovery key (length, symbols, checksum).
 */
export function readRecoveryKey(typed: string): Uint8Array | null {
  const symbols = typed
    .toUpperCase()
    .replace(/[\s-]+/g, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1');
  if (symbols.length !== 36 || [...symbols].some((symbol) => !alphabet.includes(symbol))) return null;
  const secret = decode(symbols.slice(0, -checkSymbols));
  return check(secret) === symbols.slice(-checkSymbols) ? secret : null;
}
