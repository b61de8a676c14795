import { randomBytes } from 'node:crypto';
import { open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Writable } from 'node:stream';

/** Where a command's result goes. Nothing of it counts before `commit`. */
export interface Sink {
  write(text: string): Promise<void>;
  commit(): Promise<void>;
  /** Undoes what was written, as far as that is possible; safe after `commit`. */
  discard(): Promise<void>;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/** Where a path leads, links followed, and whether something other than a file is there. */
async function look(path: string): Promise<{ target: string; special: boolean }> {
  try {
    const found = await stat(path);
    const special = !found.isFile() && !found.isDirectory();
    return { target: special ? path : await realpath(path), special };
  } catch (error) {
    if (isMissing(error)) return { target: path, special: false };
    throw error;
  }
}

/**
 * A file that appears complete or not at all: written beside its place under another name, then renamed. A device or
 * pipe is written to as it is: renaming would replace it.
 */
export async function fileSink(path: string): Promise<Sink> {
  const { target, special } = await look(path);
  return special ? streamSink((await open(target, 'w')).createWriteStream()) : atomicSink(target);
}

async function atomicSink(path: string): Promise<Sink> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  const file = await open(temporary, 'wx', 0o600);
  let done = false;
  return {
    write: async (text) => void (await file.writeFile(text)),
    async commit() {
      await file.sync();
      await file.close();
      await rename(temporary, path);
      done = true;
    },
    async discard() {
      if (done) return;
      done = true;
      await file.close();
      await rm(temporary, { force: true });
    },
  };
}

/** A stream such as standard output. A reader that went away makes `write` and `commit` reject with EPIPE. */
export function streamSink(stream: Writable): Sink {
  let failure: Error | null = null;
  // The first failure says why; what is written after it only hears that the stream is gone.
  stream.on('error', (error) => (failure ??= error));
  const push = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      stream.write(text, (error) => (error ? reject(failure ?? error) : resolve()));
    });
  return { write: push, commit: () => push(''), discard: () => Promise.resolve() };
}

/** True when the reader of a pipe went away, as `| head` does: no failure of ours. */
export function isClosedPipe(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EPIPE';
}
