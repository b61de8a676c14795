import { open, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { OutpostError } from '../../shared/errors/index.ts';
import { sentence } from '../../shared/language/sentence.ts';
import type { FileDigest } from '../file-digest.ts';
import { makeFolder, streamAtomic } from '../files.ts';
import { isBlobName, noBlob, type BlobStore } from './blob-store.ts';
import { requireHash, writeExpected } from './verified-write.ts';

/** What `work` answers; null where there is no file of that name. Other failures are thrown. */
async function ifThere<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return null;
    throw error;
  }
}

/** Blobs as files below a folder, under their names. The folder is made with the first of them. */
export function folderBlobs(folder: string): BlobStore {
  const fileOf = (name: string): string => {
    if (isBlobName(name)) return join(folder, ...name.split('/'));
    throw noBlob(name);
  };
  return {
    put: async (name, bytes, expected = {}) => {
      if (!isBlobName(name)) throw new OutpostError('BAD_INPUT', sentence('blobs.bad_name', { name }));
      makeFolder(dirname(fileOf(name)));
      let facts: FileDigest | null = null;
      await streamAtomic(fileOf(name), async (file) => {
        facts = await writeExpected(bytes, expected, file);
      });
      return facts!;
    },
    get: async (name, sha256) => {
      const bytes = await ifThere(() => readFile(fileOf(name)));
      if (bytes === null) throw noBlob(name);
      requireHash(name, bytes, sha256);
      return bytes;
    },
    open: async (name, range) => {
      const file = await ifThere(() => open(fileOf(name)));
      const found = await file?.stat();
      if (file === null || found?.isFile() !== true) {
        await file?.close();
        throw noBlob(name);
      }
      const { size } = found;
      const { start, end } = range ?? { start: 0, end: size - 1 };
      // A stream cannot end before it begins: of an empty file all of it is nothing.
      const part = size === 0 ? {} : { start, end };
      return { stream: file.createReadStream(part), length: size === 0 ? 0 : Math.min(end, size - 1) - start + 1 };
    },
    size: async (name) => {
      const found = isBlobName(name) ? await ifThere(() => stat(fileOf(name))) : null;
      return found?.isFile() === true ? found.size : null;
    },
  };
}
