import { cellText } from '../../shared/encoding/cell-text.ts';
import type { CsvProblem, CsvReader } from '../../shared/encoding/csv-facts.ts';
import { sentence, type Sentence } from '../../shared/language/sentence.ts';
import { shownTexts } from '../schema/no-numbers.ts';

/** Why a cell is no number, other than that one is out of range. */
const noNumber: ReadonlySet<string> = new Set([
  'cell.no_number',
  'cell.comma',
  'cell.no_comma',
  'cell.percent',
  'cell.currency_in_number',
]);
/** Texts that are counted in one column; a column of more has no usual ones. */
const mostTexts = 20_000;

interface UnreadNumbers {
  readonly see: (problem: CsvProblem, cells: readonly string[]) => void;
  readonly notes: () => Sentence[];
}

/** Counts the texts that stood where a number should, by column. */
export function watchUnreadNumbers(header: readonly string[], { mapped }: CsvReader): UnreadNumbers {
  const columns = new Map<string, Map<string, number>>();
  return {
    see: ({ column, why }, cells) => {
      const at = mapped.get(column);
      if (at === undefined || !noNumber.has(why.code)) return;
      const texts = columns.get(header[at]!) ?? new Map<string, number>();
      const text = cellText(cells[at] ?? '');
      if (texts.has(text) || texts.size < mostTexts) texts.set(text, (texts.get(text) ?? 0) + 1);
      columns.set(header[at]!, texts);
    },
    notes: () =>
      [...columns].flatMap(([column, counted]) => {
        const texts = shownTexts(counted);
        return texts === null ? [] : [sentence('data.no_numbers', { column, texts })];
      }),
  };
}
