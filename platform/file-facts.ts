import { createHash } from 'node:crypto';

/** Hex SHA-256 and length of bytes or of a text's UTF-8 bytes. */
export function fileFacts(bytes: Uint8Array | string): { sha256: string; length: number } {
  const data = typeof bytes === 'string' ? Buffer.from(bytes, 'utf8') : bytes;
  return { sha256: createHash('sha256').update(data).digest('hex'), length: data.length };
}
