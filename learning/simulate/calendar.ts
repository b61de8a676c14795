import { addDays } from '../../shared/drift/days.ts';

/** Complaints by day of the week from Sunday on, and a slow season: a wave over a quarter. Invented. */
const weekday = [0.35, 1.25, 1.2, 1.1, 1.1, 1.05, 0.6] as const;
const wave = { height: 0.12, days: 91 } as const;

/** Day of the week, 0 Sunday to 6 Saturday. */
export function weekdayOf(day: string): number {
  return new Date(`${day}T00:00:00Z`).getUTCDay();
}

/** Cases per day in proportion to the day of the week and the season; the counts sum to `cases` exactly. */
export function* dailyCounts(cases: number, from: string, days: number): Generator<{ day: string; count: number }> {
  const weights = Array.from({ length: days }, (_, i) => {
    return weekday[weekdayOf(addDays(from, i))]! * (1 + wave.height * Math.sin((2 * Math.PI * i) / wave.days));
  });
  const total = weights.reduce((a, b) => a + b, 0);
  let [sum, given] = [0, 0];
  for (const [i, weight] of weights.entries()) {
    sum += weight;
    const due = i === days - 1 ? cases : Math.round((cases * sum) / total);
    yield { day: addDays(from, i), count: due - given };
    given = due;
  }
}
