import { join } from 'node:path';
import { endKilledRuns } from '../../learning/runs/store.ts';
import { openStore } from '../../platform/database.ts';
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

/** Where a registry is: its folder, and the address of its store if that is not in the folder. */
interface RegistryPlace {
  readonly folder: string;
  readonly store?: string | undefined;
  readonly clock: WallClock;
  readonly random: Random;
}

/** Opens a registry, runs `work`, closes the store. Throws as `openRegistry`, and what the work throws. */
export async function withRegistry<T>(
  { folder, store, clock, random }: RegistryPlace,
  work: (context: RegistryContext) => Promise<T>,
): Promise<T> {
  const { db } = openStore(store ?? storeFile(folder));
  try {
    return await work(await openRegistry({ db, folder, clock, random }));
  } finally {
    await db.destroy();
  }
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
