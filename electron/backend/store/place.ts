import { readFileSync, realpathSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { z } from 'zod';
import type { KeyValues } from '../types.ts';

const placeSchema = z.strictObject({ folder: z.string(), machine: z.string(), file: z.string() });
/** Where a database file lives: folder, machine, and the file's device and inode. */
export type Place = z.infer<typeof placeSchema>;

function machineId(): string {
  try {
    return readFileSync('/etc/machine-id', 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return hostname();
    throw error;
  }
}

/** Reads the place of a database file that exists. */
export function placeOf(dataDir: string, databaseFile: string): Place {
  const { dev, ino } = statSync(databaseFile, { bigint: true });
  return { folder: realpathSync(dataDir), machine: machineId(), file: `${dev}:${ino}` };
}

/** Compares with the stored place and stores the new one. True when the database was there before and has moved. */
export function hasMoved(keyValues: KeyValues, place: Place): boolean {
  const stored = placeSchema.nullable().parse(keyValues.get('place'));
  keyValues.set('place', place);
  return (
    stored !== null &&
    (stored.folder !== place.folder || stored.machine !== place.machine || stored.file !== place.file)
  );
}
