import type { Readable } from 'node:stream';
import { OutpostError } from '../../shared/errors/index.ts';
import { sentence } from '../../shared/language/sentence.ts';
import type { FileDigest } from '../file-digest.ts';

/** First and last byte of a part of a blob; both are in it. */
interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** What bytes have to be like to be kept: of this SHA-256 (hex), and no more than so many. */
export interface Expected {
  readonly sha256?: string;
  readonly maxBytes?: number;
}

/**
 * Bytes under names such as `releases/metadata/1.root.json`. Nothing else is asked of what keeps them than this, so that
 * a folder or an object storage can. Names are lower-case letters, digits, dots, dashes and underscores, in parts
 * between slashes; a name outside of that is never there.
 */
export interface BlobStore {
  /**
   * Keeps bytes under a name, over what was there: readers see the old or the new bytes, never a part, and once it
   * resolves they outlast a power cut. BAD_INPUT when they are not as expected; then all is as before.
   */
  put(name: string, bytes: Uint8Array | string | Readable, expected?: Expected): Promise<FileDigest>;
  /** All bytes. NOT_FOUND without them; BAD_DATABASE when they do not have the SHA-256 that is asked for. */
  get(name: string, sha256?: string): Promise<Uint8Array>;
  /** The bytes, or a part of them, piece by piece, unchecked, and how many come. NOT_FOUND before the first. */
  open(name: string, range?: ByteRange): Promise<{ readonly stream: Readable; readonly length: number }>;
  /** How many bytes there are under a name; null when it has none. */
  size(name: string): Promise<number | null>;
}

const nameShape = /^(?:[a-z0-9][a-z0-9._-]*\/)*[a-z0-9][a-z0-9._-]*$/;

/** True for a name a blob can have: no way up, no empty part, nothing hidden. */
export function isBlobName(name: string): boolean {
  return name.length <= 400 && nameShape.test(name);
}

/** The refusal of a name without a blob. */
export function noBlob(name: string, cause?: unknown): OutpostError {
  return new OutpostError('NOT_FOUND', sentence('blobs.missing', { name }), { cause });
}

/** Bytes under a name, or null where there are none. Other failures are thrown. */
export async function getIfThere(blobs: BlobStore, name: string): Promise<Uint8Array | null> {
  return (await blobs.size(name)) === null ? null : blobs.get(name);
}
