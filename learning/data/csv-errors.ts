import { CsvError } from 'csv-parse';
import { csvProblem, lineOf } from '../../platform/csv/problems.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { sentence, type Sentence } from '../../shared/language/sentence.ts';

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
    const [line, what] = [lineOf(error), csvProblem(error)];
    const why =
      line === null ? sentence('csv.damaged_rows', { file, what }) : sentence('csv.at_line', { file, line, what });
    return new OutpostError('BAD_CSV', why, { cause: error });
  }
  if (!(error instanceof Error)) return error;
  if (codeOf(error).startsWith('Z_'))
    return new OutpostError('BAD_CSV', sentence('data.file_packed_gzip_damaged', { file }), { cause: error });
  if (!('syscall' in error)) return error;
  return new OutpostError('BAD_INPUT', unreadable(codeOf(error), file), { cause: error });
}
