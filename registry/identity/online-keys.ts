import { join } from 'node:path';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { z } from 'zod';
import { OutpostError } from '../../shared/errors/index.ts';
import { publicKeyOf, publicKeySchema } from '../../shared/log/signed.ts';
import type { Random } from '../../platform/environment.ts';
import { readIfThere, writeAtomic } from '../../platform/files.ts';
import { sentence } from '../../shared/language/sentence.ts';

const onlineKeysSchema = z.strictObject({
  format: z.literal('outpost.registry-keys/1'),
  /** Hex Ed25519 private keys: receipts and grants; snapshot, timestamp and channel metadata. */
  receipt: publicKeySchema,
  online: publicKeySchema,
  /** age identity courier files for the registry are sealed to. */
  sealing: z.string().startsWith('AGE-SECRET-KEY-1'),
});
export type OnlineKeys = z.infer<typeof onlineKeysSchema>;

function keysFile(folder: string): string {
  return join(folder, 'keys', 'online.json');
}

/** Makes the keys a serving registry holds. None of them can approve a model. */
export async function makeOnlineKeys(random: Random): Promise<OnlineKeys> {
  const secret = (): string => Buffer.from(random(32)).toString('hex');
  return {
    format: 'outpost.registry-keys/1',
    receipt: secret(),
    online: secret(),
    sealing: await generateX25519Identity(),
  };
}

/** Stores the online keys readable by this user only. Throws CONFLICT when the folder holds keys already. */
export function saveOnlineKeys(folder: string, keys: OnlineKeys): void {
  if (readIfThere(keysFile(folder)) !== null) {
    throw new OutpostError('CONFLICT', sentence('identity.folder_holds_registry_already', { folder }));
  }
  writeAtomic(keysFile(folder), JSON.stringify(keys), 0o600);
}

/** Reads the online keys; NOT_FOUND when the folder was never set up, BAD_DATABASE when the file is damaged. */
export function loadOnlineKeys(folder: string): OnlineKeys {
  const text = readIfThere(keysFile(folder));
  if (text === null) throw new OutpostError('NOT_FOUND', sentence('identity.folder_holds_no_registry', { folder }));
  const parsed = onlineKeysSchema.safeParse(parseJson(text));
  if (!parsed.success) throw new OutpostError('BAD_DATABASE', sentence('identity.key_file_registry_damaged'));
  return parsed.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // the caller's schema refuses it; the text itself must not reach a message
  }
}

/** The public halves laptops learn through signed targets. */
export async function publicHalves(keys: OnlineKeys): Promise<{ receipt: string; online: string; sealing: string }> {
  return {
    receipt: publicKeyOf(keys.receipt),
    online: publicKeyOf(keys.online),
    sealing: await identityToRecipient(keys.sealing),
  };
}
