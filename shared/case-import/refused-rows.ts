import { safeCell } from '../encoding/csv-cell.ts';
import type { Language } from '../language/language.ts';
import { inClauses, sentence, type Sentence } from '../language/sentence.ts';

interface RowProblem {
  readonly column: string | null;
  readonly why: Sentence;
}

interface RefusedRow {
  readonly line: number;
  readonly cells: readonly string[];
  readonly problems: readonly RowProblem[];
}

/** Refused rows read at a time. */
const rowsAtATime = 500;

/** Everything that is wrong with a row, each with the column it is about. */
export function refusalText(problems: readonly RowProblem[]): Sentence {
  return inClauses(
    problems.map(({ column, why }) =>
      column === null || 'column' in why.args ? why : sentence('case_import.refused_cell', { column, why }),
    ),
  );
}

/**
 * The refused rows of a file as lines of a CSV file to mend and take in again: their cells, the line they stood on and why
 * they were refused. No cell is run by a spreadsheet. `read` gives rows by line, from behind a line on, some at a time.
 */
export async function refusedLines(
  header: readonly string[],
  read: (after: number, limit: number) => Promise<readonly RefusedRow[]>,
  { say }: Pick<Language, 'say'>,
): Promise<string[][]> {
  const lines = [[...header.map(safeCell), say('case_import.line_header'), say('case_import.why_header')]];
  for (let after = 0; ;) {
    const rows = await read(after, rowsAtATime);
    for (const { cells, line, problems } of rows)
      lines.push([...cells.map(safeCell), String(line), safeCell(say(refusalText(problems)))]);
    const last = rows.at(-1);
    if (last === undefined) return lines;
    after = last.line;
  }
}
