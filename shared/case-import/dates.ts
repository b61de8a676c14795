import type { DateOrder } from './mapping.ts';

/** A time of day behind a date, with or without seconds, fractions, `A.M.`, offset or Z. Only the day counts here. */
const time = String.raw`(?:(?:T|,?\s+)\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?\s*(?:[AaPp]\.?[Mm]\.?)?\s*(?:Z|[+-]\d{2}:?\d{2})?)?`;
const yearFirst = new RegExp(String.raw`^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})${time}$`);
const yearLast = new RegExp(String.raw`^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})${time}$`);

function plainDate(year: number, month: number, day: number): string | null {
  const at = new Date(Date.UTC(year, month - 1, day));
  const text = Number.isNaN(at.getTime()) ? '' : at.toISOString().slice(0, 10);
  const wanted = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
  return text === wanted ? text : null;
}

/** What a date with the year last says of the order of its column; null when it says nothing. */
export function orderShown(text: string): DateOrder | null {
  const [, first, second] = yearLast.exec(text.trim()) ?? [];
  if (Number(first) > 12) return 'day_first';
  return Number(second) > 12 ? 'month_first' : null;
}

/** True for a date whose day and month can only be told apart by the order of its column. */
export function needsOrder(text: string): boolean {
  const [, first, second] = yearLast.exec(text.trim()) ?? [];
  return first !== undefined && first !== second;
}

/**
 * The plain date of a cell: `2026-03-01`, `2026-03-01 00:02:35` and, by `order`, `3/1/2026` or `1.3.2026`, with or
 * without a time. Null for anything else, for days no calendar has, and for a date that needs an order when there is none.
 */
export function readDate(text: string, order: DateOrder | null): string | null {
  const iso = yearFirst.exec(text.trim());
  if (iso !== null) return plainDate(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  const [, first, second, year] = yearLast.exec(text.trim()) ?? [];
  if (first === undefined || (order === null && first !== second)) return null;
  const [month, day] = order === 'day_first' ? [second, first] : [first, second];
  return plainDate(Number(year), Number(month), Number(day));
}
