import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { streamAtomic } from './files.ts';

/** Writes a text to a file as it comes, packed with gzip where the file's name ends in .gz; all of it or nothing. */
export async function writePacked(path: string, text: Readable): Promise<void> {
  await streamAtomic(path, (file) =>
    path.endsWith('.gz') ? pipeline(text, createGzip(), file) : pipeline(text, file),
  );
}
