import { readFileSync, realpathSync, statSync } from 'node:fs';
import { z } from 'zod';
import type { KeyValues } from '../types.ts';

const placeSchema = z.strictObject({ folder: z.string(), machine: z.string().nullable(), file: z.string() });
/** Where a database file lives: folder, machine (null when it has no readable mark), the file's device and inode. */
export type Place = z.infer<typeof placeSchema>;

/**
 * Mark of the machine. A host name is none, since it may change with the network; without a mark, folder, device and
 * inode have to do, and nobody is kept out of their cases for it.
 */
function machineOf(markFile: string): string | null {
  try {
    const mark = readFileSync(markFile, 'utf8').trim();
    return mark === '' || mark === 'uninitialized' ? null : mark;
  } catch {
    return null;
  }
}

/** Reads the place of a database file that exists; `markFile` holds what tells machines apart, where there is one. */
export function placeOf(dataDir: string, databaseFile: string, markFile = '/etc/machine-id'): Place {
  const { dev, ino } = statSync(databaseFile, { bigint: true });
  return { folder: realpathSync(dataDir), machine: machineOf(markFile), file: `${dev}:${ino}` };
}

/** Compares with the stored place and stores the new one. True when the database was there before and has moved. */
export function hasMoved(keyValues: KeyValues, place: Place): boolean {
  const stored = placeSchema.nullable().parse(keyValues.get('place'));
  // A mark that cannot be read today says nothing, so the one known before stays the one to compare with.
  const machine = place.machine ?? stored?.machine ?? null;
  keyValues.set('place', { ...place, machine });
  if (stored === null) return false;
  const otherMachine = stored.machine !== null && stored.machine !== machine;
  return stored.folder !== place.folder || stored.file !== place.file || otherMachine;
}
