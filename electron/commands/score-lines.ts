import { stringify } from 'csv-stringify/sync';
import { safeCell } from '../../shared/encoding/csv-cell.ts';
import type { Verdict } from '../../shared/domain/verdict.ts';
import type { CsvRow } from './csv-input.ts';

/** What is appended to a row. */
export interface ScoredRow {
  readonly score: number;
  readonly verdict: Verdict;
  readonly outside: boolean;
  readonly reasons: readonly string[];
}

/** Turns rows and what is appended to them into text. */
export interface ScoreLines {
  /** What stands before the first row. */
  readonly head: string;
  lines(rows: readonly CsvRow[], scored: readonly ScoredRow[]): string;
}

/** One JSON object a row. `names` are those of the file and those that are appended. */
export function jsonLines(header: readonly string[], names: readonly string[], version: number): ScoreLines {
  return {
    head: '',
    lines(rows, all) {
      const lines = rows.map(({ cells }, i) => {
        const { score, verdict, outside, reasons } = all[i]!;
        const own = header.map((name, at) => [name, cells[at] ?? '']);
        const added = [score, verdict, outside, reasons, version].map((value, at) => [names[at]!, value]);
        return `${JSON.stringify(Object.fromEntries([...own, ...added]))}\n`;
      });
      return lines.join('');
    },
  };
}

/** The row as it came, as CSV, with more cells. `header` as it came too. */
export function csvLines(
  header: readonly string[],
  names: readonly string[],
  version: number,
  separator: string,
): ScoreLines {
  const special = new RegExp(`["\\r\\n\\u${separator.charCodeAt(0).toString(16).padStart(4, '0')}]`);
  // As csv-stringify does, which takes as long for this as all the rest: a cell is quoted when it has to be.
  const cellOf = (cell: string): string => (special.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
  return {
    head: stringify([[...header, ...names]], { delimiter: separator }),
    lines(rows, all) {
      let text = '';
      rows.forEach(({ cells }, i) => {
        const { score, verdict, outside, reasons } = all[i]!;
        // Reasons name columns and values of the file, and such a name may be anything.
        const why = reasons.length === 0 ? '' : cellOf(safeCell(reasons.join('; ')));
        const added = [cellOf(String(score)), verdict, outside ? 'yes' : 'no', why, version];
        text += `${cells.map(cellOf).join(separator)}${separator}${added.join(separator)}\n`;
      });
      return text;
    },
  };
}
