import { randomBytes } from 'node:crypto';
import type { Readable, Writable } from 'node:stream';
import type { Language } from '../shared/language/language.ts';
import { inLines, type Text } from '../shared/language/sentence.ts';
import { programLanguage } from './language/catalogues.ts';
import type { Random, WallClock } from './environment.ts';

/** Where a command says what it has to say, and in which language. */
export interface Output {
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly language: Language;
}

/** Everything environmental a command works with. */
export interface CommandIo extends Output {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: WallClock;
  readonly random: Random;
  /** Resolves when the person asks the program to end (Ctrl+C, SIGTERM, a closed terminal); no longer listens once `until` aborts. */
  readonly ended: (until?: AbortSignal) => Promise<void>;
}

/** The process's own streams, clock and signals, and its language, of those in the folder `languages`. */
export function processIo(languages: string): CommandIo {
  return {
    language: programLanguage(languages, process.env),
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

function linesOf({ language }: Output, lines: readonly Text[]): string {
  return lines.map((line) => `${language.say(inLines([line]))}\n`).join('');
}

/** Prints lines for people, or the value as one line of JSON. */
export function print(io: Output, json: boolean | undefined, value: unknown, lines: readonly Text[]): void {
  io.stdout.write(json === true ? `${JSON.stringify(value)}\n` : linesOf(io, lines));
}

/** Says lines on standard error: what a person should know who sends the output to a file. */
export function note(io: Output, ...lines: readonly Text[]): void {
  io.stderr.write(linesOf(io, lines));
}
