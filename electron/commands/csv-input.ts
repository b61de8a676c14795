import type { Readable } from 'node:stream';
import type { CsvRecord } from '../../platform/csv/records.ts';
import { longestRow, tableRecords } from '../../platform/csv/table.ts';
import { looksLikeModel } from '../../shared/encoding/onnx/index.ts';
import { lookForSeparator, separatorNote } from '../../shared/encoding/csv-separator.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { watchUtf16 } from '../../platform/csv/utf16.ts';
import { sentence, type Sentence } from '../../shared/language/sentence.ts';

/** One row of a CSV file: its cells in file order and the line it ends on (the header is on line 1). */
export type CsvRow = CsvRecord;

function bad(why: Sentence, cause?: unknown): OutpostError {
  return new OutpostError('BAD_CSV', why, { cause });
}

/** UTF-8 text of a byte stream; BAD_CSV for anything else, so that a wrong file is not read as gibberish. */
async function* asText(input: AsyncIterable<Uint8Array | string>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let line = 1;
  const isWide = watchUtf16();
  const decode = (bytes: Uint8Array | undefined): string => {
    try {
      return bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode();
    } catch (cause) {
      throw bad(sentence('csv.no_utf_8', { line }), cause);
    }
  };
  let first = true;
  for await (const chunk of input) {
    if (first && typeof chunk !== 'string' && looksLikeModel(chunk)) throw bad(sentence('csv.is_model'));
    first = false;
    if (typeof chunk !== 'string' && isWide(chunk)) throw bad(sentence('csv.utf_16'));
    const text = typeof chunk === 'string' ? chunk : decode(chunk);
    if (text.includes('\0')) throw bad(sentence('csv.binary'));
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) line += 1;
    yield text;
  }
  yield decode(undefined);
}

/** A CSV file being read. */
interface OpenCsv {
  readonly separator: string;
  /** What is to be said about the separator when it was found out. */
  readonly note: Sentence | null;
  /** The header and all rows, some at a time. Throws BAD_CSV with the line for what is no well-formed CSV. */
  readonly rows: AsyncGenerator<CsvRow[]>;
}

async function* joined(start: string, rest: AsyncGenerator<string>): AsyncGenerator<string> {
  yield start;
  yield* rest;
}

/**
 * Opens a CSV file that comes as a stream, holding only a little of it in memory. `wanted` is the sign between its
 * cells; null: as its first line shows. Throws BAD_CSV when that is no text in UTF-8.
 */
export async function openCsv(input: Readable, wanted: string | null): Promise<OpenCsv> {
  const text = asText(input);
  let start = '';
  let look = lookForSeparator(start);
  while (wanted === null && !look.ended && start.length <= longestRow) {
    const next = await text.next();
    if (next.done === true) break;
    start += next.value;
    look = lookForSeparator(start);
  }
  const separator = wanted ?? look.separator;
  const note = wanted === null ? separatorNote(look) : null;
  return { separator, note, rows: readRows(input, joined(start, text), separator) };
}

async function* readRows(input: Readable, text: AsyncIterable<string>, separator: string): AsyncGenerator<CsvRow[]> {
  try {
    yield* tableRecords(text, separator);
  } finally {
    input.destroy();
  }
}
