import { expect, it } from 'vitest';
import { isUtf16, watchUtf16 } from '../../../platform/csv/utf16.ts';

const text = 'asked,contract,größe\nyes,no,3\n';
const wide = (of: string, mark = ''): Buffer[] => {
  const bytes = Buffer.from(`${mark}${of}`, 'utf16le');
  return [bytes, Buffer.from(bytes).swap16()];
};

it('knows UTF-16 by its mark, and without one by the zeros of its letters', () => {
  for (const mark of ['\uFEFF', '']) expect(wide(text, mark).map(isUtf16)).toEqual([true, true]);
  expect(wide('name,Ελλάδα,y\nno,ναι,1\n').map(isUtf16)).toEqual([true, true]);
  expect(isUtf16(Buffer.from(text))).toBe(false);
  expect(isUtf16(Buffer.from('a\0b,c,d\nsome text with a stray zero\n'))).toBe(false);
  expect(isUtf16(new Uint8Array(64))).toBe(false);
  expect(isUtf16(new Uint8Array(0))).toBe(false);
});

it('knows it in pieces of any size', () => {
  for (const size of [1, 2, 3, 7, 300]) {
    for (const [bytes, expected] of [
      ...wide(text).map((of) => [of, true] as const),
      [Buffer.from(text), false] as const,
    ]) {
      const isWide = watchUtf16();
      let last = false;
      for (let at = 0; at < bytes.length; at += size) last = isWide(bytes.subarray(at, at + size));
      expect(last).toBe(expected);
    }
  }
});
