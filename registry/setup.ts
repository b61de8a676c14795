import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { OutpostError } from '../shared/errors/index.ts';
import type { RegistryContext } from './context.ts';
import type { Random, WallClock } from '../platform/environment.ts';
import { makeFolder, requireWritable, writeAtomic } from '../platform/files.ts';
import { makeOfflineKey } from './keys/offline.ts';
import { loadOnlineKeys, makeOnlineKeys, publicHalves, saveOnlineKeys } from './keys/online.ts';
import { migrate } from './migrations/index.ts';
import { found } from './releases/found.ts';
import { endKilledRuns } from '../learning/runs/store.ts';
import { rootSha256 } from './releases/repository.ts';
import type { Store } from './store/tables.ts';

/** Where the embedded store of a registry folder is. */
export function storeFile(folder: string): string {
  return join(folder, 'registry.sqlite');
}

export interface Setup {
  /** Registry folder; must hold no registry. */
  readonly folder: string;
  /** Folder the three offline key files are written to; take them away from this machine afterwards. */
  readonly offlineFolder: string;
  /** Protects the offline keys. */
  readonly passphrase: string;
  readonly clock: WallClock;
  readonly random: Random;
}

/**
 * Founds a registry: online keys, three offline keys, first signed metadata. Answers with the SHA-256 of root.json and
 * the offline key files. Throws CONFLICT when either folder is in use.
 */
export async function foundRegistry(setup: Setup): Promise<{ rootSha256: string; offlineKeys: string[] }> {
  const names = [1, 2, 3].map((number) => join(setup.offlineFolder, `offline${number}.pem`));
  const taken = names.find((name) => existsSync(name));
  if (taken !== undefined) throw new OutpostError('CONFLICT', `${taken} is there already. Nothing was changed.`);
  if (setup.passphrase.length < 8)
    throw new OutpostError('BAD_INPUT', 'The passphrase for the offline keys needs at least 8 characters.');
  requireWritable(setup.offlineFolder);
  makeFolder(setup.folder, 0o700);
  const keys = await makeOnlineKeys(setup.random);
  saveOnlineKeys(setup.folder, keys);
  const offline = names.map((file) => ({ file, key: makeOfflineKey(setup.passphrase) }));
  for (const { file, key } of offline) writeAtomic(file, key.pem, 0o600);
  found({
    folder: setup.folder,
    now: setup.clock.now(),
    offline: offline.map(({ key }) => key),
    passphrase: setup.passphrase,
    onlineKey: keys.online,
    publicKeys: await publicHalves(keys),
  });
  return { rootSha256: rootSha256(setup.folder), offlineKeys: names };
}

/** Opens a founded registry: brings the store to the newest shape and loads the online keys. */
export async function openRegistry(input: {
  db: Store;
  folder: string;
  clock: WallClock;
  random: Random;
}): Promise<RegistryContext> {
  const keys = loadOnlineKeys(input.folder);
  await migrate(input.db);
  await endKilledRuns(input.db, input.clock.now());
  return { ...input, keys, registry: rootSha256(input.folder) };
}
