import { chmodSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { z } from 'zod';
import { OutpostError } from '../shared/errors/index.ts';
import { readIfThere, writeAtomic } from './files.ts';
import { sentence, type Sentence } from '../shared/language/sentence.ts';

const holderSchema = z.strictObject({ pid: z.int(), since: z.iso.datetime({ precision: 3 }) });

/** Held while this process owns the data folder. */
interface FolderLock {
  release(): void;
}

type Holder = z.infer<typeof holderSchema>;

function holderOf(infoFile: string): Holder | null {
  const text = readIfThere(infoFile);
  if (text === null) return null;
  try {
    return holderSchema.parse(JSON.parse(text));
  } catch (error) {
    // The file is only a help for people; while it is unreadable the lock itself still says the truth.
    if (error instanceof SyntaxError || error instanceof z.ZodError) return null;
    throw error;
  }
}

function isBusy(error: unknown): boolean {
  return (
    error instanceof Database.SqliteError &&
    (error.code.startsWith('SQLITE_BUSY') || error.code.startsWith('SQLITE_LOCKED'))
  );
}

/** Which program may hold a folder besides this one. */
type FolderHolder = 'laptop' | 'registry';

function inUse(who: FolderHolder, holder: Holder | null): Sentence {
  return holder === null
    ? sentence('files.folder_in_use', { who })
    : sentence('files.folder_in_use_by', { who, pid: holder.pid, since: holder.since });
}

/**
 * Takes the data folder for this process. The lock is an open exclusive transaction on a database of its own: the
 * operating system frees it when the process ends in whatever way. FOLDER_BUSY says who holds it.
 */
export function lockFolder(dataDir: string, pid: number, now: number, who: FolderHolder = 'laptop'): FolderLock {
  const infoFile = join(dataDir, 'lock.json');
  const file = join(dataDir, 'lock.db');
  const db = new Database(file, { timeout: 200 });
  try {
    db.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    db.close();
    if (!isBusy(cause)) throw cause;
    throw new OutpostError('FOLDER_BUSY', inUse(who, holderOf(infoFile)), { cause });
  }
  chmodSync(file, 0o600);
  writeAtomic(infoFile, JSON.stringify({ pid, since: new Date(now).toISOString() }), 0o600);
  let held = true;
  return {
    release() {
      if (!held) return;
      held = false;
      rmSync(infoFile, { force: true });
      db.exec('ROLLBACK');
      db.close();
    },
  };
}
