import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { OutpostError } from '../../../shared/errors/index.ts';
import { renameDurably } from '../../../platform/files.ts';
import type { Clock } from '../../../platform/environment.ts';
import { readVaultFile, writeVaultFile, type VaultFile } from './file.ts';
import { readRecoveryKey } from './recovery-key.ts';
import { openWithPassphrase, openWithRecovery, wrapWithPassphrase, wrapWithRecovery } from './key-wrapping.ts';
import { sentence } from '../../../shared/language/sentence.ts';

/** Extra wrap of the database key by the operating system (Electron `safeStorage`); absent in the browser host. */
export interface Secrets {
  /** Null when the system offers no real protection (`basic_text`). */
  readonly wrap: ((key: Uint8Array) => Promise<Uint8Array>) | null;
  readonly unwrap: ((wrapped: Uint8Array) => Promise<Uint8Array>) | null;
}

/** What a vault needs of its surroundings. */
export interface VaultOptions {
  readonly dataDir: string;
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly random: (bytes: number) => Uint8Array;
  /** scrypt cost (log2 N) of new passphrase wraps; 17 outside of tests. */
  readonly scryptLogN: number;
}

/** Files of a vault in its data folder. */
export function vaultFiles(dataDir: string): { vault: string; database: string; unfinished: string } {
  return {
    vault: join(dataDir, 'vault.json'),
    database: join(dataDir, 'outpost.db'),
    // The database of a first start has this name until vault.json is safe: whatever is found under it without a
    // vault.json holds nothing yet.
    unfinished: join(dataDir, 'outpost-new.db'),
  };
}

/** Removes what an interrupted first start left; refuses when a database is there whose key file is missing. */
export function clearUnfinished(dataDir: string): void {
  const files = vaultFiles(dataDir);
  if (existsSync(files.database)) {
    throw new OutpostError('BAD_DATABASE', sentence('vault.database_data_folder'));
  }
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${files.unfinished}${suffix}`, { force: true });
}

/** Gives the finished database its name; also completes a first start that was interrupted just before this. */
export function adoptDatabase(dataDir: string): void {
  const files = vaultFiles(dataDir);
  if (!existsSync(files.database) && existsSync(files.unfinished)) renameDurably(files.unfinished, files.database);
  if (existsSync(files.database)) return;
  throw new OutpostError('BAD_DATABASE', sentence('vault.database_missing_data_folder'));
}

/** Writes vault.json with every wrap this system allows. */
export async function writeWraps(
  options: VaultOptions,
  key: Uint8Array,
  secrets: { passphrase: string; recovery: Uint8Array },
): Promise<void> {
  const { random, scryptLogN, clock } = options;
  const system = options.secrets.wrap === null ? null : await options.secrets.wrap(key);
  writeVaultFile(vaultFiles(options.dataDir).vault, {
    format: 'outpost.vault/1',
    created: new Date(clock.now()).toISOString(),
    passphrase: await wrapWithPassphrase(key, secrets.passphrase, scryptLogN, random),
    recovery: wrapWithRecovery(key, secrets.recovery, random),
    system: system === null ? null : Buffer.from(system).toString('base64'),
  });
}

function recoveryKey(file: VaultFile, typed: string): Uint8Array {
  const secret = readRecoveryKey(typed);
  if (secret !== null) return openWithRecovery(file.recovery, secret);
  throw new OutpostError('WRONG_PASSPHRASE', sentence('vault.no_recovery_key'));
}

async function systemKey(options: VaultOptions, file: VaultFile): Promise<Uint8Array> {
  const unwrap = options.secrets.unwrap;
  if (file.system === null || unwrap === null)
    throw new OutpostError('WRONG_PASSPHRASE', sentence('vault.enter_passphrase_or_recovery_key'));
  try {
    return await unwrap(new Uint8Array(Buffer.from(file.system, 'base64')));
  } catch (cause) {
    throw new OutpostError('WRONG_PASSPHRASE', sentence('vault.system_did_not_give_key'), { cause });
  }
}

/** Takes the database key out with what was given; with neither, by the operating system where `systemAllowed`. */
export async function takeKey(
  options: VaultOptions,
  given: { passphrase?: string | undefined; recoveryKey?: string | undefined },
  systemAllowed: boolean,
): Promise<Uint8Array> {
  const file = readVaultFile(vaultFiles(options.dataDir).vault);
  if (file === null) throw new OutpostError('CONFLICT', sentence('vault.no_vault_here_yet'));
  if (given.passphrase !== undefined) return openWithPassphrase(file.passphrase, given.passphrase);
  if (given.recoveryKey !== undefined) return recoveryKey(file, given.recoveryKey);
  if (systemAllowed) return systemKey(options, file);
  throw new OutpostError('WRONG_PASSPHRASE', sentence('vault.enter_passphrase_or_recovery_key'));
}
