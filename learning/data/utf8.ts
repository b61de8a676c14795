import { isUtf8 } from 'node:buffer';
import { Transform } from 'node:stream';
import { watchUtf16 } from '../../platform/csv/utf16.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { sentence } from '../../shared/language/sentence.ts';

/** Bytes at the end that may be the beginning of a letter whose rest is still to come: three at most (RFC 3629). */
function unfinished(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!;
    if (byte >= 0xc0) return (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) > back ? back : 0;
    if (byte < 0x80) return 0;
  }
  return 0;
}

/** Hands bytes on as they are; ends with BAD_CSV at the first that is no UTF-8, so that no text is read as gibberish. */
export function requireUtf8(file: string): Transform {
  let rest: Uint8Array = new Uint8Array(0);
  const isWide = watchUtf16();
  const bad = (why: 'data.file_utf_16' | 'data.file_no_utf_8_text'): OutpostError =>
    new OutpostError('BAD_CSV', sentence(why, { file }));
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      // Looked for first: of Latin letters it is well-formed UTF-8 too, with a zero after each.
      if (isWide(chunk)) return done(bad('data.file_utf_16'));
      const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
      const whole = bytes.length - unfinished(bytes);
      rest = bytes.subarray(whole);
      done(isUtf8(bytes.subarray(0, whole)) ? null : bad('data.file_no_utf_8_text'), chunk);
    },
    flush: (done) => done(rest.length > 0 ? bad('data.file_no_utf_8_text') : null),
  });
}
