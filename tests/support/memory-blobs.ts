import { Readable, Writable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { OutpostError } from '../../shared/errors/index.ts';
import { sentence } from '../../shared/language/sentence.ts';
import { isBlobName, noBlob, type BlobStore } from '../../platform/blobs/blob-store.ts';
import { requireHash, writeExpected } from '../../platform/blobs/verified-write.ts';

/** Blobs that are nowhere on this machine's disk; every call takes `delayMs`, as over a network. */
export function memoryBlobs(delayMs = 0): BlobStore & { readonly names: () => string[] } {
  const kept = new Map<string, Buffer>();
  const find = async (name: string): Promise<Buffer> => {
    await setTimeout(delayMs);
    const bytes = kept.get(name);
    if (bytes === undefined) throw noBlob(name);
    return bytes;
  };
  return {
    names: () => [...kept.keys()],
    put: async (name, bytes, expected = {}) => {
      if (!isBlobName(name)) throw new OutpostError('BAD_INPUT', sentence('blobs.bad_name', { name }));
      await setTimeout(delayMs);
      const chunks: Buffer[] = [];
      const write = (chunk: Buffer, _encoding: string, done: () => void): void => {
        chunks.push(Buffer.from(chunk));
        done();
      };
      const facts = await writeExpected(bytes, expected, new Writable({ write }));
      kept.set(name, Buffer.concat(chunks));
      return facts;
    },
    get: async (name, sha256) => {
      const bytes = await find(name);
      requireHash(name, bytes, sha256);
      return bytes;
    },
    open: async (name, range) => {
      const bytes = await find(name);
      const part = range === undefined ? bytes : bytes.subarray(range.start, range.end + 1);
      return { stream: Readable.from(part.length === 0 ? [] : [part], { objectMode: false }), length: part.length };
    },
    size: async (name) => {
      await setTimeout(delayMs);
      return kept.get(name)?.length ?? null;
    },
  };
}
