import type { ChildProcess } from 'node:child_process';
import type { ElectronState } from './electron.ts';
import { START_HELP } from './options.ts';
import type { StartOptions } from './options.ts';
import type { Readiness } from './ready.ts';

const SHELL_READY_MS = 30_000;
// The demonstration scores some hundred cases first, on whatever machine there is.
const HOST_READY_MS = 120_000;

/** A program that was started and can be waited for. */
export interface Started {
  readonly ready: (timeoutMs: number) => Promise<Readiness>;
  /** Resolves with the exit code once the program has ended; null after a signal. */
  readonly ended: Promise<number | null>;
  readonly kill: () => void;
}

/** Everything that starting the application touches outside itself. */
export interface StartWorld {
  readonly platform: NodeJS.Platform;
  readonly isRoot: boolean;
  readonly hasDisplay: boolean;
  readonly top: string;
  readonly profileDir: string;
  readonly say: (line: string) => void;
  /** Builds a bundle if it is older than its sources. */
  readonly freshen: (bundle: 'app' | 'renderer') => Promise<void>;
  readonly prepareElectron: () => Promise<ElectronState>;
  readonly forgetElectron: (reason: string) => void;
  readonly findBrowser: () => string | null;
  readonly spawn: (program: string, args: readonly string[]) => Started;
  /** Starts a window that may outlive this program. */
  readonly openWindow: (program: string, args: readonly string[]) => Pick<ChildProcess, 'pid'>;
  /** The Node that runs TypeScript. */
  readonly node: string;
}

/** Arguments that make a Chromium, Chrome or Edge show one address as a window of its own, apart from the user's. */
export function appWindowArguments(url: string, profileDir: string, isRoot: boolean): string[] {
  const args = [`--app=${url}`, `--user-data-dir=${profileDir}`, '--no-first-run', '--no-default-browser-check'];
  // Chromium refuses to sandbox as root; for everyone else the sandbox stays on.
  return isRoot ? [...args, '--no-sandbox'] : args;
}

async function tryElectron(options: StartOptions, world: StartWorld): Promise<number | null | 'fall back'> {
  const electron = await world.prepareElectron();
  if (!electron.available) {
    world.say(`Opening in a browser window, because the desktop shell is not available: ${electron.reason}.`);
    return 'fall back';
  }
  await world.freshen('app');
  const sandbox = world.isRoot && world.platform === 'linux' ? ['--no-sandbox'] : [];
  const shell = world.spawn(electron.program, [...sandbox, world.top, ...options.host]);
  const readiness = await shell.ready(SHELL_READY_MS);
  if (readiness.state === 'ready') return shell.ended;
  // A second start hands over to the running shell and ends at once, on purpose.
  if (readiness.state === 'exited' && readiness.code === 0) return 0;
  shell.kill();
  const reason =
    readiness.state === 'timeout' ? 'it was not ready in time' : `it ended with code ${readiness.code ?? 'unknown'}`;
  world.forgetElectron(reason);
  world.say(`Opening in a browser window, because the desktop shell did not start: ${reason}.`);
  return 'fall back';
}

function showAddress(url: string, options: StartOptions, world: StartWorld): void {
  const browser = options.open && world.hasDisplay ? world.findBrowser() : null;
  if (browser !== null) {
    world.openWindow(browser, appWindowArguments(url, world.profileDir, world.isRoot));
    return;
  }
  if (options.open) {
    world.say(world.hasDisplay ? 'No Chromium, Chrome or Edge was found.' : 'There is no display to open a window on.');
  }
  world.say(`Open this address in a browser on this machine; it works once: ${url}`);
}

async function startBrowserHost(options: StartOptions, world: StartWorld): Promise<number | null> {
  const host = world.spawn(world.node, ['electron/serve.ts', ...options.host]);
  const readiness = await host.ready(HOST_READY_MS);
  if (readiness.state === 'ready') {
    showAddress(readiness.detail, options, world);
    return host.ended;
  }
  if (readiness.state === 'exited') return readiness.code ?? 1;
  host.kill();
  world.say('The application did not start within two minutes. Nothing was changed; its messages are above.');
  return 1;
}

/**
 * Starts the application: in the desktop shell where that can be had and comes up in time, else in a browser window
 * over the browser host. Resolves with the exit code when the application has ended.
 */
export async function startApplication(options: StartOptions, world: StartWorld): Promise<number | null> {
  if (options.help) {
    world.say(START_HELP);
    return startBrowserHost(options, world);
  }
  await world.freshen('renderer');
  if (!options.browserHost) {
    const ended = await tryElectron(options, world);
    if (ended !== 'fall back') return ended;
  }
  return startBrowserHost(options, world);
}
