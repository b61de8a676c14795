import type { Logger } from 'pino';
import type { SpawnInference } from '../inference/child-handle.ts';
import type { Inference } from '../inference/inference.ts';
import type { LiveBus } from '../live/change-bus.ts';
import type { InstalledModels } from '../models/installed-models.ts';
import type { Db } from '../store/db.ts';
import type { KeyValues } from '../store/key-values.ts';
import type { EventLog } from '../store/log.ts';
import type { VaultOptions } from '../vault/keyring.ts';

/** Everything environmental the backend needs; it never asks where it runs. */
export interface BackendOptions extends VaultOptions {
  /** Folder of the bundled release (model.onnx, manifest.json). */
  readonly modelsDir: string;
  readonly fetch: typeof globalThis.fetch;
  readonly logger: Logger;
  readonly spawnInference: SpawnInference;
  readonly appVersion: string;
  readonly demo: boolean;
}

/** Everything that exists while the vault is open. Made at unlock, closed at lock. */
export interface Session {
  readonly db: Db;
  readonly log: () => EventLog;
  readonly keyValues: KeyValues;
  readonly models: InstalledModels;
  readonly inference: Inference;
  readonly person: () => string | null;
  /** 32 secret bytes of this laptop for keyed draws. */
  readonly auditKey: Uint8Array;
  /** age identity (`AGE-SECRET-KEY-1…`) files for this device are sealed to. */
  readonly sealingIdentity: string;
}

/** What an api file is given. `session()` throws LOCKED while the vault is closed. */
export interface BackendContext {
  readonly options: BackendOptions;
  readonly live: LiveBus;
  readonly session: () => Session;
  /** Folder for files that come from or go to people (uploads, courier files); names are random tokens. */
  readonly exchangeDir: string;
}
