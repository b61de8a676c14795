import type { BlobStore } from '../../platform/blobs/blob-store.ts';
import type { Random, WallClock } from '../../platform/environment.ts';
import type { OnlineKeys } from './online-keys.ts';
import type { Store } from '../storage/db/tables.ts';

/** What every part of the registry works with; server processes keep nothing else. */
export interface RegistryContext {
  readonly db: Store;
  /** Models, manifests, evidence, files of runs, and what laptops fetch of releases. */
  readonly blobs: BlobStore;
  readonly keys: OnlineKeys;
  readonly clock: WallClock;
  readonly random: Random;
  /** Name of this registry: SHA-256 of its first root metadata. */
  readonly registry: string;
}

/** The registry's time as an instant. */
export function instant(context: Pick<RegistryContext, 'clock'>): string {
  return new Date(context.clock.now()).toISOString();
}
