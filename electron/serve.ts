import { rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { languageAsked, programLanguage } from '../platform/language/catalogues.ts';
import { temporaryFolder } from '../platform/temporary-folder.ts';
import { isOutpostError, sentenceOf } from '../shared/errors/index.ts';
import { sentence, type Sentence } from '../shared/language/sentence.ts';
import { openDemo } from './backend/demo/open.ts';
import { createUploadedFiles } from './backend/exchange/uploaded-files.ts';
import { defaultDataDir, makeFolder } from './backend/host/folders.ts';
import { hostLogger } from './backend/logging/host-logger.ts';
import { parseHostOptions, type HostOptions } from './backend/host/options.ts';
import { createNodeBackend } from './backend/node-backend.ts';
import { systemClock, systemRandom } from './backend/host/system.ts';
import type { Backend } from './backend/index.ts';
import { startLoopbackHost, type LoopbackHost } from './loopback/host.ts';
import { forgetWindows, readMemory, writeMemory } from './loopback/memory.ts';
import { howLongItWaits, whyDeserted, type Deserted } from './loopback/open-windows.ts';
import { askRunning, readRunning, removeRunning, writeRunning } from './loopback/single-instance.ts';

const TOP = fileURLToPath(new URL('..', import.meta.url));
const RENDERER_DIR = join(TOP, 'dist', 'renderer');
// Somebody may have to copy the address by hand; a reload, on the other hand, is a matter of a second or two.
const TIMES = { arriveMs: 120_000, leaveMs: 8_000 };
const STARTING_TRIES = 20;
const STARTING_PAUSE_MS = 250;

const clock = systemClock();
const language = programLanguage(join(TOP, 'shared', 'language'), process.env);

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function say(what: Sentence): void {
  print(language.say(what));
}

function folderOf(options: HostOptions): string {
  if (options.demo) return temporaryFolder('demo');
  const folder = options.dataDir ?? defaultDataDir({ platform: process.platform, env: process.env, home: homedir() });
  return makeFolder(folder);
}

function openBackend(dataDir: string, demo: boolean): Promise<Backend> {
  const logger = hostLogger(process.env['OUTPOST_LOG'] ?? 'warn');
  return createNodeBackend({ dataDir, modelsDir: join(TOP, 'models'), logger, demo });
}

/** Address of the host that already runs on a folder, or null. It may still be starting, so it is asked some times. */
async function addressOfRunning(dataDir: string, tries: number): Promise<string | null> {
  for (let left = tries; left > 0; left -= 1) {
    const running = await readRunning(dataDir);
    const address = running === null ? null : await askRunning(running, globalThis.fetch);
    if (address !== null) return address;
    if (left > 1) await new Promise((resolve) => setTimeout(resolve, STARTING_PAUSE_MS));
  }
  return null;
}

interface EndOfUse {
  readonly ended: Promise<void>;
  readonly end: () => void;
}

/** Resolves on a signal to end, or when the host says that nobody looks any more. */
function endOfUse(): EndOfUse {
  const { promise, resolve } = Promise.withResolvers<void>();
  // Kept for good: the starter passes a signal on that the whole process group got already, and the second one would
  // otherwise end the program while it deletes a demonstration.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
  return { ended: promise, end: resolve };
}

async function listen(
  backend: Backend,
  options: HostOptions,
  dataDir: string,
  onDeserted: (why: Deserted) => void,
): Promise<LoopbackHost> {
  return startLoopbackHost({
    before: readMemory(dataDir, clock.now()),
    remember: (memory) => writeMemory(dataDir, memory, clock.now()),
    router: backend.router,
    exchange: createUploadedFiles(backend.context.exchangeDir),
    rendererDir: RENDERER_DIR,
    language,
    asked: languageAsked(process.env),
    port: options.port,
    random: systemRandom,
    clock,
    logger: backend.context.options.logger,
    times: TIMES,
    isBusy: () => Promise.resolve(backend.busy()),
    ...(options.keep ? {} : { onDeserted }),
  });
}

async function serve(backend: Backend, dataDir: string, options: HostOptions, { ended, end }: EndOfUse): Promise<void> {
  const host = await listen(backend, options, dataDir, (why) => {
    // No window is left that could come back.
    forgetWindows(dataDir);
    say(whyDeserted(why, TIMES));
    end();
  });
  try {
    const { instance, port, controlSecret: secret } = host;
    await writeRunning(dataDir, { instance, pid: process.pid, port, secret });
    if (!options.keep) say(howLongItWaits(TIMES));
    print(`OUTPOST_READY ${host.address()}`);
    await ended;
  } finally {
    await removeRunning(dataDir, host.instance);
    await host.close();
  }
}

/** Fills the demonstration and says its passphrase; false when its use ended meanwhile. */
async function prepareDemo(backend: Backend, { ended }: EndOfUse): Promise<boolean> {
  const filled = openDemo(backend, join(TOP, 'models', 'demo-cases.csv'));
  const passphrase = await Promise.race([filled, ended]);
  if (passphrase === undefined) {
    // Locking ends the filling; only then does nothing write into the folder any more.
    await backend.close();
    await Promise.allSettled([filled]);
    return false;
  }
  say(sentence('host.demo', { passphrase }));
  return true;
}

async function runOn(dataDir: string, options: HostOptions, use: EndOfUse): Promise<void> {
  let backend: Backend;
  try {
    backend = await openBackend(dataDir, options.demo);
  } catch (error) {
    const address = isOutpostError(error, 'FOLDER_BUSY') ? await addressOfRunning(dataDir, STARTING_TRIES) : null;
    if (address === null) throw error;
    return print(`OUTPOST_READY ${address}`);
  }
  try {
    if (!options.demo || (await prepareDemo(backend, use))) await serve(backend, dataDir, options, use);
  } finally {
    await backend.close();
  }
}

async function run(options: HostOptions): Promise<void> {
  // Before there is anything to delete: a demonstration stopped while it is being filled leaves nothing behind either.
  const use = endOfUse();
  const dataDir = folderOf(options);
  try {
    await runOn(dataDir, options, use);
  } finally {
    if (options.demo) await rm(dataDir, { recursive: true, force: true });
  }
}

async function main(args: readonly string[]): Promise<void> {
  const options = parseHostOptions(args, true);
  if (options.help) return say(sentence('host.help'));
  await run(options);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${language.say(sentenceOf(error))}\n`);
  process.exitCode = isOutpostError(error, 'BAD_INPUT') ? 2 : 1;
});
