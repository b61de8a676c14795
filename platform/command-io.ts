import { randomBytes } from 'node:crypto';
import type { Readable, Writable } from 'node:stream';
import type { Random, WallClock } from './environment.ts';

/** Everything environmental a command works with. */
export interface CommandIo {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: WallClock;
  readonly random: Random;
  /** Resolves when the person asks the program to end (Ctrl+C, SIGTERM, a closed terminal); no longer listens once `until` aborts. */
  readonly ended: (until?: AbortSignal) => Promise<void>;
}

/** The process's own streams, clock and signals. */
export function processIo(): CommandIo {
  return {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    clock: { now: () => Date.now() },
    random: (bytes) => randomBytes(bytes),
    ended: (until) =>
      new Promise((resolve) => {
        const asked = (): void => resolve();
        for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
          process.once(name, asked);
          until?.addEventListener('abort', () => process.off(name, asked), { once: true });
        }
      }),
  };
}

/** Prints lines for people, or the value as one line of JSON. */
export function print(
  io: Pick<CommandIo, 'stdout'>,
  json: boolean | undefined,
  value: unknown,
  lines: readonly string[],
): void {
  io.stdout.write(json === true ? `${JSON.stringify(value)}\n` : lines.map((line) => `${line}\n`).join(''));
}
