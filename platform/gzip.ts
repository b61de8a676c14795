import { gunzipSync, gzipSync } from 'node:zlib';
import type { Compression } from '../shared/courier/seal.ts';

/** gzip of Node; decompressing stops at the limit while it runs, so that a small file cannot fill the memory. */
export const gzip: Compression = {
  compress: (bytes) => new Uint8Array(gzipSync(bytes)),
  decompress: (bytes, maxBytes) => new Uint8Array(gunzipSync(bytes, { maxOutputLength: maxBytes })),
  decode: (bytes) => new TextDecoder('utf-8', { fatal: true }).decode(bytes),
};
