import { join } from 'node:path';
import { endKilledRuns } from '../../learning/runs/store.ts';
import type { Random, WallClock } from '../../platform/environment.ts';
import type { RegistryContext } from '../identity/context.ts';
import { loadOnlineKeys } from '../identity/online-keys.ts';
import type { Store } from '../storage/db/tables.ts';
import { migrate } from '../storage/migrations/index.ts';
import { rootSha256 } from './repository.ts';

/** Where the embedded store of a registry folder is. */
export function storeFile(folder: string): string {
  return join(folder, 'registry.sqlite');
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
