import type { OnlineKeys, Random } from './keys/online.ts';
import type { Store } from './store/tables.ts';

/** Where "now" comes from, in milliseconds since the epoch. */
export interface RegistryClock {
  now(): number;
}

/** What every part of the registry works with; server processes keep nothing else. */
export interface RegistryContext {
  readonly db: Store;
  /** Folder with files, release metadata and keys. */
  readonly folder: string;
  readonly keys: OnlineKeys;
  readonly clock: RegistryClock;
  readonly random: Random;
  /** Name of this registry: SHA-256 of its first root metadata. */
  readonly registry: string;
}

/** The registry's time as an instant. */
export function instant(context: Pick<RegistryContext, 'clock'>): string {
  return new Date(context.clock.now()).toISOString();
}
