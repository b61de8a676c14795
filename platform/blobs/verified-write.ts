import { createHash } from 'node:crypto';
import { Readable, Transform, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { OutpostError } from '../../shared/errors/index.ts';
import { sentence } from '../../shared/language/sentence.ts';
import { fileDigest, type FileDigest } from '../file-digest.ts';
import type { Expected } from './blob-store.ts';

/** The bytes of what is put, piece by piece. */
function pieces(bytes: Uint8Array | string | Readable): Readable {
  if (bytes instanceof Readable) return bytes;
  const all = typeof bytes === 'string' ? Buffer.from(bytes, 'utf8') : bytes;
  return Readable.from(all.length === 0 ? [] : [all], { objectMode: false });
}

/**
 * Writes bytes to a place that is not yet their own, and answers what they are. BAD_INPUT as soon as they are known not
 * to be as expected: the caller then keeps nothing.
 */
export async function writeExpected(
  bytes: Uint8Array | string | Readable,
  { sha256, maxBytes = Infinity }: Expected,
  place: Writable,
): Promise<FileDigest> {
  const hash = createHash('sha256');
  let length = 0;
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      length += chunk.length;
      hash.update(chunk);
      if (length <= maxBytes) done(null, chunk);
      else done(new OutpostError('BAD_INPUT', sentence('blobs.too_large', { bytes: maxBytes })));
    },
  });
  await pipeline(pieces(bytes), measure, place);
  const facts = { sha256: hash.digest('hex'), length };
  if (sha256 !== undefined && facts.sha256 !== sha256)
    throw new OutpostError('BAD_INPUT', sentence('blobs.other_hash'));
  return facts;
}

/** Throws BAD_DATABASE unless bytes have the SHA-256 they are kept under. */
export function requireHash(name: string, bytes: Uint8Array, sha256: string | undefined): void {
  if (sha256 === undefined || fileDigest(bytes).sha256 === sha256) return;
  throw new OutpostError('BAD_DATABASE', sentence('blobs.damaged', { name }));
}
