import { randomBytes } from 'node:crypto';
import { createReadStream, type Stats } from 'node:fs';
import { chmod, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { OutpostError } from '../../../shared/errors/index.ts';
import { sentence } from '../../../shared/language/sentence.ts';

/** Files on their way between people and the backend, known by random tokens: a name given from outside is never a path. */
export interface UploadedFiles {
  /** Stores at most `maxBytes` and gives the token; BAD_INPUT (nothing kept) when the source is longer. */
  save(source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, maxBytes: number): Promise<string>;
  /** Stream and length in bytes of a stored file; NOT_FOUND when there is none. */
  open(token: string): Promise<{ stream: Readable; bytes: number }>;
  /** Whole stored file; BAD_INPUT when it is longer than `maxBytes`, NOT_FOUND when there is none. */
  read(token: string, maxBytes: number): Promise<Uint8Array>;
  /** Where a stored file is, to be read and not kept; BAD_INPUT when it is longer than `maxBytes`, NOT_FOUND when there is none. */
  pathOf(token: string, maxBytes: number): Promise<string>;
  /** Forgets a file; a file that is not there is fine. */
  remove(token: string): Promise<void>;
  /** Deletes everything not touched for `olderThanMs`, kept parts of downloads too, and says how many files that were. */
  sweep(olderThanMs: number): Promise<number>;
}

const TOKEN = /^[0-9a-f]{32}$/;

/** What the exchange takes from its surroundings: random bytes and the time in milliseconds. */
interface ExchangeEnvironment {
  readonly random: (bytes: number) => Uint8Array;
  readonly now: () => number;
}
const system: ExchangeEnvironment = { random: (bytes) => new Uint8Array(randomBytes(bytes)), now: () => Date.now() };

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function pathOf(dir: string, token: string): string {
  if (!TOKEN.test(token)) throw new OutpostError('NOT_FOUND', sentence('exchange.no_file_under_name'));
  return join(dir, token);
}

/** Files of the exchange come and go at any moment: one that has gone is null, not a failure. */
async function statIfThere(path: string): Promise<Stats | null> {
  try {
    return await stat(path);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

async function sizeOf(path: string): Promise<number> {
  const found = await statIfThere(path);
  if (found === null) throw new OutpostError('NOT_FOUND', sentence('exchange.no_file_under_name'));
  return found.size;
}

async function writeCapped(
  path: string,
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  maxBytes: number,
): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    let total = 0;
    for await (const chunk of source) {
      total += chunk.byteLength;
      if (total > maxBytes)
        throw new OutpostError(
          'BAD_INPUT',
          sentence('exchange.file_larger_than_kib', { kib: Math.floor(maxBytes / 1024) }),
        );
      await file.writeFile(chunk);
    }
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Opens (and makes, for this user only) an exchange folder. */
export function createUploadedFiles(dir: string, environment: ExchangeEnvironment = system): UploadedFiles {
  const newToken = (): string => Buffer.from(environment.random(16)).toString('hex');
  const ready = async (): Promise<void> => {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    await chmod(dir, 0o700);
  };
  return {
    async save(source, maxBytes) {
      await ready();
      const token = newToken();
      const part = join(dir, `${token}.part`);
      try {
        await writeCapped(part, source, maxBytes);
        await rename(part, join(dir, token)); // a token is only given out for a complete file
      } catch (error) {
        await rm(part, { force: true });
        throw error;
      }
      return token;
    },
    async open(token) {
      const path = pathOf(dir, token);
      const bytes = await sizeOf(path);
      return { stream: createReadStream(path), bytes };
    },
    async read(token, maxBytes) {
      return new Uint8Array(await readFile(await smallEnough(dir, token, maxBytes)));
    },
    pathOf: (token, maxBytes) => smallEnough(dir, token, maxBytes),
    async remove(token) {
      await rm(pathOf(dir, token), { force: true });
    },
    sweep: (olderThanMs) => sweep(dir, environment.now() - olderThanMs),
  };
}

async function smallEnough(dir: string, token: string, maxBytes: number): Promise<string> {
  const path = pathOf(dir, token);
  if ((await sizeOf(path)) > maxBytes)
    throw new OutpostError('BAD_INPUT', sentence('exchange.file_larger_than_allowed_here'));
  return path;
}

async function sweep(dir: string, before: number): Promise<number> {
  let names: string[];
  try {
    names = await readdir(dir);
  } catch (error) {
    if (isMissing(error)) return 0;
    throw error;
  }
  let swept = 0;
  for (const name of names) {
    const path = join(dir, name);
    const found = await statIfThere(path);
    if (found === null || !found.isFile() || found.mtimeMs >= before) continue;
    await rm(path, { force: true });
    swept += 1;
  }
  return swept;
}
