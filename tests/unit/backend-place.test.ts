import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hasMoved, placeOf } from '../../electron/backend/store/place.ts';
import type { KeyValues } from '../../electron/backend/types.ts';

let folder = '';
let mark = '';
let keyValues: KeyValues;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-place-'));
  mark = join(folder, 'machine-id');
  writeFileSync(join(folder, 'outpost.db'), 'x');
  const values = new Map<string, unknown>();
  keyValues = { get: (key) => values.get(key) ?? null, set: (key, value) => void values.set(key, value) };
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const moved = (): boolean => hasMoved(keyValues, placeOf(folder, join(folder, 'outpost.db'), mark));

describe('where a database lives', () => {
  test.each([
    ['missing', () => undefined],
    ['no file', () => mkdirSync(mark)],
    ['empty', () => writeFileSync(mark, '\n')],
    ['not made yet', () => writeFileSync(mark, 'uninitialized\n')],
  ])('is told without the mark of a machine when that is %s', (_, make) => {
    make();
    expect(placeOf(folder, join(folder, 'outpost.db'), mark).machine).toBeNull();
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
});
