import { createPrivateKey } from 'node:crypto';
import { OutpostError } from '../../../shared/errors/index.ts';
import {
  keyIdOf,
  metadataText,
  signMetadata,
  tufKey,
  type RootSigned,
  type TargetsSigned,
} from '../../../shared/releases/metadata.ts';
import { publicKeyOf } from '../../../shared/log/signed.ts';
import { sentence } from '../../../shared/language/sentence.ts';

/** Opens an encrypted offline key (PKCS #8 PEM) and answers with the hex private key; WRONG_PASSPHRASE when it does not open. */
export function openOfflineKey(pem: string, passphrase: string): string {
  try {
    const { d } = createPrivateKey({ key: pem, format: 'pem', passphrase }).export({ format: 'jwk' });
    return Buffer.from(d ?? '', 'base64url').toString('hex');
  } catch (cause) {
    throw new OutpostError('WRONG_PASSPHRASE', sentence('identity.passphrase_does_not_open_key_file'), { cause });
  }
}

/** Signs a list of releases as metadata text. Throws BAD_SIGNATURE when the trusted root does not let this key sign lists. */
export function signList(list: TargetsSigned, privateKey: string, root: RootSigned): string {
  const keyId = keyIdOf(tufKey(publicKeyOf(privateKey)));
  if (!root.roles.targets.keyids.includes(keyId)) {
    throw new OutpostError('BAD_SIGNATURE', sentence('approval.no_offline_key_of_registry'));
  }
  return metadataText({ signed: list, signatures: [signMetadata(list, privateKey)] });
}
