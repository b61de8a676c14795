import { readFileSync, realpathSync, statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { readIfThere, writeAtomic } from '../../../platform/files.ts';
import type { KeyValues } from './key-values.ts';

const seenSchema = z.strictObject({
  folder: z.string(),
  /** Mark of the machine; null when it has none that can be read. */
  machine: z.string().nullable(),
  /** Number of the database file in its file system; null where that gives out new numbers each time it is mounted. */
  inode: z.string().nullable(),
  /** When the file was made, in nanoseconds; null where the file system does not keep it. */
  born: z.string().nullable(),
});

/** Where a database file lives, and which opening its folder has seen last (null when that is not known). */
export type FolderIdentity = z.infer<typeof seenSchema> & { readonly opening: string | null };

const storedSchema = z.union([
  seenSchema.extend({
    /** Openings that the folder may have seen last: a crash may come between storing one here and writing it there. */
    openings: z.array(z.string()),
  }),
  // As earlier versions kept it: device and inode.
  z
    .strictObject({ folder: z.string(), machine: z.string().nullable(), file: z.string() })
    .transform(({ file, ...rest }) => ({ ...rest, inode: file.split(':')[1] ?? null, born: null, openings: [] })),
]);
type Stored = z.infer<typeof seenSchema> & { readonly openings: readonly string[] };

/** FAT and exFAT, as Linux names them: they have no inodes, so numbers are made up at each mount. */
const withoutInodes = new Set([0x4d44, 0x2011bab0]);

/** File in the data folder that holds which opening of the database was the last. */
const openingFile = (dataDir: string): string => join(dataDir, 'opening.json');
const openingSchema = z.strictObject({ opening: z.string() });

/**
 * Mark of the machine. A host name is none, since it may change with the network; without a mark, folder and file have
 * to do, and nobody is kept out of their cases for it.
 */
function machineOf(markFile: string): string | null {
  try {
    const mark = readFileSync(markFile, 'utf8').trim();
    return mark === '' || mark === 'uninitialized' ? null : mark;
  } catch {
    return null;
  }
}

function openingOf(dataDir: string): string | null {
  try {
    const text = readIfThere(openingFile(dataDir));
    return text === null ? null : openingSchema.parse(JSON.parse(text)).opening;
  } catch {
    // Unreadable, it says as little as one that is missing.
    return null;
  }
}

/** Reads the identity of the folder of a database that exists; `markFile` holds what tells machines apart, where there is one. */
export function readFolderIdentity(
  dataDir: string,
  databaseFile: string,
  markFile = '/etc/machine-id',
): FolderIdentity {
  // Not the device: its number is given at each mount, so it changes by a boot, another port or a btrfs subvolume.
  const { ino, birthtimeNs, ctimeNs } = statSync(databaseFile, { bigint: true });
  return {
    folder: realpathSync(dataDir),
    machine: machineOf(markFile),
    inode: withoutInodes.has(Number(statfsSync(dataDir).type)) ? null : String(ino),
    // Where a file system keeps no time of birth, the time of the last change stands in its place.
    born: birthtimeNs > 0n && birthtimeNs !== ctimeNs ? String(birthtimeNs) : null,
    opening: openingOf(dataDir),
  };
}

/** Whether the file is the one it was, wherever its folder has been moved. */
function isSameFile(stored: Stored, now: FolderIdentity): boolean {
  const bornKnown = stored.born !== null && now.born !== null;
  // A number that was freed is soon given out again, to a file that was made later.
  if (bornKnown && stored.born !== now.born) return false;
  if (stored.inode !== null && stored.inode === now.inode) return true;
  const numbered = stored.inode !== null && now.inode !== null;
  return stored.folder === now.folder && (bornKnown || !numbered);
}

/**
 * Compares with the stored identity and stores the new one, with the opening that begins now. True when the database was
 * there before and has been copied or put back: it is another file, on another machine, or not the one this folder saw
 * last. A whole folder that was put back as it was, down to its numbers, is noticed by the registry.
 */
export function hasMoved(keyValues: KeyValues, identity: FolderIdentity, opening: string): boolean {
  const stored: Stored | null = storedSchema.nullable().parse(keyValues.get('place'));
  // A mark that cannot be read today says nothing, so the one known before stays the one to compare with.
  const machine = identity.machine ?? stored?.machine ?? null;
  const { opening: seen, ...rest } = identity;
  keyValues.set('place', { ...rest, machine, openings: [...(seen === null ? [] : [seen]), opening] });
  if (stored === null) return false;
  const otherMachine = stored.machine !== null && stored.machine !== machine;
  const otherMoment = seen !== null && stored.openings.length > 0 && !stored.openings.includes(seen);
  return otherMachine || otherMoment || !isSameFile(stored, identity);
}

/** Notes in the folder which opening it sees now; call it once that one is stored. */
export function noteOpening(dataDir: string, opening: string): void {
  writeAtomic(openingFile(dataDir), JSON.stringify({ opening }), 0o600);
}
