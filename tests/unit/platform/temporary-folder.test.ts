import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { temporaryFolder } from '../../../platform/temporary-folder.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'outpost-sweep-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

it('what a killed program left is swept at the next start, what belongs to others is not', () => {
  const kept = ['outpost-demo-7-abc', 'outpost-releases-8-abc', 'outpost-demo-notes', 'somebody-8-abc'];
  for (const name of [...kept, 'outpost-demo-8-abc', 'outpost-demo-9-abc']) {
    mkdirSync(join(dir, name));
    writeFileSync(join(dir, name, 'case.txt'), 'words of a resident');
  }
  const made = temporaryFolder('demo', { dir, pid: 10, isRunning: (pid) => pid === 7 });
  expect(existsSync(made)).toBe(true);
  expect(
    readdirSync(dir)
      .filter((name) => join(dir, name) !== made)
      .toSorted(),
  ).toEqual(kept.toSorted());
});
