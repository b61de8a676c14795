import { on } from 'node:events';
import { Readable } from 'node:stream';
import { CsvError, parse, type Parser } from 'csv-parse';

/** One record of a CSV file: its cells in file order and the line it ends on (the first is line 1). */
export interface CsvRecord {
  readonly cells: readonly string[];
  readonly line: number;
}

export interface RecordOptions {
  /** The sign between cells. */
  readonly separator: string;
  /** Whether a record of another length than the first is an error. */
  readonly sameLength: boolean;
  /** Longest record in characters; also what an unclosed quote can make us hold. */
  readonly longest?: number;
}

/** Where plain reading stands: at the beginning of a record. */
interface Place {
  /** The first record; null before it. */
  first: readonly string[] | null;
  /** What ends lines, as the first one shows; null before that. */
  ending: string | null;
  /** Line that the next record begins on. */
  line: number;
}

/** Characters of an unfinished line that are held before csv-parse is to see to it. */
const mostHeld = 1_000_000;

function optionsOf({ separator, sameLength, longest = 0 }: RecordOptions) {
  const [delimiter, relax_column_count] = [separator, !sameLength];
  return { delimiter, info: true, skip_empty_lines: true, relax_column_count, max_record_size: longest };
}

/** All records that have been parsed by now. */
function parsed(parser: Parser, offset: number): CsvRecord[] {
  const records: CsvRecord[] = [];
  for (;;) {
    const next = parser.read() as { record: string[]; info: { lines: number } } | null;
    if (next === null) return records;
    records.push({ cells: next.record, line: next.info.lines + offset });
  }
}

async function* joined(start: string, rest: AsyncIterator<string>): AsyncGenerator<string> {
  yield start;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

/** Reads the rest of a file with csv-parse, which is told the first record again: it sets what the others have to be. */
async function* parseFrom(
  place: Place,
  start: string,
  rest: AsyncIterator<string>,
  options: RecordOptions,
): AsyncGenerator<CsvRecord[]> {
  const head = place.first === null ? '' : `${place.first.join(options.separator)}${place.ending ?? '\n'}`;
  const offset = place.line - (place.first === null ? 1 : 2);
  let told = place.first === null;
  // What ends lines has been seen unless this is the beginning.
  const ending = place.line > 1 && place.ending !== null ? { record_delimiter: [place.ending] } : {};
  const parser = parse({ ...optionsOf(options), ...ending });
  const text = Readable.from(joined(head + start, rest));
  text.on('error', (error) => parser.destroy(error));
  text.pipe(parser);
  try {
    for await (const _ of on(parser, 'readable', { close: ['end', 'close'] })) {
      const records = parsed(parser, offset);
      if (!told && records.length > 0) told = records.shift() !== undefined;
      if (records.length > 0) yield records;
    }
  } catch (error) {
    if (error instanceof CsvError && typeof error['lines'] === 'number') error['lines'] += offset;
    throw error;
  } finally {
    text.destroy();
    parser.destroy();
  }
}

/** What ends the lines of a text that begins with one; null when no line ends in it. */
function endingOf(text: string): string | null {
  const at = text.indexOf('\n');
  if (at === -1) return null;
  return text[at - 1] === '\r' ? '\r\n' : '\n';
}

/** Whether no line break and no cell of a text is other than it seems: without quotes, and all breaks like the first. */
function isPlain(text: string, ending: string, ended: boolean): boolean {
  if (text.includes('"')) return false;
  if (ending === '\n') return !text.includes('\r');
  return !/\r(?!\n|$)|(?<!\r)\n/.test(text) && !(ended && text.endsWith('\r'));
}

/** The lines of a text that end in it, and what follows them. */
function linesOf(text: string, ending: string): { lines: string[]; rest: string } {
  const bytes = Buffer.from(text);
  const encoding = bytes.length === text.length ? 'latin1' : 'utf8';
  const lines: string[] = [];
  let start = 0;
  for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, start)) {
    // Copied: a cell that somebody keeps would keep the whole text otherwise.
    lines.push(bytes.toString(encoding, start, end + 1 - ending.length));
    start = end + 1;
  }
  return { lines, rest: bytes.toString(encoding, start) };
}

/** The records of whole lines; null when one of them is for csv-parse to judge. */
function plainRecords(lines: readonly string[], place: Place, options: RecordOptions): CsvRecord[] | null {
  const { separator, sameLength, longest = Infinity } = options;
  const records: CsvRecord[] = [];
  let { first, line } = place;
  for (const text of lines) {
    if (text !== '') {
      const cells = text.split(separator);
      first ??= cells;
      // What is nearly too long is for csv-parse to measure: it counts bytes in places.
      if (3 * text.length > longest || (sameLength && cells.length !== first.length)) return null;
      records.push({ cells, line });
    }
    line += 1;
  }
  Object.assign(place, { first, line });
  return records;
}

/** The text without the byte order mark it may begin with. */
async function* unmarked(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let begun = false;
  for await (const piece of pieces) {
    if (piece === '') continue;
    yield !begun && piece.startsWith('\uFEFF') ? piece.slice(1) : piece;
    begun = true;
  }
}

/**
 * Records of a CSV text that comes in pieces, some at a time, exactly as csv-parse gives them. Most files are lines of
 * cells without a quote: those are split, which takes a fifth of the time; from the first piece on that has anything
 * else csv-parse reads. Empty lines are skipped. Throws CsvError for what is no well-formed CSV.
 */
export async function* csvRecords(pieces: AsyncIterable<string>, options: RecordOptions): AsyncGenerator<CsvRecord[]> {
  const source = unmarked(pieces);
  const place: Place = { first: null, ending: null, line: 1 };
  let rest = '';
  try {
    for (let ended = false; !ended;) {
      const next = await source.next();
      ended = next.done === true;
      const text = next.done === true ? rest : rest + next.value;
      place.ending ??= endingOf(text);
      const ending = place.ending ?? '\n';
      const found = linesOf(text, ending);
      const lines = ended && text !== '' ? [text] : found.lines;
      rest = found.rest;
      const plain = isPlain(text, ending, ended) && (ended || rest.length <= mostHeld);
      const records = plain ? plainRecords(lines, place, options) : null;
      if (records === null) return yield* parseFrom(place, text, source, options);
      if (records.length > 0) yield records;
    }
  } finally {
    // Not waited for: it may be waiting for input itself.
    source.return(undefined).catch(() => undefined);
  }
}
