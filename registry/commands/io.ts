import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { Writable, type Readable } from 'node:stream';
import { OutpostError } from '../../shared/errors/index.ts';
import type { RegistryClock } from '../context.ts';
import type { Random } from '../keys/online.ts';

/** Everything environmental a command works with. */
export interface CommandIo {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: RegistryClock;
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

/** First line of a file that holds a secret (passphrase, token). */
export function readSecretFile(file: string): string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new OutpostError('BAD_INPUT', `${file} cannot be read.`, { cause });
  }
  const line = text.split(/\r?\n/, 1)[0] ?? '';
  if (line === '') throw new OutpostError('BAD_INPUT', `The first line of ${file} is empty.`);
  return line;
}

async function ask(io: CommandIo, question: string): Promise<string> {
  io.stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: io.stdin, output: silent, terminal: true });
  try {
    return await lines.question('');
  } finally {
    lines.close();
    io.stderr.write('\n');
  }
}

/** A passphrase from a file, else typed without being shown; asked twice when it is a new one. */
export async function readPassphrase(io: CommandIo, file: string | undefined, isNew: boolean): Promise<string> {
  if (file !== undefined) return readSecretFile(file);
  if (io.stdin.isTTY !== true)
    throw new OutpostError('BAD_INPUT', 'There is no terminal to ask for the passphrase. Give --passphrase-file.');
  const first = await ask(io, 'Passphrase for the offline keys: ');
  if (isNew && (await ask(io, 'The same passphrase again: ')) !== first)
    throw new OutpostError('BAD_INPUT', 'The two passphrases differ. Nothing was made.');
  return first;
}
