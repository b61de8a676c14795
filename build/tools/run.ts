import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The top folder of the project. */
export const TOP = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** How a child process ended: exit code (null after a signal or a failed start) and, if captured, what it printed. */
interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly timedOut: boolean;
}

/** Settings of {@link run}; `timeoutMs` ends the program politely, then by force after five seconds. */
interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly timeoutMs?: number;
  readonly capture?: boolean;
}

/**
 * Runs a program to its end without a shell, so that arguments need no quoting. With `capture` its output is returned
 * instead of shown. Never throws: a program that cannot be started ends with code null and the reason as output.
 */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const capture = options.capture ?? false;
  const { promise, resolve } = Promise.withResolvers<Ended>();
  const child = spawn(command, args, {
    cwd: options.cwd ?? TOP,
    env: options.env ?? process.env,
    stdio: capture ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
  });
  let output = '';
  let timedOut = false;
  const collect = (chunk: Buffer): void => void (output += chunk.toString('utf8'));
  child.stdout?.on('data', collect);
  child.stderr?.on('data', collect);
  let killTimer: NodeJS.Timeout | undefined;
  const timer = setTimeout(
    () => {
      timedOut = true;
      // The interrupt is what test runners and package tools clean up after; a plain end would orphan their workers.
      child.kill('SIGINT');
      killTimer = setTimeout(() => child.kill('SIGKILL'), 5_000);
    },
    options.timeoutMs ?? 2 ** 31 - 1,
  );
  const finish = (code: number | null): void => {
    clearTimeout(timer);
    clearTimeout(killTimer);
    resolve({ code, output, timedOut });
  };
  child.on('error', (error) => {
    output += error.message;
    finish(null);
  });
  child.on('close', finish);
  return promise;
}

/**
 * Runs a tool of this project (its JavaScript entry inside node_modules) with the Node that runs now, so that neither
 * the PATH nor a platform's command wrappers matter.
 */
export function runTool(entry: string, args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  return run(process.execPath, [join(TOP, 'node_modules', entry), ...args], options);
}
