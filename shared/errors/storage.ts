import { OutpostError } from './index.ts';
import { sentence } from '../language/sentence.ts';

// The third is how SQLite says that the index of its write-ahead file found no room, the last is PostgreSQL's.
/** Why a path cannot be written to. */
type WrongPlace = 'folder' | 'file_in_path' | 'taken' | 'forbidden';

const full = new Set(['ENOSPC', 'EDQUOT', 'SQLITE_IOERR_SHMSIZE', 'SQLITE_FULL', '53100']);
const readOnly = new Set(['EROFS', 'SQLITE_READONLY', 'SQLITE_READONLY_DBMOVED', 'SQLITE_READONLY_DIRECTORY']);
const wrongPlace: Readonly<Record<string, WrongPlace>> = {
  EISDIR: 'folder',
  ENOTDIR: 'file_in_path',
  EEXIST: 'taken',
  EACCES: 'forbidden',
  EPERM: 'forbidden',
};

interface SystemError {
  readonly code: string;
  readonly path: string | null;
}

function systemErrorOf(error: unknown): SystemError | null {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return null;
  return { code: error.code, path: 'path' in error && typeof error.path === 'string' ? error.path : null };
}

function* causes(error: unknown): Generator<unknown> {
  for (let one = error; one instanceof Error; one = one.cause) yield one;
}

/**
 * What a disk has to do with a failure: DISK_FULL or NOT_WRITABLE with the failure as cause, or null when nothing. A full
 * or read-only disk is found behind errors of ours too, since it is the true cause of what they say.
 */
export function storageFailure(error: unknown): OutpostError | null {
  for (const cause of causes(error)) {
    const found = systemErrorOf(cause);
    if (found === null) continue;
    if (full.has(found.code)) return new OutpostError('DISK_FULL', undefined, { cause: error });
    if (readOnly.has(found.code)) return new OutpostError('NOT_WRITABLE', undefined, { cause: error });
  }
  const own = error instanceof OutpostError ? null : systemErrorOf(error);
  const why = own === null ? undefined : wrongPlace[own.code];
  if (own === null || own.path === null || why === undefined) return null;
  return new OutpostError('NOT_WRITABLE', sentence('errors.path_unusable', { path: own.path, why }), { cause: error });
}
