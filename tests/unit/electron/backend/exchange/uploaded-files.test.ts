import { mkdtemp, readdir, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createUploadedFiles } from '../../../../../electron/backend/exchange/uploaded-files.ts';
import { saying } from '../../../../support/saying.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'outpost-exchange-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

describe('the file exchange', () => {
  it('gives back exactly what was saved, under a token that says nothing', async () => {
    const exchange = createUploadedFiles(join(root, 'exchange'));
    const token = await exchange.save(Readable.from([Buffer.from('first '), Buffer.from('second')]), 100);
    expect(token).toMatch(/^[0-9a-f]{32}$/);
    const opened = await exchange.open(token);
    expect(opened.bytes).toBe(12);
    expect((await buffer(opened.stream)).toString()).toBe('first second');
    expect(Buffer.from(await exchange.read(token, 100)).toString()).toBe('first second');
  });

  it('is readable for this user only', async () => {
    const exchange = createUploadedFiles(join(root, 'exchange'));
    const token = await exchange.save([new Uint8Array(3)], 100);
    expect((await stat(join(root, 'exchange'))).mode & 0o777).toBe(0o700);
    expect((await stat(join(root, 'exchange', token))).mode & 0o777).toBe(0o600);
  });

  it('keeps nothing of a file that is too long or whose source breaks off', async () => {
    const exchange = createUploadedFiles(join(root, 'exchange'));
    await expect(exchange.save([new Uint8Array(60), new Uint8Array(60)], 100)).rejects.toMatchObject({
      code: 'BAD_INPUT',
    });
    const broken = (async function* () {
      yield new Uint8Array(5);
      await Promise.resolve();
      throw new Error('cable pulled');
    })();
    await expect(exchange.save(broken, 100)).rejects.toThrow(saying('cable pulled'));
    expect(await readdir(join(root, 'exchange'))).toEqual([]);
  });

  it('never takes a token for a path', async () => {
    await writeFile(join(root, 'secret'), 'x');
    const exchange = createUploadedFiles(join(root, 'exchange'));
    await exchange.save([new Uint8Array(1)], 10);
    for (const token of ['../secret', '..', '', 'a/../../secret', `${'0'.repeat(31)}/`, 'A'.repeat(32)]) {
      await expect(exchange.open(token)).rejects.toMatchObject({ code: 'NOT_FOUND' });
      await expect(exchange.read(token, 10)).rejects.toMatchObject({ code: 'NOT_FOUND' });
      await expect(exchange.remove(token)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    }
  });

  it('sweeps old files, keeps fresh ones, and minds no missing folder', async () => {
    const dir = join(root, 'exchange');
    const exchange = createUploadedFiles(dir);
    expect(await exchange.sweep(1000)).toBe(0);
    const old = await exchange.save([new Uint8Array(1)], 10);
    const fresh = await exchange.save([new Uint8Array(1)], 10);
    await utimes(join(dir, old), new Date(0), new Date(0));
    expect(await exchange.sweep(60_000)).toBe(1);
    await expect(exchange.open(old)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect((await exchange.open(fresh)).bytes).toBe(1);
  });

  it('sweeps on when a file has vanished since the folder was listed', async () => {
    const dir = join(root, 'exchange');
    const exchange = createUploadedFiles(dir);
    const old = await exchange.save([], 1);
    await utimes(join(dir, old), new Date(0), new Date(0));
    // A name that is listed and leads nowhere, as each one does whose file another sweep deletes in between.
    await symlink(join(root, 'gone'), join(dir, '0'.repeat(32)));
    expect(await exchange.sweep(60_000)).toBe(1);
    await expect(exchange.open(old)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
