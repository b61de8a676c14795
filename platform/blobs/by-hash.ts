import type { Readable } from 'node:stream';
import { OutpostError } from '../../shared/errors/index.ts';
import { sentence } from '../../shared/language/sentence.ts';
import { hashSchema } from '../../shared/log/event.ts';
import { fileDigest, type FileDigest } from '../file-digest.ts';
import type { BlobStore } from './blob-store.ts';

/** Largest file anyone may upload, in bytes. */
export const maxBlobBytes = 64 * 1024 * 1024;

/** Name of the blob that keeps bytes of a SHA-256: models, manifests, evidence, datasets, files of runs. BAD_INPUT for other texts. */
export function nameByHash(sha256: string): string {
  const hash = hashSchema.safeParse(sha256);
  if (!hash.success) throw new OutpostError('BAD_INPUT', sentence('blobs.bad_hash'));
  return `files/${hash.data.slice(0, 2)}/${hash.data}`;
}

/** Keeps bytes under their hash and answers with it. */
export async function saveBlob(blobs: BlobStore, bytes: Uint8Array | string): Promise<FileDigest> {
  const facts = fileDigest(bytes);
  await blobs.put(nameByHash(facts.sha256), bytes, { sha256: facts.sha256 });
  return facts;
}

/** Bytes by their hash, checked again on reading. NOT_FOUND or BAD_DATABASE when they are missing or damaged. */
export function readBlob(blobs: BlobStore, sha256: string): Promise<Uint8Array> {
  return blobs.get(nameByHash(sha256), sha256);
}

/** Stream of bytes by their hash; its reader checks the hash. NOT_FOUND without them. */
export function openBlob(blobs: BlobStore, sha256: string): ReturnType<BlobStore['open']> {
  return blobs.open(nameByHash(sha256));
}

/** Takes an upload that must have the hash it is named by, up to `maxBlobBytes`; otherwise nothing is kept. */
export async function receiveBlob(blobs: BlobStore, sha256: string, body: Readable): Promise<void> {
  await blobs.put(nameByHash(sha256), body, { sha256, maxBytes: maxBlobBytes });
}
