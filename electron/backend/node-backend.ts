import type { Logger } from 'pino';
import { appVersion } from '../../platform/version.ts';
import { createBackend, type Backend } from './index.ts';
import { spawnNodeInference } from './inference/spawn-node.ts';
import { systemClock, systemRandom } from './host/system.ts';

/** Cost of the passphrase, log2 of scrypt's N: about half a second on an old laptop. */
export const scryptLogN = 17;

/** What a backend of a plain Node process is given; clock, network and randomness are the machine's. */
interface NodeBackendOptions {
  readonly dataDir: string;
  /** Folder of the bundled release. */
  readonly modelsDir: string;
  readonly logger: Logger;
  readonly demo?: boolean;
}

/** A backend outside of Electron: the operating system protects no keys here. Throws FOLDER_BUSY as `createBackend`. */
export function createNodeBackend({ dataDir, modelsDir, logger, demo = false }: NodeBackendOptions): Promise<Backend> {
  return createBackend({
    dataDir,
    modelsDir,
    logger,
    demo,
    secrets: { wrap: null, unwrap: null },
    clock: systemClock(),
    fetch: globalThis.fetch,
    spawnInference: spawnNodeInference(),
    random: systemRandom,
    appVersion: appVersion(),
    scryptLogN,
  });
}
