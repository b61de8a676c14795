import { z } from 'zod';
import type { KeyValues } from '../store/key-values.ts';
import { readVaultFile, writeVaultFile } from './file.ts';
import { takeKey, vaultFiles, type VaultOptions } from './keyring.ts';
import { printRecoveryKey, readRecoveryKey, recoverySecretBytes } from './recovery-key.ts';
import { openWithRecovery, wrapWithRecovery } from './key-wrapping.ts';

/** Where a recovery key is kept, in the encrypted database, until it is confirmed to be on paper. */
const name = 'recoveryKey.open';

/** True when a printed key takes the database key out of vault.json. */
function fits(dataDir: string, printed: string): boolean {
  const [file, secret] = [readVaultFile(vaultFiles(dataDir).vault), readRecoveryKey(printed)];
  if (file === null || secret === null) return false;
  try {
    openWithRecovery(file.recovery, secret).fill(0);
    return true;
  } catch {
    return false; // a crash came between keeping the new key and writing its wrap: the former one still holds
  }
}

/** Keeps a recovery key to be shown until it is confirmed. */
export function keepOpenRecoveryKey(keyValues: KeyValues, printed: string): void {
  keyValues.set(name, printed);
}

/** True while a recovery key waits to be confirmed. */
export function hasOpenRecoveryKey(keyValues: Pick<KeyValues, 'get'>): boolean {
  return keyValues.get(name) !== null;
}

/** The recovery key to show, or null. One that does not open this vault is forgotten instead of shown. */
export function openRecoveryKey(keyValues: KeyValues, dataDir: string): string | null {
  const printed = z.string().nullable().parse(keyValues.get(name));
  if (printed === null || fits(dataDir, printed)) return printed;
  confirmRecoveryKey(keyValues);
  return null;
}

/** Forgets the recovery key: it is on paper. */
export function confirmRecoveryKey(keyValues: KeyValues): void {
  keyValues.set(name, null);
}

/**
 * Makes a new recovery key in place of the one before and answers its printed form. It is kept before its wrap is
 * written, so that a crash in between leaves a vault that the former key opens. WRONG_PASSPHRASE changes nothing.
 */
export async function renewRecoveryKey(
  options: VaultOptions,
  keyValues: KeyValues,
  passphrase: string,
): Promise<string> {
  const key = await takeKey(options, { passphrase }, false);
  const path = vaultFiles(options.dataDir).vault;
  const secret = options.random(recoverySecretBytes);
  const printed = printRecoveryKey(secret);
  try {
    keepOpenRecoveryKey(keyValues, printed);
    const file = readVaultFile(path);
    if (file !== null) writeVaultFile(path, { ...file, recovery: wrapWithRecovery(key, secret, options.random) });
    return printed;
  } finally {
    key.fill(0);
  }
}
