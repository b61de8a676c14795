import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { lockFolder } from '../../../../platform/folder-lock.ts';
import { testBackend } from '../../../support/backend.ts';

const program = join(import.meta.dirname, '../../../support/programs/hold-folder.ts');

describe('one process per data folder', () => {
  let folder = '';
  const children: ChildProcess[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'outpost-lock-'));
  });
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  const holdInChild = async (): Promise<ChildProcess> => {
    const child = spawn(process.execPath, [program, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    await once(child.stdout, 'data');
    return child;
  };

  test('a second one learns who holds the folder, and a kill frees it', async () => {
    const child = await holdInChild();
    expect(() => lockFolder(folder, 1, 0)).toThrow(
      expect.objectContaining({
        code: 'FOLDER_BUSY',
        message: expect.stringMatching(new RegExp(`process ${child.pid}, since 2026-10-05T09:00`)),
      }),
    );
    child.kill('SIGKILL');
    await once(child, 'exit');
    const lock = lockFolder(folder, process.pid, 0);
    expect(statSync(join(folder, 'lock.json')).mode & 0o077).toBe(0);
    lock.release();
    expect(existsSync(join(folder, 'lock.json'))).toBe(false);
  });

  test('a backend refuses a folder in use before it touches anything', async () => {
    await holdInChild();
    await expect(testBackend({ dataDir: folder })).rejects.toThrow(expect.objectContaining({ code: 'FOLDER_BUSY' }));
    expect(existsSync(join(folder, 'vault.json'))).toBe(false);
  });

  test('two backends in one process cannot share a folder either; closing frees it', async () => {
    const first = await testBackend({ dataDir: folder, create: false });
    await expect(testBackend({ dataDir: folder, create: false })).rejects.toThrow(
      expect.objectContaining({ code: 'FOLDER_BUSY' }),
    );
    await first.backend.close();
    const second = await testBackend({ dataDir: folder, create: false });
    await second.dispose();
  });
});
