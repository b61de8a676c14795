import { gunzipSync, gzipSync } from 'node:zlib';
import type { Folding } from '../../../shared/courier/seal.ts';

/** gzip of Node; unfolding stops at the limit while it runs, so that a small file cannot fill the memory. */
export const nodeFolding: Folding = {
  fold: (bytes) => new Uint8Array(gzipSync(bytes)),
  unfold: (bytes, maxBytes) => new Uint8Array(gunzipSync(bytes, { maxOutputLength: maxBytes })),
  decode: (bytes) => new TextDecoder('utf-8', { fatal: true }).decode(bytes),
};
