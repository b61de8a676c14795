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

/** Whatever ends a line, in any mix: files are put together from others. */
const lineEndings = ['\r\n', '\n', '\r'];

function optionsOf({ separator, sameLength, longest = 0 }: RecordOptions) {
  return {
    delimiter: separator,
    record_delimiter: lineEndings,
    info: true,
    skip_empty_lines: true,
    relax_column_count: !sameLength,
    max_record_size: longest,
  };
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

/** Reads the rest of a file with csv-parse, which is given the length of the first record: so the others have to be. */
async function* parseFrom(
  place: Place,
  start: string,
  rest: AsyncIterator<string>,
  options: RecordOptions,
): AsyncGenerator<CsvRecord[]> {
  const head =
    place.first === null ? '' : `${place.first.map(() => 'x').join(options.separator)}${place.ending ?? '\n'}`;
  const offset = place.line - (place.first === null ? 1 : 2);
  let firstSeen = place.first === null;
  const parser = parse(optionsOf(options));
  const text = Readable.from(joined(head + start, rest));
  text.on('error', (error) => parser.destroy(error));
  text.pipe(parser);
  try {
    for await (const _ of on(parser, 'readable', { close: ['end', 'close'] })) {
      const records = parsed(parser, offset);
      if (!firstSeen && records.length > 0) firstSeen = records.shift() !== undefined;
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

/** Whether all line breaks of a text are like the first one. */
function isPlain(text: string, ending: string, ended: boolean): boolean {
  if (ending === '\n') return !text.includes('\r');
  return !/\r(?!\n|$)|(?<!\r)\n/.test(text) && !(ended && text.endsWith('\r'));
}

/** The lines of a text; the last one is what follows the last line break. */
function linesOf(text: string, ending: string): string[] {
  const bytes = Buffer.from(text);
  const encoding = bytes.length === text.length ? 'latin1' : 'utf8';
  const lines: string[] = [];
  let start = 0;
  for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, start)) {
    // Copied: a cell that somebody keeps would keep the whole text otherwise.
    lines.push(bytes.toString(encoding, start, end + 1 - ending.length));
    start = end + 1;
  }
  lines.push(bytes.toString(encoding, start));
  return lines;
}

/** Where the quoted cell ends that begins before `from`; -1 when it does not. */
function closingQuote(record: string, from: number): number {
  for (let at = record.indexOf('"', from); at !== -1; at = record.indexOf('"', at + 2))
    if (record[at + 1] !== '"') return at;
  return -1;
}

/** The cells of a record with quotes; null when a quote stands where none belongs. */
function quotedCells(record: string, separator: string): string[] | null {
  const cells: string[] = [];
  for (let at = 0; ;) {
    const quoted = record[at] === '"';
    const close = quoted ? closingQuote(record, at + 1) : -1;
    if (quoted && close === -1) return null;
    const next = quoted ? close + 1 : record.indexOf(separator, at);
    const end = next === -1 ? record.length : next;
    const cell = quoted ? record.slice(at + 1, close).replaceAll('""', '"') : record.slice(at, end);
    if (!quoted && cell.includes('"')) return null;
    cells.push(cell);
    if (end === record.length) return cells;
    if (record[end] !== separator) return null;
    at = end + 1;
  }
}

function isBalanced(text: string): boolean {
  let count = 0;
  for (let at = text.indexOf('"'); at !== -1; at = text.indexOf('"', at + 1)) count += 1;
  return count % 2 === 0;
}

/** A record whose first line has a quote: its text, over as many lines as it takes; null when the lines end before it does. */
function wholeRecord(lines: readonly string[], from: number): { record: string; next: number } | null {
  let record = lines[from]!;
  let next = from + 1;
  for (; !isBalanced(record); next++) {
    if (next === lines.length) return null;
    record += `\n${lines[next]!}`;
  }
  return { record, next };
}

/** Records of whole lines, and how many lines they take: the last ones may begin a record that is not finished. */
interface Found {
  readonly records: CsvRecord[];
  readonly lines: number;
}

/** The records of lines; null when one of them is for csv-parse to judge. */
function recordsOf(lines: readonly string[], place: Place, options: RecordOptions): Found | null {
  const { separator, sameLength, longest = Infinity } = options;
  const records: CsvRecord[] = [];
  let { first } = place;
  let at = 0;
  while (at < lines.length) {
    const plain = !lines[at]!.includes('"');
    const whole = plain ? { record: lines[at]!, next: at + 1 } : wholeRecord(lines, at);
    if (whole === null) break;
    const { record, next } = whole;
    // Within a cell csv-parse counts the two signs of a Windows line break as two lines.
    if (next > at + 1 && place.ending !== '\n') return null;
    if (record !== '') {
      const cells = plain ? record.split(separator) : quotedCells(record, separator);
      if (cells === null) return null;
      first ??= cells;
      // What is nearly too long is for csv-parse to measure: it counts bytes in places.
      if (3 * record.length > longest || (sameLength && cells.length !== first.length)) return null;
      records.push({ cells, line: place.line + next - 1 });
    }
    at = next;
  }
  Object.assign(place, { first, line: place.line + at });
  return { records, lines: at };
}

/** What spreadsheets write into a first line of its own to say what separates cells. */
const separatorLine = /^sep=.?(?=[\r\n]|$)/i;
/** Characters of a byte order mark, such a line and its break. */
const mostBefore = 8;

function withoutMarks(text: string): string {
  return text.replace(/^\uFEFF/, '').replace(separatorLine, '');
}

/** The text without the byte order mark and the line `sep=;` it may begin with; its break stays, so that lines count on. */
async function* unmarked(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let [start, begun] = ['', false];
  for await (const piece of pieces) {
    start += piece;
    if (!begun && start.length < mostBefore) continue;
    yield begun ? piece : withoutMarks(start);
    begun = true;
    start = '';
  }
  if (!begun && start !== '') yield withoutMarks(start);
}

/**
 * Records of a CSV text that comes in pieces of whole letters, some at a time, exactly as csv-parse gives them, in a third of the time.
 * Lines that all end alike are split here, quoted cells included; from the first piece on that has anything else, or a
 * mistake, csv-parse reads. Empty lines are skipped. Throws CsvError for what is no well-formed CSV.
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
      const lines = linesOf(text, ending);
      // The last of them ends with the text only: what follows may belong to it.
      const whole = ended && lines.at(-1) !== '' ? lines : lines.slice(0, -1);
      const found = isPlain(text, ending, ended) ? recordsOf(whole, place, options) : null;
      if (found !== null && found.records.length > 0) yield found.records;
      rest = found === null ? text : lines.slice(found.lines).join(ending);
      // At the end nothing may be open; before it, no more than can be held.
      const isOpen = found !== null && ended && found.lines < whole.length;
      if (found === null || isOpen || rest.length > mostHeld) return yield* parseFrom(place, rest, source, options);
    }
  } finally {
    // Not waited for: it may be waiting for input itself.
    source.return(undefined).catch(() => undefined);
  }
}
