import { createHash, randomBytes } from 'node:crypto';
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  type ReadStream,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { OutpostError } from '../shared/errors/index.ts';
import { hashSchema } from '../shared/log/event.ts';
import { writeAtomic } from './files.ts';
import { fileFacts } from './file-facts.ts';

/** Largest file anyone may upload, in bytes. */
export const maxBlobBytes = 64 * 1024 * 1024;

function pathOf(folder: string, sha256: string): string {
  const hash = hashSchema.safeParse(sha256);
  if (!hash.success) throw new OutpostError('BAD_INPUT', 'A file is asked for by its SHA-256 in hex.');
  return join(folder, 'files', hash.data.slice(0, 2), hash.data);
}

/** Keeps bytes under their hash and answers with it. */
export function saveBlob(folder: string, bytes: Uint8Array | string): { sha256: string; length: number } {
  const facts = fileFacts(bytes);
  writeAtomic(pathOf(folder, facts.sha256), bytes);
  return facts;
}

/** Bytes of a file by their hash, checked again on reading. NOT_FOUND or BAD_DATABASE when they are missing or damaged. */
export function readBlob(folder: string, sha256: string): Uint8Array {
  const path = pathOf(folder, sha256);
  if (!existsSync(path)) throw new OutpostError('NOT_FOUND', `There is no file ${sha256} here. Upload it first.`);
  const bytes = readFileSync(path);
  if (fileFacts(bytes).sha256 !== sha256)
    throw new OutpostError('BAD_DATABASE', `The file ${sha256} is damaged on the registry. Restore it from a backup.`);
  return bytes;
}

/** Stream of a file by its hash; its reader checks the hash. */
export function openBlob(folder: string, sha256: string): { stream: ReadStream; length: number } {
  const path = pathOf(folder, sha256);
  if (!existsSync(path)) throw new OutpostError('NOT_FOUND', `There is no file ${sha256} here.`);
  return { stream: createReadStream(path), length: statSync(path).size };
}

function measure(hash: ReturnType<typeof createHash>): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      hash.update(chunk);
      if (bytes > maxBlobBytes)
        done(new OutpostError('BAD_INPUT', `The file is larger than ${maxBlobBytes} bytes. Nothing was kept.`));
      else done(null, chunk);
    },
  });
}

/** Takes an upload that must have the hash it is named by; otherwise nothing is kept. */
export async function receiveBlob(folder: string, sha256: string, body: Readable): Promise<void> {
  const path = pathOf(folder, sha256);
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  const hash = createHash('sha256');
  try {
    await pipeline(body, measure(hash), createWriteStream(temporary, { flags: 'wx', flush: true }));
    if (hash.digest('hex') !== sha256)
      throw new OutpostError('BAD_INPUT', 'The bytes do not have the hash they were named by. Nothing was kept.');
    renameSync(temporary, path);
  } finally {
    rmSync(temporary, { force: true });
  }
}
