import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findIdle, findUnused, unusedExports } from '../../../../build/lint/unused-exports.ts';

const TOP = join(import.meta.dirname, '../../../..');

/** What nobody takes of `exports` where another file holds `taking`. */
const unused = (exports: string, taking = ''): string[] =>
  findUnused(
    new Map([
      ['room/a.ts', exports],
      ['room/b/b.ts', taking],
    ]),
  )
    .filter(({ file }) => file === 'room/a.ts')
    .map(({ name }) => name);

describe('exports that no other file takes', () => {
  test.each([
    ['export const one = 1;', ['one']],
    ['export async function* rows() {}', ['rows']],
    ['export abstract class Store {}', ['Store']],
    ['export interface Row {}\nexport type Rows = Row[];', ['Row', 'Rows']],
    ['export const { first, second: other } = both;', ['first', 'other']],
    ["export { one, type Two, three as four } from './c.ts';", ['one', 'Two', 'four']],
    ['const hidden = 1;', []],
  ])('are found: %s', (text, names) => {
    expect(unused(text)).toEqual(names);
  });

  test.each([
    ["import { one } from '../a.ts';", ['two']],
    ["import type { one as mine } from '../a.ts';", ['two']],
    ["import {\n  // why\n  one,\n  type two,\n} from '../a.ts';", []],
    ["export { two } from '../a.ts';", ['one']],
    ["export * from '../a.ts';", []],
    ["import * as all from '../a.ts';", []],
    ["await import('../a.ts')", []],
    ["new Worker(new URL('../a.ts', import.meta.url))", []],
    ["import { one } from './a.ts';", ['one', 'two']],
  ])('are not those of %s', (taking, left) => {
    expect(unused('export const one = 1;\nexport const two = 2;', taking)).toEqual(left);
  });

  test.each([
    ['export function part() {}\nconst whole = () => part();', []],
    ['/** As `part` does. */\nexport function part() {} // not part\n', ['part']],
    ["export { part } from './part.ts';", ['part']],
  ])('may be there for tests where their own file works with them: %s', (text, idle) => {
    expect(findIdle(new Map([['room/a.ts', text]])).map(({ name }) => name)).toEqual(idle);
  });

  test('there are none', () => {
    expect(unusedExports(TOP)).toEqual([]);
  });
});
