import { join } from 'node:path';
import { z } from 'zod';
import { sentence } from '../shared/language/sentence.ts';
import { openDemo } from './backend/demo/open.ts';
import { hostLogger } from './backend/logging/host-logger.ts';
import { runBackendProcess, type HostedBackend, type ParentPort, type ProcessStart } from './backend/host/process.ts';
import { scryptLogN } from './backend/node-backend.ts';
import { systemClock, systemRandom } from './backend/host/system.ts';
import { createBackend } from './backend/index.ts';

// The port Electron puts on the process of a utility process; plain Node knows nothing of it.
const utilitySchema = z.looseObject({
  parentPort: z.custom<ParentPort>((value) => typeof value === 'object' && value !== null),
});

async function make({ message, secrets, spawnInference }: ProcessStart): Promise<HostedBackend> {
  const backend = await createBackend({
    dataDir: message.dataDir,
    modelsDir: message.modelsDir,
    secrets,
    clock: systemClock(),
    fetch: globalThis.fetch,
    logger: hostLogger(message.logLevel),
    spawnInference,
    random: systemRandom,
    appVersion: message.appVersion,
    demo: message.demo,
    scryptLogN,
  });
  if (!message.demo) return backend;
  const passphrase = await openDemo(backend, join(message.modelsDir, 'demo-cases.csv'));
  return { ...backend, notice: sentence('host.demo', { passphrase }) };
}

const { parentPort } = utilitySchema.parse(process);
runBackendProcess(parentPort, make, (code) => process.exit(code));
