import { OutpostError } from '../../../shared/errors/index.ts';
import type { TargetsSigned } from '../../../shared/releases/metadata.ts';
import { publicKeyTargetSchema } from '../../../shared/releases/targets.ts';
import type { ListedFile, ReleaseSource } from './release-source.ts';
import type { RegistryKeys } from '../store/enrolment.ts';
import { sentence } from '../../../shared/language/sentence.ts';

/** A file of the top-level targets; null when it is not listed there. Delegated lists are never asked. */
export function listed(targets: TargetsSigned, path: string): ListedFile | null {
  const file = Object.hasOwn(targets.targets, path) ? targets.targets[path] : undefined;
  return file === undefined ? null : { path, sha256: file.hashes.sha256, length: file.length };
}

async function readKey(
  targets: TargetsSigned,
  source: ReleaseSource,
  purpose: 'receipt' | 'sealing',
): Promise<{ key: string; sha256: string }> {
  const file = listed(targets, `keys/${purpose}.json`);
  if (file === null || file.length > 10_000)
    throw new OutpostError('BAD_RELEASE', sentence('releases.key_not_signed', { purpose }));
  const bytes = await source.target(file, () => undefined);
  let raw: unknown;
  try {
    raw = JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new OutpostError('BAD_RELEASE', sentence('releases.key_unreadable', { purpose }), {
      cause,
    });
  }
  const parsed = publicKeyTargetSchema.safeParse(raw);
  if (!parsed.success || parsed.data.purpose !== purpose)
    throw new OutpostError('BAD_RELEASE', sentence('releases.key_unreadable', { purpose }));
  return { key: parsed.data.key, sha256: file.sha256 };
}

/** Reads both keys of the registry from the targets the offline keys signed. */
export async function readRegistryKeys(targets: TargetsSigned, source: ReleaseSource): Promise<RegistryKeys> {
  const receipt = await readKey(targets, source, 'receipt');
  const sealing = await readKey(targets, source, 'sealing');
  return { receiptKey: receipt.key, receiptSha256: receipt.sha256, sealTo: sealing.key, sealSha256: sealing.sha256 };
}

/** True when the signed targets list other keys than these: they were replaced by the offline role. */
export function keysChanged(targets: TargetsSigned, keys: RegistryKeys): boolean {
  return (
    listed(targets, 'keys/receipt.json')?.sha256 !== keys.receiptSha256 ||
    listed(targets, 'keys/sealing.json')?.sha256 !== keys.sealSha256
  );
}
