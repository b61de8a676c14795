import {
  closeSync,
  createWriteStream,
  existsSync,
  fsyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { randomBytes } from 'node:crypto';
import { dirname, join, resolve } from 'node:path';
import type { Writable } from 'node:stream';
import { isUtf16 } from './csv/utf16.ts';
import { OutpostError } from '../shared/errors/index.ts';
import { requireNotRead } from '../shared/hosting/output-over-input.ts';
import { sentence } from '../shared/language/sentence.ts';

/** Throws BAD_INPUT when a file to be written is one of those that are read, links followed. */
export function requireOther(out: string | undefined, read: readonly (string | undefined)[]): void {
  requireNotRead(out, read, (path) => (existsSync(path) ? realpathSync.native(path) : null));
}

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
    throw new OutpostError('BAD_INPUT', sentence('files.folder_cannot_used', { folder, isFile }), { cause });
  }
}

/** Makes a folder that is not there, with those above it. Throws BAD_INPUT where that cannot be. */
export function makeFolder(folder: string, mode?: number): void {
  if (existsSync(folder)) return;
  // Without looking first, Node tries for ever below such places as /proc.
  requireWritable(folder);
  mkdirSync(folder, { recursive: true, mode });
}

/** Throws BAD_INPUT for a folder where a file belongs. */
export function requireNoFolder(file: string): void {
  if (existsSync(file) && statSync(file).isDirectory())
    throw new OutpostError('BAD_INPUT', sentence('files.folder_where_a_file_belongs', { file }));
}

/** Throws BAD_INPUT when a file cannot be written: its folder is not there, or nothing can be written to it. */
export function requireWritableFile(file: string): void {
  const folder = dirname(resolve(file));
  if (!existsSync(folder))
    throw new OutpostError('BAD_INPUT', sentence('files.no_folder_to_write_in', { file, folder }));
  requireNoFolder(file);
  const there = existsSync(file) ? statSync(file) : null;
  if (there?.isFile() === false) throw new OutpostError('BAD_INPUT', sentence('files.no_ordinary_file', { file }));
  requireWritable(folder);
}

/** Name beside a file that no other program takes. */
function temporaryBeside(path: string): string {
  return join(dirname(path), `.${randomBytes(8).toString('hex')}.tmp`);
}

function writeSynced(temporary: string, bytes: Uint8Array | string, mode: number): void {
  const handle = openSync(temporary, 'wx', mode);
  try {
    const data = typeof bytes === 'string' ? Buffer.from(bytes, 'utf8') : bytes;
    let written = 0;
    while (written < data.length) written += writeSync(handle, data, written);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Windows cannot open a folder to sync it; there the rename is all there is. */
function syncFolderOf(path: string): void {
  if (process.platform !== 'win32') syncFolder(dirname(path));
}

/**
 * Writes some files of one folder, each so that readers see the old or the new bytes, never a part: all of them to
 * temporary files with fsync first, then renamed in their order. A crash between two renames leaves the earlier ones new
 * and the later ones old, so what names the others comes last. After a failure no temporary file is left.
 */
export function writeTogether(files: readonly (readonly [path: string, bytes: Uint8Array | string])[], mode = 0o644) {
  const written = files.map(([path, bytes]) => ({ path, bytes, temporary: temporaryBeside(path) }));
  for (const { path } of written) makeFolder(dirname(path));
  try {
    for (const { temporary, bytes } of written) writeSynced(temporary, bytes, mode);
    for (const { temporary, path } of written) {
      renameSync(temporary, path);
      syncFolderOf(path);
    }
  } finally {
    for (const { temporary } of written) rmSync(temporary, { force: true });
  }
}

/** Writes a file so that readers see the old or the new bytes, never a part: temporary file, fsync, rename. */
export function writeAtomic(path: string, bytes: Uint8Array | string, mode = 0o644): void {
  writeTogether([[path, bytes]], mode);
}

/** `writeAtomic` for what comes piece by piece: `fill` is given the stream of the temporary file, and ends it. */
export async function streamAtomic(path: string, fill: (file: Writable) => Promise<void>): Promise<void> {
  const temporary = temporaryBeside(path);
  try {
    await fill(createWriteStream(temporary, { flags: 'wx', flush: true }));
    renameSync(temporary, path);
  } finally {
    rmSync(temporary, { force: true });
  }
  syncFolderOf(path);
}

/** Text of a file, or null when there is none. Other failures are thrown. */
export function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Renames a file and makes the new name durable. */
export function renameDurably(from: string, to: string): void {
  renameSync(from, to);
  syncFolderOf(to);
}

/**
 * Text of a file a person named, without the byte order mark some editors put before it. BAD_INPUT when it cannot be read,
 * has more than `most` bytes, is UTF-16, or is no text in UTF-8.
 */
export function readText(file: string, most = Infinity): string {
  const bytes = readInput(file, most);
  if (isUtf16(bytes)) throw new OutpostError('BAD_INPUT', sentence('files.utf16', { file }));
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new OutpostError('BAD_INPUT', sentence('files.no_utf8', { file }), { cause });
  }
}

/** BAD_INPUT saying of a file a person named why it cannot be read, as far as that is known. */
function unreadable(file: string, cause: unknown): OutpostError {
  const { code } = cause as NodeJS.ErrnoException;
  const why =
    code === 'ENOENT' ? 'files.no_such_file' : code === 'EISDIR' ? 'files.is_folder' : 'files.file_cannot_read';
  return new OutpostError('BAD_INPUT', sentence(why, { file }), { cause });
}

/** Throws BAD_INPUT for a file a person named that is not there or is a folder, before it is opened elsewhere. */
export function requireReadable(file: string): void {
  let isFolder: boolean;
  try {
    isFolder = statSync(file).isDirectory();
  } catch (cause) {
    throw unreadable(file, cause);
  }
  if (isFolder) throw new OutpostError('BAD_INPUT', sentence('files.is_folder', { file }));
}

/** Bytes of a file a person named; BAD_INPUT when it cannot be read or has more than `most`. */
export function readInput(file: string, most = Infinity): Uint8Array {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (cause) {
    throw unreadable(file, cause);
  }
  if (bytes.length <= most) return bytes;
  throw new OutpostError('BAD_INPUT', sentence('files.larger_than_mb', { file, megabytes: most / 1024 / 1024 }));
}
