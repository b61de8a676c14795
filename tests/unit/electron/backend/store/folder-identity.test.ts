import {
  appendFileSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  hasMoved,
  noteOpening,
  readFolderIdentity,
  type FolderIdentity,
} from '../../../../../electron/backend/store/folder-identity.ts';
import type { KeyValues } from '../../../../../electron/backend/store/key-values.ts';

let folder = '';
let mark = '';
let values: Map<string, unknown>;
let keyValues: KeyValues;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-place-'));
  mark = join(folder, 'machine-id');
  writeFileSync(join(folder, 'outpost.db'), 'x');
  values = new Map();
  keyValues = { get: (key) => values.get(key) ?? null, set: (key, value) => void values.set(key, value) };
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

let openings = 0;
/** Opens the database of a folder as a session does. */
function moved(at = folder): boolean {
  const opening = `opening ${(openings += 1)}`;
  const answer = hasMoved(keyValues, readFolderIdentity(at, join(at, 'outpost.db'), mark), opening);
  noteOpening(at, opening);
  return answer;
}

describe('where a database lives', () => {
  test.each([
    ['missing', () => undefined],
    ['no file', () => mkdirSync(mark)],
    ['empty', () => writeFileSync(mark, '\n')],
    ['not made yet', () => writeFileSync(mark, 'uninitialized\n')],
  ])('is noticed without the mark of a machine when that is %s', (_, make) => {
    make();
    expect(readFolderIdentity(folder, join(folder, 'outpost.db'), mark).machine).toBeNull();
    expect([moved(), moved()]).toEqual([false, false]);
  });

  test('is another place on another machine, also when the mark could not be read in between', () => {
    writeFileSync(mark, 'a'.repeat(32));
    expect([moved(), moved()]).toEqual([false, false]);
    rmSync(mark);
    expect(moved()).toBe(false);
    writeFileSync(mark, 'b'.repeat(32));
    expect([moved(), moved()]).toEqual([true, false]);
  });

  test('is the same after a boot, on another port or in a btrfs subvolume, where only the device number changes', () => {
    const { dev, ino } = statSync(join(folder, 'outpost.db'), { bigint: true });
    // As a version stored it that compared devices.
    values.set('place', { folder, machine: null, file: `${dev + 7n}:${ino}` });
    expect([moved(), moved()]).toEqual([false, false]);
  });

  test('is the same on a stick that gives its files new numbers at each mount', () => {
    const mounted = (inode: string | null, born: string | null): boolean =>
      hasMoved(keyValues, { folder, machine: null, inode, born, opening: null } satisfies FolderIdentity, 'x');
    expect(mounted('1', '5')).toBe(false);
    expect(mounted('2', '5')).toBe(false);
    expect(mounted(null, null)).toBe(false);
    expect(mounted(null, '5')).toBe(false);
    expect(mounted(null, '6')).toBe(true);
  });

  test('is the same when the folder was moved, and another one for each copy', () => {
    expect(moved()).toBe(false);
    const copy = `${folder}-copy`;
    const elsewhere = `${folder}-moved`;
    cpSync(folder, copy, { recursive: true });
    renameSync(folder, elsewhere);
    try {
      expect([moved(elsewhere), moved(elsewhere)]).toEqual([false, false]);
      expect([moved(copy), moved(copy)]).toEqual([true, false]);
    } finally {
      rmSync(copy, { recursive: true });
      renameSync(elsewhere, folder);
    }
  });

  test('is another one when the file was put back, also where it gets the number of the one before', async () => {
    const file = join(folder, 'outpost.db');
    // Written to later than it was made, as databases are.
    const write = async (): Promise<void> => {
      await setTimeout(20);
      appendFileSync(file, 'x');
    };
    await write();
    expect(moved()).toBe(false);
    copyFileSync(file, `${file}.backup`);
    rmSync(file);
    copyFileSync(`${file}.backup`, file);
    await write();
    expect([moved(), moved()]).toEqual([true, false]);
  });

  test('is another one when an earlier state was written over it, and not after a crash', () => {
    moved();
    const earlier = structuredClone(values.get('place'));
    moved();
    values.set('place', earlier);
    expect([moved(), moved()]).toEqual([true, false]);
    // Stored, but not noted in the folder.
    hasMoved(keyValues, readFolderIdentity(folder, join(folder, 'outpost.db'), mark), 'never noted');
    expect([moved(), moved()]).toEqual([false, false]);
  });
});
