import { join } from 'node:path';
import { endKilledRuns } from '../../learning/runs/store.ts';
import type { BlobStore } from '../../platform/blobs/blob-store.ts';
import type { Random, WallClock } from '../../platform/environment.ts';
import type { RegistryContext } from '../identity/context.ts';
import { loadOnlineKeys } from '../identity/online-keys.ts';
import { openBlobs } from '../storage/blobs/open-blobs.ts';
import type { Store } from '../storage/db/tables.ts';
import { migrate } from '../storage/migrations/index.ts';
import { rootSha256 } from './repository.ts';

/** Where the embedded store of a registry folder is. */
export function storeFile(folder: string): string {
  return join(folder, 'registry.sqlite');
}

/** Opens a registry that was set up: brings the store to the newest shape and loads the online keys. */
export async function openRegistry(input: {
  db: Store;
  folder: string;
  /** What keeps its blobs; the folder itself unless said. */
  blobs?: BlobStore;
  clock: WallClock;
  random: Random;
}): Promise<RegistryContext> {
  const { folder, blobs = openBlobs(folder), ...rest } = input;
  const keys = loadOnlineKeys(folder);
  await migrate(input.db);
  await endKilledRuns(input.db, input.clock.now());
  return { ...rest, blobs, keys, registry: await rootSha256(blobs) };
}
