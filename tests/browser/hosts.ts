import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { askRunning, readRunning } from '../../electron/loopback/single-instance.ts';

/** The top folder of the project. */
export const TOP = fileURLToPath(new URL('../..', import.meta.url));

/** The real browser host with the real backend, in a process of its own. */
export interface HostProcess {
  readonly dataDir: string;
  /** The passphrase a demonstration printed, else null. */
  readonly passphrase: string | null;
  /** The address printed at the start; it works once. */
  readonly address: string;
  /** Another address, through the door a second start uses. */
  readonly freshAddress: () => Promise<string>;
  /** Ends it as a terminal would and gives its exit code. */
  readonly stop: () => Promise<number | null>;
  /** Ends it without a word, as a crash or a dead battery would. */
  readonly crash: () => Promise<number | null>;
}

interface Started {
  readonly child: ChildProcess;
  readonly lines: string[];
  readonly address: string;
}

/** Runs the host program until it is ready or has ended; `top` is the folder of the program. */
export function runServe(args: readonly string[], env: NodeJS.ProcessEnv = process.env, top = TOP): Promise<Started> {
  const child = spawn(process.execPath, ['electron/serve.ts', ...args], {
    cwd: top,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { promise, resolve, reject } = Promise.withResolvers<Started>();
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    const address = /^OUTPOST_READY (\S+)$/.exec(line)?.[1];
    if (address !== undefined) resolve({ child, lines, address });
  });
  child.once('exit', (code) => reject(new Error(`The host ended with code ${code ?? 'none'} before it was ready.`)));
  return promise;
}

/** Waits for the end of a program, asking for it first unless it ends by itself. */
export function ended(child: ChildProcess, ask = true): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  const { promise, resolve } = Promise.withResolvers<number | null>();
  child.once('exit', (code) => resolve(code));
  if (ask) child.kill('SIGTERM');
  return promise;
}

function crashed(child: ChildProcess): Promise<number | null> {
  child.kill('SIGKILL');
  return ended(child, false);
}

async function fresh(dataDir: string): Promise<string> {
  const running = await readRunning(dataDir);
  const address = running === null ? null : await askRunning(running, fetch);
  if (address === null) throw new Error('The host does not answer at its control door.');
  return address;
}

/** A fresh folder; `remove` deletes it. */
export function newFolder(): { readonly dir: string; readonly remove: () => void } {
  const dir = mkdtempSync(join(tmpdir(), 'outpost-browser-'));
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) };
}

/** Starts a host on a folder. It stays until it is stopped, whatever its windows do. */
export async function startHost(dataDir: string): Promise<HostProcess> {
  const { child, address } = await runServe(['--data-dir', dataDir, '--keep']);
  return {
    dataDir,
    passphrase: null,
    address,
    freshAddress: () => fresh(dataDir),
    stop: () => ended(child),
    crash: () => crashed(child),
  };
}

/** Starts the demonstration: about 500 simulated cases, unlocked. */
export async function startDemo(): Promise<HostProcess> {
  // It makes its folder where temporary files go; a place of our own tells which one it is.
  const folder = newFolder();
  const { child, lines, address } = await runServe(['--demo', '--keep'], { ...process.env, TMPDIR: folder.dir });
  const passphrase = lines.flatMap((line) => /passphrase: (\S+)$/.exec(line)?.[1] ?? [])[0] ?? null;
  const dataDir = join(folder.dir, readdirSync(folder.dir).find((name) => name.startsWith('outpost-demo-')) ?? '');
  const stop = async (): Promise<number | null> => {
    const code = await ended(child);
    folder.remove();
    return code;
  };
  return { dataDir, passphrase, address, freshAddress: () => fresh(dataDir), stop, crash: () => crashed(child) };
}
