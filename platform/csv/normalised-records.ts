import { CsvError, type CsvErrorCode } from 'csv-parse';
import { csvRecords, type CsvRecord, type RecordOptions } from './records.ts';

/** Code of the error at a cell in a column that the first line does not name; `column` counts from 1. */
export const columnWithoutName = 'COLUMN_WITHOUT_NAME' as CsvErrorCode;

const isBlank = (cell: string | undefined): boolean => cell === undefined || cell.trim() === '';

/** What the first line and the one below it say about the width of a file. */
interface Width {
  /** Cells that count. */
  readonly width: number;
  /** Cells of the first line behind them, which say nothing: separators at the end of lines. */
  readonly trailing: number;
}

function widthOf(first: CsvRecord, second: CsvRecord | undefined): Width {
  const named = first.cells.findLastIndex((cell) => !isBlank(cell)) + 1;
  // A column without a name that holds something is one: whoever reads the rows judges it.
  const width = second?.cells.slice(named).every(isBlank) === false ? first.cells.length : named;
  return { width, trailing: first.cells.length - width };
}

function fitted(record: CsvRecord, { width, trailing }: Width, sameLength: boolean): CsvRecord {
  const { cells, line } = record;
  if (cells.length === width) return record;
  const rest = cells.slice(width);
  // A separator at the end of a line, of every one or of those below the header, begins no further cell.
  if (rest.length > 0 && rest.length <= Math.max(1, trailing) && rest.every(isBlank))
    return { cells: cells.slice(0, width), line };
  const nameless = rest.findIndex((cell) => !isBlank(cell));
  if (nameless !== -1 && nameless < trailing) {
    const where = { lines: line, column: width + nameless + 1 };
    throw new CsvError(columnWithoutName, 'a cell below no name', {} as never, where);
  }
  if (!sameLength) return record;
  const where = { lines: line };
  throw new CsvError('CSV_RECORD_INCONSISTENT_FIELDS_LENGTH', 'a record of another length', {} as never, where);
}

/** True for a row of separators only; in a file of one column an empty line is none. */
function saysNothing({ cells }: CsvRecord): boolean {
  return cells.length > 1 && isBlank(cells[0]) && cells.every(isBlank);
}

/**
 * Records of a CSV text as `csvRecords` gives them, without what says nothing: cells behind a separator at the end of
 * lines, and rows of separators only. The same rule wherever files are read. Throws CsvError for what is no well-formed
 * CSV, for a cell in a column without a name and, with `sameLength`, for a record of another length than the first, which
 * `lines` names.
 */
export async function* normalisedRecords(
  pieces: AsyncIterable<string>,
  options: RecordOptions,
): AsyncGenerator<CsvRecord[]> {
  const { sameLength } = options;
  let held: CsvRecord[] = [];
  let width: Width | null = null;
  for await (const records of csvRecords(pieces, { ...options, sameLength: false })) {
    const whole = [...held, ...records.filter((record) => !saysNothing(record))];
    held = width === null && whole.length < 2 ? whole : [];
    if (whole.length === 0 || held.length > 0) continue;
    width ??= widthOf(whole[0]!, whole[1]);
    const known = width;
    yield whole.map((record) => fitted(record, known, sameLength));
  }
  if (held.length > 0) yield held.map((record) => fitted(record, widthOf(record, undefined), sameLength));
}
