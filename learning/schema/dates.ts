import { OutpostError } from '../../shared/errors/index.ts';
import { dateSchema } from '../../shared/log/event.ts';
import { sentence } from '../../shared/language/sentence.ts';

/** Whether 01/03/2026 begins with the day or with the month. */
export type DateOrder = 'day' | 'month';

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
export interface DateOrderWatcher {
  readonly see: (cell: string) => void;
  /** True as soon as a cell was seen whose order matters. */
  readonly matters: () => boolean;
  /** The order and a sentence about it; null when no cell needs one. Throws BAD_INPUT when the cells do not tell. */
  readonly found: () => { readonly order: DateOrder; readonly note: string } | null;
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
      const wanted = 'Write them with the year first, as in 2026-03-01.';
      if (dayFirst > 0 && monthFirst > 0) {
        const what = `Some dates of ${header} have a day above 12 in the first place (${dayFirst}), others in the second (${monthFirst})`;
        throw new OutpostError('BAD_INPUT', sentence('schema.cells_unreadable', { what, wanted }));
      }
      if (dayFirst + monthFirst === 0) {
        const what = `Whether the dates of ${header} begin with the day or the month cannot be told: no day is above 12`;
        throw new OutpostError('BAD_INPUT', `${what}. ${wanted}`);
      }
      const order = dayFirst > 0 ? 'day' : 'month';
      const form = order === 'day' ? 'day/month/year' : 'month/day/year';
      return { order, note: `Dates of ${header} are read as ${form}: in no other way are all of them dates.` };
    },
  };
}
