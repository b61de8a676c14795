import { createReadStream } from 'node:fs';
import { isUtf8 } from 'node:buffer';
import type { CsvRecord } from '../../../platform/csv/records.ts';
import { longestRow, readHeader, tableRecords } from '../../../platform/csv/table.ts';
import { isUtf16 } from '../../../platform/csv/utf16.ts';
import { lookForSeparator } from '../../../shared/encoding/csv-separator.ts';
import { OutpostError } from '../../../shared/errors/index.ts';
import { sentence } from '../../../shared/language/sentence.ts';

/** What the bytes of a text file are written in. */
type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

/** How a CSV file is written: found out from the file itself. */
export interface Dialect {
  readonly encoding: Encoding;
  readonly separator: string;
  readonly header: readonly string[];
}

function wide(start: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  if (!isUtf16(start)) return null;
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be';
  // Without a mark the zeros of Latin letters stand second in little endian, first in big endian.
  return start[0] === 0 ? 'utf-16be' : 'utf-16le';
}

/** Bytes at the end of a piece that may belong to a letter whose rest is in the next one: three at most (RFC 3629). */
const mostUnfinished = 3;

/** The encoding of a file: what its first bytes or all of them say. Windows-1252 is what no UTF-8 can be. */
async function encodingOf(path: string): Promise<Encoding> {
  let rest = Buffer.alloc(0);
  let first = true;
  for await (const piece of createReadStream(path) as AsyncIterable<Buffer>) {
    const found = first ? wide(piece) : null;
    if (found !== null) return found;
    first = false;
    const bytes = Buffer.concat([rest, piece]);
    if (bytes.includes(0)) throw new OutpostError('BAD_CSV', sentence('csv.binary'));
    const cuts = [0, 1, 2, mostUnfinished].filter((cut) => isUtf8(bytes.subarray(0, bytes.length - cut)));
    if (cuts[0] === undefined) return 'windows-1252';
    rest = bytes.subarray(bytes.length - cuts[0]);
  }
  return rest.length > 0 ? 'windows-1252' : 'utf-8';
}

async function* textOf(
  path: string,
  encoding: Encoding,
  onBytes: (bytes: number) => void = () => undefined,
): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding);
  for await (const piece of createReadStream(path) as AsyncIterable<Buffer>) {
    onBytes(piece.length);
    yield decoder.decode(piece, { stream: true });
  }
  yield decoder.decode();
}

async function startOf(path: string, encoding: Encoding): Promise<string> {
  let start = '';
  for await (const piece of textOf(path, encoding)) {
    start += piece;
    if (lookForSeparator(start).ended || start.length > longestRow) break;
  }
  return start;
}

/** Finds out how a CSV file is written. BAD_CSV for what is none, and for one without rows under a header. */
export async function dialectOf(path: string): Promise<Dialect> {
  const encoding = await encodingOf(path);
  const { separator } = lookForSeparator(await startOf(path, encoding));
  for await (const [first] of recordsOf(path, { encoding, separator })) {
    if (first !== undefined) return { encoding, separator, header: readHeader(first) };
  }
  throw new OutpostError('BAD_CSV', sentence('case_import.empty'));
}

/** All records of the file, the header first, some at a time; `onBytes` hears how much is read. BAD_CSV as `tableRecords`. */
export function recordsOf(
  path: string,
  { encoding, separator }: Pick<Dialect, 'encoding' | 'separator'>,
  onBytes?: (bytes: number) => void,
): AsyncGenerator<CsvRecord[]> {
  return tableRecords(textOf(path, encoding, onBytes), separator);
}
