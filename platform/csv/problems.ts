import type { CsvError } from 'csv-parse';
import { sentence, type Text } from '../../shared/language/sentence.ts';
import { columnWithoutName } from './normalised-records.ts';

/** What is wrong with a CSV file, without any of its contents; a code of the reader where there is no sentence for it. */
export function csvProblem(error: CsvError): Text {
  switch (error.code) {
    case columnWithoutName:
      return sentence('csv.column_without_name', { column: Number(error['column']) });
    case 'CSV_RECORD_INCONSISTENT_COLUMNS':
    case 'CSV_RECORD_INCONSISTENT_FIELDS_LENGTH':
      return sentence('csv.other_width');
    case 'CSV_QUOTE_NOT_CLOSED':
      return sentence('csv.quote_not_closed');
    case 'CSV_MAX_RECORD_SIZE':
      return sentence('csv.long_row');
    case 'CSV_INVALID_CLOSING_QUOTE':
      return sentence('csv.quote_in_cell');
    case 'INVALID_OPENING_QUOTE':
      return sentence('csv.quote_in_cell_or_no_csv');
    default:
      return error.code.toLowerCase().replaceAll('_', ' ');
  }
}

/** The line a CSV file was found wrong at; null where the reader does not know. */
export function lineOf(error: CsvError): number | null {
  const line: unknown = error['lines'];
  return typeof line === 'number' ? line : null;
}
