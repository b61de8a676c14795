import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { beforeEach, describe, expect, it } from 'vitest';
import type { BlobStore } from '../../platform/blobs/blob-store.ts';
import { fileDigest } from '../../platform/file-digest.ts';

const name = 'releases/metadata/1.root.json';
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

async function* piecesOf(bytes: Uint8Array, failAt = Infinity): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += 16_384) {
    if (from >= failAt) throw new Error('the connection was lost');
    yield bytes.subarray(from, from + 16_384);
  }
}

/** What everything that keeps blobs has to do. `open` gives an empty one. */
export function blobStoreSuite(what: string, open: () => BlobStore): void {
  describe(`blobs in ${what}`, () => {
    let blobs: BlobStore;
    beforeEach(() => {
      blobs = open();
    });
    const opened = async (...args: Parameters<BlobStore['open']>): Promise<{ bytes: string; length: number }> => {
      const { stream, length } = await blobs.open(...args);
      return { bytes: text(await buffer(stream)), length };
    };

    it('come back as they were put, whether as text, bytes or a stream, and say what they are', async () => {
      const large = randomBytes(300_000);
      for (const [bytes, put] of [
        [Buffer.from('héllo'), 'héllo'],
        [large, large],
        [large, Readable.from(piecesOf(large))],
        [Buffer.alloc(0), ''],
      ] as const) {
        expect(await blobs.put(name, put)).toEqual(fileDigest(bytes));
        expect(Buffer.compare(await blobs.get(name), bytes)).toBe(0);
        expect(await blobs.size(name)).toBe(bytes.length);
      }
    });

    it('are kept under their own names', async () => {
      await blobs.put('files/ab/one', 'one');
      await blobs.put('files/ab/two', 'two');
      expect([text(await blobs.get('files/ab/one')), text(await blobs.get('files/ab/two'))]).toEqual(['one', 'two']);
    });

    it('that are not there are NOT_FOUND, and have no size', async () => {
      await blobs.put('files/ab/one', 'one');
      for (const missing of [name, 'files', 'files/ab', 'files/ab/one/more']) {
        await expect(blobs.get(missing), missing).rejects.toMatchObject({ code: 'NOT_FOUND' });
        await expect(blobs.get(missing, 'a'.repeat(64)), missing).rejects.toMatchObject({ code: 'NOT_FOUND' });
        await expect(blobs.open(missing), missing).rejects.toMatchObject({ code: 'NOT_FOUND' });
        expect(await blobs.size(missing), missing).toBeNull();
      }
    });

    it('have no name that leads elsewhere', async () => {
      const bad = [
        '',
        '/',
        '../up',
        'a/../../up',
        '/etc/passwd',
        'a//b',
        'a/',
        '.hidden',
        'a/.hidden',
        'A',
        'a\\b',
        'ü',
      ];
      for (const one of bad) {
        await expect(blobs.put(one, 'x'), one).rejects.toMatchObject({ code: 'BAD_INPUT' });
        await expect(blobs.get(one), one).rejects.toMatchObject({ code: 'NOT_FOUND' });
        await expect(blobs.open(one), one).rejects.toMatchObject({ code: 'NOT_FOUND' });
        expect(await blobs.size(one), one).toBeNull();
      }
    });

    it('can be read in part, both ends counted', async () => {
      await blobs.put(name, '0123456789');
      expect(await opened(name)).toEqual({ bytes: '0123456789', length: 10 });
      expect(await opened(name, { start: 0, end: 0 })).toEqual({ bytes: '0', length: 1 });
      expect(await opened(name, { start: 7, end: 9 })).toEqual({ bytes: '789', length: 3 });
      await blobs.put(name, '');
      expect(await opened(name)).toEqual({ bytes: '', length: 0 });
    });

    it('of another hash than expected are refused, and what was there stays', async () => {
      const { sha256 } = await blobs.put(name, 'old');
      await expect(blobs.put(name, 'new', { sha256 })).rejects.toMatchObject({ code: 'BAD_INPUT' });
      await expect(blobs.put(name, Readable.from(['new']), { sha256 })).rejects.toMatchObject({ code: 'BAD_INPUT' });
      await expect(blobs.put('files/other', 'new', { sha256 })).rejects.toMatchObject({ code: 'BAD_INPUT' });
      expect(text(await blobs.get(name))).toBe('old');
      expect(await blobs.size('files/other')).toBeNull();
    });

    it('larger than expected are refused before all of it came, and what was there stays', async () => {
      await blobs.put(name, 'old');
      let asked = 0;
      const endless = Readable.from(
        (function* () {
          for (; asked < 10_000; asked += 1) yield Buffer.alloc(1000);
        })(),
        { objectMode: false },
      );
      await expect(blobs.put(name, endless, { maxBytes: 5000 })).rejects.toMatchObject({ code: 'BAD_INPUT' });
      expect(asked).toBeLessThan(1000);
      expect(text(await blobs.get(name))).toBe('old');
      await blobs.put(name, Buffer.alloc(5000), { maxBytes: 5000 });
      expect(await blobs.size(name)).toBe(5000);
    });

    it('whose stream breaks off are not kept, and what was there stays', async () => {
      await blobs.put(name, 'old');
      const broken = Readable.from(piecesOf(randomBytes(200_000), 100_000));
      await expect(blobs.put(name, broken)).rejects.toThrow('the connection was lost');
      expect(text(await blobs.get(name))).toBe('old');
    });

    it('are checked on reading when their hash is given', async () => {
      const { sha256 } = await blobs.put(name, 'whole');
      expect(text(await blobs.get(name, sha256))).toBe('whole');
      await blobs.put(name, 'damaged');
      await expect(blobs.get(name, sha256)).rejects.toMatchObject({ code: 'BAD_DATABASE' });
    });

    it('are old or new for readers while they are put, never a part', async () => {
      const versions = [0, 1, 2, 3].map((value) => Buffer.alloc(200_000, value));
      await blobs.put(name, versions[0]!);
      let done = false;
      const reading = (async () => {
        const seen: Uint8Array[] = [];
        while (!done) seen.push(await blobs.get(name));
        return seen;
      })();
      for (let i = 0; i < 20; i += 1) await blobs.put(name, Readable.from(piecesOf(versions[i % 4]!)));
      done = true;
      const seen = await reading;
      expect(seen.length).toBeGreaterThan(0);
      for (const bytes of seen) expect(versions.some((one) => Buffer.compare(one, bytes) === 0)).toBe(true);
    });

    it('put at the same time under one name are one of them in the end', async () => {
      const versions = [0, 1, 2, 3, 4, 5].map((value) => Buffer.alloc(100_000, value));
      await Promise.all(versions.map((one) => blobs.put(name, Readable.from(piecesOf(one)))));
      const bytes = await blobs.get(name);
      expect(versions.some((one) => Buffer.compare(one, bytes) === 0)).toBe(true);
    });
  });
}
