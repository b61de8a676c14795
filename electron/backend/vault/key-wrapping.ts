import { createCipheriv, createDecipheriv, hkdfSync, scrypt, type ScryptOptions } from 'node:crypto';
import { z } from 'zod';
import { OutpostError } from '../../../shared/errors/index.ts';

const base64 = z.base64().max(400);
const sealed = { nonce: base64, tag: base64, key: base64 };
/** Cost parameters are read from a file: the bounds keep a changed file from exhausting the memory. */
export const passphraseWrapSchema = z.strictObject({
  ...sealed,
  salt: base64,
  logN: z.int().min(8).max(20),
  r: z.literal(8),
  p: z.literal(1),
});
export const recoveryWrapSchema = z.strictObject({ ...sealed, salt: base64 });
type PassphraseWrap = z.infer<typeof passphraseWrapSchema>;
type RecoveryWrap = z.infer<typeof recoveryWrapSchema>;
type Sealed = { nonce: string; tag: string; key: string };
type Random = (bytes: number) => Uint8Array;

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const bytes = (value: string): Buffer => Buffer.from(value, 'base64');

function seal(wrapping: Uint8Array, key: Uint8Array, purpose: string, random: Random): Sealed {
  const nonce = random(12);
  const cipher = createCipheriv('aes-256-gcm', wrapping, nonce);
  cipher.setAAD(Buffer.from(purpose));
  const body = Buffer.concat([cipher.update(key), cipher.final()]);
  return { nonce: text(nonce), tag: text(cipher.getAuthTag()), key: text(body) };
}

function open(wrapping: Uint8Array, wrap: Sealed, purpose: string): Uint8Array {
  try {
    const decipher = createDecipheriv('aes-256-gcm', wrapping, bytes(wrap.nonce), { authTagLength: 16 });
    decipher.setAAD(Buffer.from(purpose));
    decipher.setAuthTag(bytes(wrap.tag));
    return new Uint8Array(Buffer.concat([decipher.update(bytes(wrap.key)), decipher.final()]));
  } catch (cause) {
    throw new OutpostError('WRONG_PASSPHRASE', undefined, { cause });
  }
}

function stretch(passphrase: string, salt: Uint8Array, logN: number): Promise<Buffer> {
  const N = 2 ** logN;
  const options: ScryptOptions = { N, r: 8, p: 1, maxmem: 256 * N * 8 };
  return new Promise((resolve, reject) => {
    // NFKC: the same passphrase typed on another keyboard may arrive as other code points.
    scrypt(passphrase.normalize('NFKC'), salt, 32, options, (error, key) => (error ? reject(error) : resolve(key)));
  });
}

const passphrasePurpose = 'outpost.vault/1 passphrase';
const recoveryPurpose = 'outpost.vault/1 recovery';

/** Wraps the 32-byte database key under a passphrase: scrypt (RFC 7914, log2 N = `logN`), then AES-256-GCM. */
export async function wrapWithPassphrase(
  key: Uint8Array,
  passphrase: string,
  logN: number,
  random: Random,
): Promise<PassphraseWrap> {
  const salt = random(16);
  const wrapping = await stretch(passphrase, salt, logN);
  return { ...seal(wrapping, key, passphrasePurpose, random), salt: text(salt), logN, r: 8, p: 1 };
}

/** Takes the database key out; WRONG_PASSPHRASE when it does not fit. */
export async function openWithPassphrase(wrap: PassphraseWrap, passphrase: string): Promise<Uint8Array> {
  return open(await stretch(passphrase, bytes(wrap.salt), wrap.logN), wrap, passphrasePurpose);
}

function fromRecovery(secret: Uint8Array, salt: Uint8Array): Uint8Array {
  // The secret is 160 random bits: nothing to stretch, only to be spread over a key of its own.
  return new Uint8Array(hkdfSync('sha256', secret, salt, recoveryPurpose, 32));
}

/** Wraps the database key under the printed recovery secret: HKDF-SHA-256, then AES-256-GCM. */
export function wrapWithRecovery(key: Uint8Array, secret: Uint8Array, random: Random): RecoveryWrap {
  const salt = random(16);
  return { ...seal(fromRecovery(secret, salt), key, recoveryPurpose, random), salt: text(salt) };
}

/** Takes the database key out; WRONG_PASSPHRASE when it does not fit. */
export function openWithRecovery(wrap: RecoveryWrap, secret: Uint8Array): Uint8Array {
  return open(fromRecovery(secret, bytes(wrap.salt)), wrap, recoveryPurpose);
}
