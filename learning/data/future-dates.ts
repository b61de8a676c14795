import { lastDayBegun } from '../../shared/domain/last-day.ts';
import { sentence, type Sentence } from '../../shared/language/sentence.ts';

/** Cases dated after today: such a date is mistyped, or the clock is wrong. */
export interface DatedAhead {
  readonly rows: number;
  /** The latest of these dates, as a plain date; null when there are none. */
  readonly latest: string | null;
}

/** Counts plain dates that no place on earth has come to at an instant (milliseconds since 1970). */
export function datedAhead(days: Iterable<string | null>, now: number): DatedAhead {
  const today = lastDayBegun(now);
  let rows = 0;
  let latest: string | null = null;
  for (const day of days) {
    if (day === null || day <= today) continue;
    rows += 1;
    if (latest === null || day > latest) latest = day;
  }
  return { rows, latest };
}

/** What is to be said of cases dated after today. */
export function aheadLines({ rows, latest }: DatedAhead): Sentence[] {
  return latest === null ? [] : [sentence('data.dated_ahead', { n: rows, latest })];
}
