import { CsvError } from 'csv-parse';
import { columnWithoutName } from '../../platform/csv/tidy.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { sentence, type PlainCode, type Sentence } from '../../shared/language/sentence.ts';

/** What is wrong with a CSV file, without any of its contents. */
const problems: Readonly<Record<string, PlainCode>> = {
  CSV_RECORD_INCONSISTENT_COLUMNS: 'csv.ragged',
  CSV_RECORD_INCONSISTENT_FIELDS_LENGTH: 'csv.ragged',
  [columnWithoutName]: 'csv.no_name_first_line',
  CSV_QUOTE_NOT_CLOSED: 'csv.quote_not_closed',
  CSV_INVALID_CLOSING_QUOTE: 'csv.quote_in_cell',
  INVALID_OPENING_QUOTE: 'csv.quote_in_cell_or_no_csv',
};

function unreadable(code: string, file: string): Sentence {
  if (code === 'ENOENT') return sentence('csv.no_such_file', { file });
  return code === 'EISDIR' ? sentence('csv.is_folder', { file }) : sentence('csv.unreadable', { file });
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** An error of reading a CSV file as BAD_CSV or BAD_INPUT with a sentence of our own; any other one as it is. */
export function explainCsv(error: unknown, file: string): unknown {
  if (error instanceof CsvError) {
    const { line } = { line: error['lines'] as unknown };
    const code = problems[error.code];
    const what = code === undefined ? error.code.toLowerCase().replaceAll('_', ' ') : sentence(code);
    const said =
      typeof line === 'number'
        ? sentence('csv.at_line', { file, line, what })
        : sentence('csv.damaged_rows', { file, what });
    return new OutpostError('BAD_CSV', said, { cause: error });
  }
  if (!(error instanceof Error)) return error;
  if (codeOf(error).startsWith('Z_'))
    return new OutpostError('BAD_CSV', sentence('data.file_packed_gzip_damaged', { file }), { cause: error });
  if (!('syscall' in error)) return error;
  return new OutpostError('BAD_INPUT', unreadable(codeOf(error), file), { cause: error });
}
