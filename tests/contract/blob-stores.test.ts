import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, expect, it } from 'vitest';
import { folderBlobs } from '../../platform/blobs/folder-blobs.ts';
import { nameByHash, readBlob, saveBlob } from '../../platform/blobs/by-hash.ts';
import { memoryBlobs } from '../support/memory-blobs.ts';
import { blobStoreSuite } from './blob-store-suite.ts';

const folders: string[] = [];
function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'outpost-blobs-'));
  folders.push(folder);
  return folder;
}
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

blobStoreSuite('a folder', () => folderBlobs(join(newFolder(), 'not', 'there', 'yet')));
blobStoreSuite('memory', memoryBlobs);

it('a folder of blobs holds nothing but them, whatever was refused', async () => {
  const folder = newFolder();
  const blobs = folderBlobs(folder);
  await blobs.put('files/one', 'one');
  await expect(blobs.put('files/one', 'two', { sha256: 'a'.repeat(64) })).rejects.toThrow();
  await expect(blobs.put('files/two', Readable.from(['2', '2']), { maxBytes: 1 })).rejects.toThrow();
  expect((readdirSync(folder, { recursive: true }) as string[]).toSorted()).toEqual(['files', 'files/one']);
});

it('a blob that was damaged on the disk is refused by its hash, and mended by saving it again', async () => {
  const folder = newFolder();
  const blobs = folderBlobs(folder);
  const { sha256 } = await saveBlob(blobs, 'a model');
  writeFileSync(join(folder, nameByHash(sha256)), 'another');
  await expect(readBlob(blobs, sha256)).rejects.toMatchObject({ code: 'BAD_DATABASE' });
  await saveBlob(blobs, 'a model');
  expect(Buffer.from(await readBlob(blobs, sha256)).toString()).toBe('a model');
});
