import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync } from 'node:fs';
import { writeAtomic } from '../../platform/files.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { keyIdOf, signedBytes, tufKey, type MetadataSignature, type TufKey } from '../../shared/releases/metadata.ts';
import { sign } from 'node:crypto';
import { sentence } from '../../shared/language/sentence.ts';

/** An offline key: its encrypted file text, and its public half. */
export interface OfflineKey {
  readonly pem: string;
  readonly key: TufKey;
  readonly keyId: string;
}

function publicOf(key: KeyObject): TufKey {
  const jwk = createPublicKey(key).export({ format: 'jwk' });
  return tufKey(Buffer.from(jwk.x ?? '', 'base64url').toString('hex'));
}

/** Makes an offline key, encrypted with a passphrase as PKCS #8 PEM. */
export function makeOfflineKey(passphrase: string): OfflineKey {
  const { privateKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase });
  const key = publicOf(privateKey);
  return { pem: String(pem), key, keyId: keyIdOf(key) };
}

/** Throws CONFLICT when there is something where a new key is to be written. */
export function requireNewKeyFile(out: string): void {
  if (existsSync(out)) throw new OutpostError('CONFLICT', sentence('identity.key_file_exists', { out }));
}

/** Makes an offline key and writes its file, readable by this user only; answers the public half in hex. */
export function writeOfflineKey(out: string, passphrase: string): string {
  requireNewKeyFile(out);
  const { pem, key } = makeOfflineKey(passphrase);
  writeAtomic(out, pem, 0o600);
  return key.keyval.public;
}

/** Opens an offline key's file text and signs metadata with it. Throws WRONG_PASSPHRASE when it does not open. */
export function signOffline(signed: object, pem: string, passphrase: string): MetadataSignature {
  let key: KeyObject;
  try {
    key = createPrivateKey({ key: pem, format: 'pem', passphrase });
  } catch (cause) {
    throw new OutpostError('WRONG_PASSPHRASE', sentence('identity.passphrase_does_not_open_key_file'), { cause });
  }
  return { keyid: keyIdOf(publicOf(key)), sig: sign(null, signedBytes(signed), key).toString('hex') };
}
