import { chmodSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { z } from 'zod';
import { OutpostError } from '../shared/errors/index.ts';
import { readIfThere, writeAtomic } from './files.ts';
import { sentence } from '../shared/language/sentence.ts';

const holderSchema = z.strictObject({ pid: z.int(), since: z.iso.datetime({ precision: 3 }) });

/** Held while this process owns the data folder. */
export interface FolderLock {
  release(): void;
}

function holderText(infoFile: string): string {
  const text = readIfThere(infoFile);
  if (text === null) return '';
  try {
    const holder = holderSchema.parse(JSON.parse(text));
    return ` (process ${holder.pid}, since ${holder.since})`;
  } catch (error) {
    // The file is only a help for people; while it is unreadable the lock itself still says the truth.
    if (error instanceof SyntaxError || error instanceof z.ZodError) return '';
    throw error;
  }
}

function isBusy(error: unknown): boolean {
  return (
    error instanceof Database.SqliteError &&
    (error.code.startsWith('SQLITE_BUSY') || error.code.startsWith('SQLITE_LOCKED'))
  );
}

/** Who else may hold a folder, and what to do then. */
export interface FolderHolder {
  readonly name: string;
  readonly wayOut: string;
}

const laptop: FolderHolder = { name: 'Another Outpost', wayOut: 'Use its window, or end it first.' };

/**
 * Takes the data folder for this process. The lock is an open exclusive transaction on a database of its own: the
 * operating system frees it when the process ends in whatever way. FOLDER_BUSY says who holds it.
 */
export function lockFolder(dataDir: string, pid: number, now: number, who = laptop): FolderLock {
  const infoFile = join(dataDir, 'lock.json');
  const file = join(dataDir, 'lock.db');
  const db = new Database(file, { timeout: 200 });
  try {
    db.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    db.close();
    if (!isBusy(cause)) throw cause;
    throw new OutpostError(
      'FOLDER_BUSY',
      sentence('files.folder_in_use', { name: who.name, holder: holderText(infoFile), wayOut: who.wayOut }),
      { cause },
    );
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
