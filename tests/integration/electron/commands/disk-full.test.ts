import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { foreign, OutpostError } from '../../../../shared/errors/index.ts';
import { storageFailure } from '../../../../shared/errors/storage.ts';
import { testBackend, testIntake, type TestBackend } from '../../../support/backend.ts';
import { outpostCommand, anyCommand } from '../../../support/commands.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-full-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string): string => join(folder, name);

describe('a full disk', () => {
  let laptop: TestBackend;
  beforeEach(async () => {
    laptop = await testBackend();
  });
  afterEach(() => laptop.dispose());

  test('says that the case was not saved, keeps what was there, and takes the case once there is space', async () => {
    const { client, backend } = laptop;
    await client.cases.create(testIntake({ reference: 'BEFORE' }));
    await backend.idle();
    const { db } = backend.context.session();
    // SQLite fails with the same code as on a disk that has no block left.
    db.pragma(`max_page_count = ${String(db.pragma('page_count', { simple: true }))}`);
    const narrative = 'word '.repeat(3_900);
    const intake = testIntake({ reference: 'AFTER', narrative });
    await expect(client.cases.create(intake)).rejects.toMatchObject({
      code: 'DISK_FULL',
      message: expect.stringMatching(/was not saved.*Free some space/) as string,
    });
    const page = { show: 'open', search: '', limit: 10, offset: 0 } as const;
    expect((await client.cases.list(page)).rows.map(({ reference }) => reference)).toEqual(['BEFORE']);
    db.pragma('max_page_count = 1000000');
    await client.cases.create(intake);
    expect((await client.cases.list(page)).total).toBe(2);
  });
});

describe('the true cause of what cannot be stored', () => {
  const system = (code: string, path?: string): Error =>
    Object.assign(new Error(`${code}: something`), { code, ...(path !== undefined && { path }) });

  test.each([
    ['ENOSPC', 'DISK_FULL'],
    ['EDQUOT', 'DISK_FULL'],
    ['SQLITE_FULL', 'DISK_FULL'],
    ['SQLITE_IOERR_SHMSIZE', 'DISK_FULL'],
    ['53100', 'DISK_FULL'],
    ['EROFS', 'NOT_WRITABLE'],
    ['SQLITE_READONLY', 'NOT_WRITABLE'],
  ])('%s is found behind errors of ours', (code, expected) => {
    const wrapped = new OutpostError('BAD_DATABASE', foreign('x'), { cause: new Error('y', { cause: system(code) }) });
    expect(storageFailure(wrapped)).toMatchObject({ code: expected, cause: wrapped });
  });

  test('a place that is wrong is named with what to do; other failures are left alone', () => {
    expect(storageFailure(system('EISDIR', '/a/b'))?.message).toBe('/a/b cannot be used: it is a folder. Name a file.');
    expect(storageFailure(system('ENOENT', '/a'))).toBeNull();
    expect(storageFailure(new OutpostError('BAD_INPUT', foreign('x'), { cause: system('EACCES', '/a') }))).toBeNull();
    expect(storageFailure('text')).toBeNull();
  });
});

/** A disk of some kilobytes, where this user may mount one; else why not. */
function smallDisk(place: string): string | null {
  mkdirSync(place);
  const done = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', place], { encoding: 'utf8' });
  return done.status === 0 ? null : 'a small disk (tmpfs) can only be mounted by root on Linux';
}

describe('commands on a full disk', () => {
  test('say so, with the exit code for what could not be written, and leave nothing behind', async ({ skip }) => {
    const cases = at('cases.csv');
    expect(await anyCommand(['simulate', '--cases', '2000', '--seed', '7', '--out', cases])).toMatchObject({
      code: 0,
    });
    const small = at('small');
    const reason = smallDisk(small);
    if (reason !== null) skip(reason);
    try {
      const out = join(small, 'out.csv');
      const full = { code: 2, err: expect.stringContaining('The disk is full.') as string };
      expect(await outpostCommand(['score', cases, '--out', out])).toMatchObject(full);
      expect(readdirSync(small)).toEqual([]);
      expect(await anyCommand(['simulate', '--cases', '2000', '--seed', '7', '--out', out])).toMatchObject(full);
      expect(readdirSync(small)).toEqual([]);
      const runs = ['--runs', join(small, 'runs')];
      const train = ['train', '--data', cases, '--label', 'y', '--out', at('model'), ...runs];
      expect(await anyCommand(train)).toMatchObject(full);
      writeFileSync(at('pass.txt'), 'a long passphrase');
      const init = [
        'init',
        '--folder',
        join(small, 'centre'),
        '--keys',
        at('keys'),
        '--passphrase-file',
        at('pass.txt'),
      ];
      expect((await anyCommand(init)).err).toContain('The disk is full.');
    } finally {
      spawnSync('umount', [small]);
    }
  });
});
