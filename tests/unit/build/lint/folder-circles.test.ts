import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { circlesOf, findCircles, ROOMS } from '../../../../build/lint/folder-circles.ts';

const TOP = join(import.meta.dirname, '../../../..');

describe('folders that import each other', () => {
  test('are found, also when one direction takes only types or starts a program', () => {
    const circle = (back: string): unknown =>
      findCircles(
        new Map([
          ['room/a/one.ts', "import { two } from '../b/two.ts';"],
          ['room/b/two.ts', 'export const two = 2;'],
          ['room/b/three.ts', back],
        ]),
      ).map(({ folders }) => folders);
    const both = [['room/a', 'room/b']];
    expect(circle("import type { One } from '../a/one.ts';")).toEqual(both);
    expect(circle("new Worker(new URL('../a/one.ts', import.meta.url))")).toEqual(both);
    expect(circle("await import('../a/one.ts')")).toEqual(both);
    expect(circle("export { one } from '../a/one.ts';")).toEqual(both);
    expect(circle("import { two } from './two.ts';")).toEqual([]);
  });

  it.each(ROOMS)('there are none in %s', (room) => {
    expect(circlesOf(TOP, room).map(({ imports }) => imports)).toEqual([]);
  });
});
