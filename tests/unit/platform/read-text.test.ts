import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readText } from '../../../platform/files.ts';
import { saying } from '../../support/saying.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-text-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(bytes: Uint8Array): string {
  const path = join(folder, 'text');
  writeFileSync(path, bytes);
  return path;
}

it('reads options and secrets without the mark some editors put before them', () => {
  expect(readText(file(Buffer.from('\ufeff{"l2": 1}')))).toBe('{"l2": 1}');
});

it('refuses UTF-16 and other bytes in words, and what is too large', () => {
  expect(() => readText(file(Buffer.from('\ufeffsecret', 'utf16le')))).toThrow(
    saying('is a text in UTF-16. Save it as UTF-8'),
  );
  expect(() => readText(file(Buffer.from('{"l2": 1}', 'utf16le')))).toThrow(saying('is a text in UTF-16'));
  expect(() => readText(file(new Uint8Array([0xe9, 0x20])))).toThrow(saying('is no text in UTF-8'));
  expect(() => readText(file(Buffer.from('ab')), 1)).toThrow(saying('is larger than'));
  expect(() => readText(join(folder, 'none'))).toThrow(saying('cannot be read'));
});
