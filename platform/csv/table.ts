import { CsvError } from 'csv-parse';
import { cellText } from '../../shared/encoding/cell-text.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { sentence } from '../../shared/language/sentence.ts';
import { normalisedRecords } from './normalised-records.ts';
import { csvProblem, lineOf } from './problems.ts';
import type { CsvRecord } from './records.ts';

/** Longest row in characters; also what an unclosed quote can make us hold. */
export const longestRow = 1_000_000;

/** The header and all rows of a table, some at a time. BAD_CSV with the line for what is no well-formed CSV or no table. */
export async function* tableRecords(text: AsyncIterable<string>, separator: string): AsyncGenerator<CsvRecord[]> {
  try {
    yield* normalisedRecords(text, { separator, sameLength: true, longest: longestRow });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const why = sentence('csv.cannot_read', { what: csvProblem(error), line: lineOf(error) ?? 0 });
    throw new OutpostError('BAD_CSV', why, { cause: error });
  }
}

/** Column names of a header row; BAD_CSV when one is empty or stands twice. */
export function readHeader({ cells, line }: CsvRecord): string[] {
  const names = cells.map(cellText);
  const empty = names.indexOf('');
  if (empty !== -1) throw new OutpostError('BAD_CSV', sentence('csv.header_without_name', { column: empty + 1, line }));
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new OutpostError('BAD_CSV', sentence('csv.header_twice', { name: twice, line }));
  return names;
}
