import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { findBrowser } from './tools/find-browser.ts';
import { run, TOP } from './tools/run.ts';
import { prepareElectron, rememberFailedLaunch } from './start/electron.ts';
import type { ElectronWorld } from './start/electron.ts';
import { BUNDLES, isStale } from './start/freshness.ts';
import { startApplication } from './start/launch.ts';
import type { Started, StartWorld } from './start/launch.ts';
import { parseStartOptions } from './start/options.ts';
import { waitUntilReady } from './start/ready.ts';

const INSTALL_LIMIT_MS = 20_000;
const CACHE = join(TOP, '.cache');
const MEMORY = join(CACHE, 'electron-failed.json');
const ELECTRON = join(TOP, 'node_modules', 'electron');

function readIfThere(path: string): string | null {
  return existsSync(path) ? readFileSync(path, 'utf8') : null;
}

function electronVersion(): string {
  const text = readIfThere(join(ELECTRON, 'package.json'));
  return text === null ? 'none' : z.object({ version: z.string() }).parse(JSON.parse(text)).version;
}

/** The shell's program as its installer left it; reads files only, because loading the package would download it. */
function findElectronProgram(): string | null {
  const place = readIfThere(join(ELECTRON, 'path.txt'));
  const version = readIfThere(join(ELECTRON, 'dist', 'version'))
    ?.trim()
    .replace(/^v/, '');
  if (place === null || version !== electronVersion()) return null;
  const program = join(ELECTRON, 'dist', place.trim());
  return existsSync(program) ? program : null;
}

async function installElectron(): Promise<string | null> {
  const installer = join(ELECTRON, 'install.js');
  if (!existsSync(installer)) return 'its package is not installed';
  console.log('Fetching the desktop shell (once; at most 20 seconds).');
  const ended = await run(process.execPath, [installer], { timeoutMs: INSTALL_LIMIT_MS, capture: true });
  if (ended.timedOut) return 'it could not be downloaded within 20 seconds';
  return ended.code === 0 ? null : 'it could not be downloaded';
}

const electronWorld: ElectronWorld = {
  now: Date.now,
  platform: process.platform,
  env: process.env,
  version: electronVersion(),
  findProgram: findElectronProgram,
  install: installElectron,
  readMemory: () => readIfThere(MEMORY),
  writeMemory: (text) => {
    if (text === null) return rmSync(MEMORY, { force: true });
    mkdirSync(dirname(MEMORY), { recursive: true });
    writeFileSync(MEMORY, text);
  },
};

async function freshen(bundle: 'app' | 'renderer'): Promise<void> {
  const { product, sources } = BUNDLES[bundle];
  if (!isStale(TOP, product, sources)) return;
  console.log(`Building ${bundle === 'app' ? 'the application' : 'the window'}, because its sources are newer.`);
  const built = await run(process.execPath, [join(TOP, 'build', 'bundle.ts'), bundle]);
  if (built.code !== 0) throw new Error(`Building ${bundle} failed; the reason is above.`);
}

function spawnHost(program: string, args: readonly string[]): Started {
  const { ELECTRON_RUN_AS_NODE: _unwanted, ...env } = process.env;
  const child = spawn(program, args, { cwd: TOP, env, stdio: ['ignore', 'pipe', 'inherit'] });
  const { promise: ended, resolve } = Promise.withResolvers<number | null>();
  child.once('error', (error) => {
    console.error(error.message);
    resolve(1);
  });
  child.once('close', resolve);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      // A terminal's interrupt reaches the host as well; twice would cut its orderly end short.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  return {
    ready: (limit) => waitUntilReady(child, limit, (line) => console.log(line)),
    ended,
    kill: () => child.kill(),
  };
}

const options = parseStartOptions(process.argv.slice(2));
const world: StartWorld = {
  platform: process.platform,
  isRoot: process.getuid?.() === 0,
  hasDisplay: process.platform !== 'linux' || Boolean(process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY']),
  top: TOP,
  profileDir: join(CACHE, 'window'),
  say: (line) => console.log(line),
  freshen,
  prepareElectron: () => prepareElectron(electronWorld, options.retryElectron),
  forgetElectron: (reason) => rememberFailedLaunch(electronWorld, reason),
  findBrowser: () => findBrowser(),
  spawn: spawnHost,
  openWindow: (program, args) => {
    const window = spawn(program, args, { stdio: 'ignore', detached: process.platform !== 'win32' });
    window.once('error', (error) => console.error(`The browser could not be opened: ${error.message}`));
    window.unref();
    return window;
  },
  node: process.execPath,
};

try {
  process.exitCode = (await startApplication(options, world)) ?? 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
