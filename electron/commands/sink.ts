import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Writable } from 'node:stream';

/** Where a command's result goes. Nothing of it counts before `commit`. */
export interface Sink {
  write(text: string): Promise<void>;
  commit(): Promise<void>;
  /** Undoes what was written, as far as that is possible; safe after `commit`. */
  discard(): Promise<void>;
}

/** A file that appears complete or not at all: written beside its place under another name, then renamed. */
export async function fileSink(path: string): Promise<Sink> {
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

/** A stream such as standard output. A reader that went away makes `write` reject with EPIPE. */
export function streamSink(stream: Writable): Sink {
  let failure: Error | null = null;
  stream.on('error', (error) => (failure = error));
  return {
    async write(text) {
      if (!stream.write(text)) await once(stream, 'drain');
      if (failure !== null) throw failure;
    },
    commit: () =>
      new Promise((resolve, reject) => {
        stream.write('', (error) => (error ? reject(error) : resolve()));
      }),
    discard: () => Promise.resolve(),
  };
}

/** True when the reader of a pipe went away, as `| head` does: no failure of ours. */
export function isClosedPipe(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED');
}
