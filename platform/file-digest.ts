import { createHash } from 'node:crypto';

/** What identifies bytes: their SHA-256 in hex, and how many they are. */
export interface FileDigest {
  readonly sha256: string;
  readonly length: number;
}

/** Hex SHA-256 and length of bytes or of a text's UTF-8 bytes. */
export function fileDigest(bytes: Uint8Array | string): FileDigest {
  const data = typeof bytes === 'string' ? Buffer.from(bytes, 'utf8') : bytes;
  return { sha256: createHash('sha256').update(data).digest('hex'), length: data.length };
}
