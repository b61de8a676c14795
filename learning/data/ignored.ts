import { isUnknownCell } from '../../shared/encoding/unknown-spellings.ts';
import { sentence, type Sentence } from '../../shared/language/sentence.ts';
import { isDate } from '../schema/dates.ts';

/** Different values from which a column may name whom cases are of; so many are counted at most. */
const fewest = 20;
const most = 1_000_000;
/** Rows to a value: with fewer it repeats too little to matter, with more it is a place or a kind rather than a name. */
const rowsToAValue = { above: 2, upTo: 50 };

/** Watches columns that are left out for values that come again and again, as the names of customers do. */
export function watchIgnored(header: readonly string[], ignored: readonly string[]) {
  const watched = ignored.map((name) => ({
    name,
    at: header.indexOf(name),
    values: new Set<string>(),
    rows: 0,
    dates: true,
  }));
  return {
    see(cells: readonly string[]): void {
      for (const one of watched) {
        const cell = cells[one.at]?.trim() ?? '';
        if (isUnknownCell(cell) || one.values.size > most) continue;
        one.rows += 1;
        one.dates &&= isDate(cell);
        one.values.add(cell);
      }
    },
    /** A sentence for each such column. */
    notes: (): Sentence[] =>
      watched
        .filter(({ values, rows, dates }) => {
          const each = rows / values.size;
          const names = values.size >= fewest && values.size <= most && !dates;
          return names && each > rowsToAValue.above && each <= rowsToAValue.upTo;
        })
        .map(({ name, values, rows }) =>
          sentence('data.names_left_out', { name, values: values.size, each: (rows / values.size).toFixed(1) }),
        ),
  };
}
