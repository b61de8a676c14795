import { z } from 'zod';
import { OutpostError } from '../../../shared/errors/index.ts';
import { instantSchema } from '../../../shared/log/event.ts';
import { readIfThere, writeAtomic } from '../../../platform/files.ts';
import { passphraseWrapSchema, recoveryWrapSchema } from './key-wrapping.ts';
import { sentence } from '../../../shared/language/sentence.ts';

/** The file beside the database that holds its key, wrapped. Worth nothing without one of the secrets. */
const vaultFileSchema = z.strictObject({
  format: z.literal('outpost.vault/1'),
  created: instantSchema,
  passphrase: passphraseWrapSchema,
  recovery: recoveryWrapSchema,
  /** Wrap by the operating system, base64; null where it offers no real protection. */
  system: z.base64().max(10_000).nullable(),
});
export type VaultFile = z.infer<typeof vaultFileSchema>;

/** Reads vault.json; null when there is none, BAD_DATABASE when it is damaged. */
export function readVaultFile(file: string): VaultFile | null {
  const text = readIfThere(file);
  if (text === null) return null;
  try {
    return vaultFileSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new OutpostError('BAD_DATABASE', sentence('vault.file_vault_json_damaged'), { cause });
  }
}

/** Writes vault.json so that a crash leaves the old or the new one. */
export function writeVaultFile(file: string, vault: VaultFile): void {
  writeAtomic(file, `${JSON.stringify(vaultFileSchema.parse(vault), null, 2)}\n`, 0o600);
}
