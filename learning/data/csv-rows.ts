import { createReadStream, type ReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { cellText } from '../../shared/encoding/cell-text.ts';
import { normalisedRecords } from '../../platform/csv/normalised-records.ts';
import { lookForSeparator, separatorNote } from '../../shared/encoding/csv-separator.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { explainCsv } from './csv-errors.ts';
import { requireUtf8 } from './utf8.ts';
import { listed, sentence, type Sentence, type Text } from '../../shared/language/sentence.ts';

/** One row of a CSV file: its cells in file order, and the line it ends on. */
export interface CsvRow {
  readonly cells: readonly string[];
  readonly line: number;
}

/** How far a file is read. */
interface ReadingState {
  /** Bytes read, of those the file has (packed ones, if it is packed). */
  readonly bytes: number;
  readonly size: number;
  readonly rows: number;
}

/** Looks on while a file is read. */
export interface ReadingWatch {
  /** Reading throws CANCELLED once it is aborted. */
  readonly signal?: AbortSignal;
  /** Called each time reading begins; what it answers is told now and then how far it is. */
  readonly pass?: () => (state: ReadingState) => void;
}

/** Rows from one look to the next. */
const rowsBetween = 2048;

/** Headers as a sentence shows them: the first thirty, cut to 40 letters, without control characters. */
export function shownHeaders(header: readonly string[]): Text {
  const names = header.slice(0, 30).map((name) => name.slice(0, 40).replaceAll(/\p{Cc}|\p{Cf}|\uFFFD/gu, '?'));
  if (header.length === names.length) return listed(names);
  return sentence('data.headers_and_more', { names: listed(names), more: header.length - names.length });
}

function checkHeader(file: string, header: readonly string[]): void {
  const twice = header.find((name, i) => header.indexOf(name) !== i);
  if (twice === '') throw new OutpostError('BAD_CSV', sentence('data.file_columns_without_name_first_line', { file }));
  if (twice !== undefined)
    throw new OutpostError('BAD_CSV', sentence('data.two_columns_of_one_name', { file, name: shownHeaders([twice]) }));
  if (header.length === 1 && /[;\t|]/.test(header[0]!)) {
    throw new OutpostError('BAD_CSV', sentence('data.file_only_one_column', { file }));
  }
}

/** Told by its first two bytes (RFC 1952), whatever the file is called. */
export async function isGzip(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const { bytesRead, buffer } = await handle.read(new Uint8Array(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await handle.close();
  }
}

async function textOf(file: string): Promise<{ input: ReadStream; text: Readable }> {
  const packed = await isGzip(file).catch((error: unknown) => {
    throw explainCsv(error, file);
  });
  const input = createReadStream(file);
  return { input, text: packed ? input.pipe(createGunzip()) : input };
}

/** The sign between the cells of a file, and a sentence about it where it was found out and is worth saying. */
export interface FoundSeparator {
  readonly separator: string;
  readonly note: Sentence | null;
}

/** Most characters of a first line that are looked at. */
const longestHeader = 1_000_000;

/**
 * The sign between the cells of a CSV file: the one that is wanted, else the one its first line shows
 * (`lookForSeparator`). Throws BAD_INPUT when the file cannot be read.
 */
export async function findSeparator(file: string, wanted: string | null = null): Promise<FoundSeparator> {
  if (wanted !== null) return { separator: wanted, note: null };
  const { input, text } = await textOf(file);
  const decoder = new TextDecoder();
  let start = '';
  let look = lookForSeparator(start);
  input.on('error', (error) => text.destroy(error));
  try {
    for await (const chunk of text) {
      start += decoder.decode(chunk as Uint8Array, { stream: true });
      look = lookForSeparator(start);
      if (look.ended || start.length > longestHeader) break;
    }
  } catch (error) {
    throw explainCsv(error, file);
  } finally {
    input.destroy();
  }
  return { separator: look.separator, note: separatorNote(look) };
}

/** To be called at each row. */
async function looker(file: string, input: ReadStream, { signal, pass }: ReadingWatch): Promise<() => void> {
  const { size } = await stat(file);
  const tell = pass?.();
  let rows = 0;
  return () => {
    rows += 1;
    if (rows % rowsBetween !== 0) return;
    if (signal?.aborted === true) throw new OutpostError('CANCELLED', sentence('data.cancelled_while_data_read'));
    tell?.({ bytes: input.bytesRead, size, rows });
  };
}

/**
 * Rows of a CSV file (packed with gzip: unpacked on the way), some hundred at a time, the header first. Rows may have other
 * numbers of cells than the header: that is for the reader to judge. Throws BAD_CSV for a file that is empty, that names a
 * column twice or that is no CSV in UTF-8, BAD_INPUT for one that cannot be read, CANCELLED when the watch says so.
 */
async function* csvBatches(file: string, separator: string, watch: ReadingWatch): AsyncGenerator<CsvRow[]> {
  const { input, text } = await textOf(file);
  const look = await looker(file, input, watch);
  const checked = requireUtf8(file);
  for (const stream of new Set([input, text])) stream.on('error', (error: Error) => checked.destroy(error));
  const pieces = text.pipe(checked).setEncoding('utf8');
  let first = true;
  try {
    for await (const records of normalisedRecords(pieces, { separator, sameLength: false })) {
      records.forEach(look);
      const [header, ...rest] = records;
      if (first && header !== undefined) {
        const cells = header.cells.map(cellText);
        checkHeader(file, cells);
        first = false;
        yield [{ cells, line: header.line }, ...rest];
      } else yield records;
    }
  } catch (error) {
    throw explainCsv(error, file);
  } finally {
    input.destroy();
  }
  if (first) throw new OutpostError('BAD_CSV', sentence('data.file_empty', { file }));
}

/** `csvBatches` one row after the other: for who looks at some of them, and waits in between. */
export async function* csvRows(file: string, separator = ',', watch: ReadingWatch = {}): AsyncGenerator<CsvRow> {
  for await (const batch of csvBatches(file, separator, watch)) yield* batch;
}

/**
 * Hands over the rows below the header: for who looks at all of them, as waiting at each takes longer than reading it.
 * Throws as `csvRows` does.
 */
export async function eachCsvRow(
  file: string,
  separator: string,
  watch: ReadingWatch | undefined,
  take: (row: CsvRow) => void,
): Promise<void> {
  let header = true;
  for await (const batch of csvBatches(file, separator, watch ?? {}))
    for (const row of batch) {
      if (header) header = false;
      else take(row);
    }
}
