import { OutpostError } from '../../shared/errors/index.ts';
import { dateSchema } from '../../shared/log/event.ts';
import { sentence, type Sentence } from '../../shared/language/sentence.ts';

/** Whether 01/03/2026 begins with the day or with the month. */
type DateOrder = 'day' | 'month';

const yearFirst = /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[T ].*)?$/;
const compact = /^(\d{4})(\d{2})(\d{2})(?:T.*)?$/;
const yearLast = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?:[T ,].*)?$/;

function plain(year: string, month: string, day: string): string | null {
  const text = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return year >= '1900' && year <= '2100' && dateSchema.safeParse(text).success ? text : null;
}

/**
 * Plain date of a cell, as written there, whatever time and zone follow: 2026-03-01, 2026/3/1, 20260301, and 01/03/2026
 * when its order is known. Null for anything else.
 */
export function dayIn(cell: string, order: DateOrder | null = null): string | null {
  const text = cell.trim();
  const [, year, , month, day] = yearFirst.exec(text) ?? [];
  if (year !== undefined) return plain(year, month!, day!);
  const [, y, m, d] = compact.exec(text) ?? [];
  if (y !== undefined) return plain(y, m!, d!);
  const [, first, , second, last] = yearLast.exec(text) ?? [];
  if (last === undefined || order === null) return null;
  return order === 'day' ? plain(last, second!, first!) : plain(last, first!, second!);
}

/** True for a cell that is a date in any form, whatever its order. */
export function isDate(cell: string): boolean {
  return [null, 'day' as const, 'month' as const].some((order) => dayIn(cell, order) !== null);
}

/** Finds out by all dates of a column whether they begin with the day or with the month. */
interface DateOrderWatcher {
  readonly see: (cell: string) => void;
  /** True as soon as a cell was seen whose order matters. */
  readonly matters: () => boolean;
  /** The order and a sentence about it; null when no cell needs one. Throws BAD_INPUT when the cells do not tell. */
  readonly found: () => { readonly order: DateOrder; readonly note: Sentence } | null;
}

/** Starts watching the dates of a column, named by its header. */
export function watchDateOrder(header: string): DateOrderWatcher {
  let [dates, dayFirst, monthFirst] = [0, 0, 0];
  return {
    see(cell) {
      if (!yearLast.test(cell.trim())) return;
      const [day, month] = [dayIn(cell, 'day') !== null, dayIn(cell, 'month') !== null];
      if (day || month) dates += 1;
      if (day && !month) dayFirst += 1;
      if (month && !day) monthFirst += 1;
    },
    matters: () => dates > 0,
    found() {
      if (dates === 0) return null;
      if (dayFirst > 0 && monthFirst > 0) {
        const places = { column: header, first: dayFirst, second: monthFirst };
        throw new OutpostError('BAD_INPUT', sentence('schema.dates_in_both_orders', places));
      }
      if (dayFirst + monthFirst === 0)
        throw new OutpostError('BAD_INPUT', sentence('schema.dates_unclear', { column: header }));
      const order = dayFirst > 0 ? 'day' : 'month';
      return { order, note: sentence('schema.dates_read_as', { column: header, order }) };
    },
  };
}
