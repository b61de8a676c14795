import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { OutpostError } from '../../shared/errors/index.ts';
import type { BlobStore } from '../../platform/blobs/blob-store.ts';
import type { Random, WallClock } from '../../platform/environment.ts';
import { makeFolder, requireWritable, writeAtomic } from '../../platform/files.ts';
import { makeOfflineKey } from '../identity/offline-keys.ts';
import { makeOnlineKeys, publicHalves, saveOnlineKeys } from '../identity/online-keys.ts';
import { createRepository } from './create-repository.ts';
import { openBlobs } from '../storage/blobs/open-blobs.ts';
import { rootSha256 } from './repository.ts';
import { sentence } from '../../shared/language/sentence.ts';

interface Setup {
  /** Registry folder; must hold no registry. */
  readonly folder: string;
  /** What keeps its blobs; the folder itself unless said. */
  readonly blobs?: BlobStore;
  /** Folder the three offline key files are written to; take them away from this machine afterwards. */
  readonly offlineFolder: string;
  /** Protects the offline keys. */
  readonly passphrase: string;
  readonly clock: WallClock;
  readonly random: Random;
}

/**
 * Sets up a registry: online keys, three offline keys, first signed metadata. Answers with the SHA-256 of root.json and
 * the offline key files. Throws CONFLICT when either folder is in use.
 */
export async function createRegistry(setup: Setup): Promise<{ rootSha256: string; offlineKeys: string[] }> {
  const names = [1, 2, 3].map((number) => join(setup.offlineFolder, `offline${number}.pem`));
  const taken = names.find((name) => existsSync(name));
  if (taken !== undefined) throw new OutpostError('CONFLICT', sentence('releases.file_exists', { file: taken }));
  if (setup.passphrase.length < 8)
    throw new OutpostError('BAD_INPUT', sentence('releases.passphrase_offline_keys_needs_least_8'));
  requireWritable(setup.offlineFolder);
  makeFolder(setup.folder, 0o700);
  const keys = await makeOnlineKeys(setup.random);
  saveOnlineKeys(setup.folder, keys);
  const offline = names.map((file) => ({ file, key: makeOfflineKey(setup.passphrase) }));
  for (const { file, key } of offline) writeAtomic(file, key.pem, 0o600);
  const { blobs = openBlobs(setup.folder) } = setup;
  await createRepository({
    blobs,
    now: setup.clock.now(),
    offline: offline.map(({ key }) => key),
    passphrase: setup.passphrase,
    onlineKey: keys.online,
    publicKeys: await publicHalves(keys),
  });
  return { rootSha256: await rootSha256(blobs), offlineKeys: names };
}
