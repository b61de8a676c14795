import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { randomBytes } from 'node:crypto';
import { dirname, join, resolve } from 'node:path';
import { OutpostError } from '../shared/errors/index.ts';

function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Makes something in a folder, or in the nearest one there is, and takes it away: permissions alone do not tell. */
function tryWriting(folder: string): void {
  let place = folder;
  while (!existsSync(place) && dirname(place) !== place) place = dirname(place);
  rmSync(mkdtempSync(join(place, '.outpost-')), { recursive: true });
}

/** Throws BAD_INPUT when a folder is none, or cannot be made or written to. Leaves nothing behind. */
export function requireWritable(folder: string): void {
  try {
    tryWriting(resolve(folder));
  } catch (cause) {
    const isFile = cause instanceof Error && 'code' in cause && /^(?:EEXIST|ENOTDIR)$/.test(String(cause.code));
    const why = isFile ? 'it is a file, or lies in one' : 'it cannot be made or written to';
    throw new OutpostError('BAD_INPUT', `${folder} cannot be used: ${why}. Name another folder.`, { cause });
  }
}

/** Makes a folder that is not there, with those above it. Throws BAD_INPUT where that cannot be. */
export function makeFolder(folder: string, mode?: number): void {
  if (existsSync(folder)) return;
  // Without looking first, Node tries for ever below such places as /proc.
  requireWritable(folder);
  mkdirSync(folder, { recursive: true, mode });
}

/** Throws BAD_INPUT when a file cannot be written: its folder is not there, or nothing can be written to it. */
export function requireWritableFile(file: string): void {
  const folder = dirname(resolve(file));
  if (!existsSync(folder))
    throw new OutpostError('BAD_INPUT', `${file} cannot be written: there is no folder ${folder}.`);
  requireWritable(folder);
  if (existsSync(file) && statSync(file).isDirectory())
    throw new OutpostError('BAD_INPUT', `${file} cannot be written: it is a folder. Name a file.`);
}

/** Writes a file so that readers see the old or the new bytes, never a part: temporary file, fsync, rename. */
export function writeAtomic(path: string, bytes: Uint8Array | string, mode = 0o644): void {
  const folder = dirname(path);
  makeFolder(folder);
  const temporary = join(folder, `.${randomBytes(8).toString('hex')}.tmp`);
  try {
    const handle = openSync(temporary, 'wx', mode);
    try {
      const data = typeof bytes === 'string' ? Buffer.from(bytes, 'utf8') : bytes;
      let written = 0;
      while (written < data.length) written += writeSync(handle, data, written);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(temporary, path);
  } finally {
    rmSync(temporary, { force: true });
  }
  // Windows cannot open a folder to sync it; there the rename is all there is.
  if (process.platform !== 'win32') syncFolder(folder);
}

/** Text of a file, or null when there is none. */
export function readIfThere(path: string): string | null {
  return existsSync(path) ? readFileSync(path, 'utf8') : null;
}
