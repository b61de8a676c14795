import { CsvError } from 'csv-parse';
import { columnWithoutName } from '../../platform/csv/tidy.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { sentence } from '../../shared/language/sentence.ts';

/** What is wrong with a CSV file, in words and without any of its contents. */
const words: Readonly<Record<string, string>> = {
  CSV_RECORD_INCONSISTENT_COLUMNS: 'a row has more or fewer cells than the header',
  CSV_RECORD_INCONSISTENT_FIELDS_LENGTH: 'a row has more or fewer cells than the header',
  [columnWithoutName]: 'columns without a name in the first line hold something',
  CSV_QUOTE_NOT_CLOSED: 'a quote is opened and never closed',
  CSV_INVALID_CLOSING_QUOTE: 'a quote stands in the middle of a cell',
  INVALID_OPENING_QUOTE: 'a quote stands in the middle of a cell, or it is no CSV at all',
};

const system: Readonly<Record<string, (file: string) => string>> = {
  ENOENT: (file) => `${file} cannot be read: there is no such file.`,
  EISDIR: (file) => `${file} cannot be read: it is a folder. Name a CSV file.`,
};

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** An error of reading a CSV file as BAD_CSV or BAD_INPUT with a sentence of our own; any other one as it is. */
export function explainCsv(error: unknown, file: string): unknown {
  if (error instanceof CsvError) {
    const line = typeof error['lines'] === 'number' ? `line ${error['lines']}: ` : '';
    const what = words[error.code] ?? error.code.toLowerCase().replaceAll('_', ' ');
    return new OutpostError('BAD_CSV', sentence('data.file_no_well_formed_csv_file', { file, line, what }), {
      cause: error,
    });
  }
  if (!(error instanceof Error)) return error;
  if (codeOf(error).startsWith('Z_'))
    return new OutpostError('BAD_CSV', sentence('data.file_packed_gzip_damaged', { file }), { cause: error });
  if (!('syscall' in error)) return error;
  const why = system[codeOf(error)]?.(file) ?? `${file} cannot be read.`;
  return new OutpostError('BAD_INPUT', why, { cause: error });
}
