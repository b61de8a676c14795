import { majorUnits, minorDigits } from '../../shared/currency/minor-units.ts';
import type { Money } from '../../shared/domain/money.ts';
import { sentence, type Sentence } from '../../shared/language/sentence.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** Whole per cent of a probability, 0 to 100. */
export function percent(share: number): number {
  return Math.round(share * 100);
}

/** A score in whole per cent, 1 to 99: no score is a certainty. */
export function scorePercent(score: number): number {
  return Math.min(99, Math.max(1, percent(score)));
}

/** A score as text, `74 %`; never more certain than {@link scorePercent}. */
export function scoreText(score: number): Sentence {
  return percentText(scorePercent(score) / 100, 0);
}

/** One decimal per cent, `5.0 %`, or none; no line breaks before the sign. */
export function percentText(share: number, digits: 0 | 1 = 1): Sentence {
  return digits === 1
    ? sentence('window_format.percent', { value: share })
    : sentence('window_format.percent_whole', { value: share });
}

/** Time passed as a short age: `18 min`, `5 h`, `3 d`. Negative times (a clock set back) count as none. */
export function shortAge(from: number, now: number): Sentence {
  const passed = Math.max(0, now - from);
  if (passed < hour) return sentence('window_format.minutes', { minutes: Math.floor(passed / minute) });
  if (passed < day) return sentence('window_format.hours', { hours: Math.floor(passed / hour) });
  return sentence('window_format.days', { days: Math.floor(passed / day) });
}

/** Time passed in words: `just now`, `12 min ago`, `3 days ago`. */
export function ago(from: number, now: number): Sentence {
  const passed = Math.max(0, now - from);
  if (passed < minute) return sentence('window_format.just_now');
  if (passed < hour) return sentence('window_format.minutes_ago', { minutes: Math.floor(passed / minute) });
  if (passed < day) return sentence('window_format.hours_ago', { hours: Math.floor(passed / hour) });
  return sentence('window_format.days_ago', { days: Math.floor(passed / day) });
}

/** Local calendar date of an instant as `YYYY-MM-DD`. */
export function localDate(instant: number): string {
  const date = new Date(instant);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** Age of a case: by the hour on the day it was taken in, else whole days since it was received. */
export function caseAge(received: string, takenInAt: string, now: number): Sentence {
  const taken = Date.parse(takenInAt);
  if (localDate(taken) === received) return shortAge(taken, now);
  return shortAge(Date.parse(`${received}T00:00:00`), now);
}

/** `3 Mar`, with the year when it is not this one. */
export function dateText(date: string, now: number): Sentence {
  const year = new Date(`${date}T00:00:00`).getFullYear();
  return year === new Date(now).getFullYear()
    ? sentence('window_format.day', { date })
    : sentence('window_format.day_of_year', { date });
}

/** `3 Mar 2026`, for paper. */
export function dayText(date: string): Sentence {
  return sentence('window_format.day_of_year', { date });
}

/** `3 March 2026 at 14:05` in local time, for hovering. */
export function instantText(at: string): Sentence {
  return sentence('window_format.instant', { at });
}

/** Timeline moment: `08:14 today`, `yesterday`, `3 Mar`. */
export function momentText(at: string, now: number): Sentence {
  const date = localDate(Date.parse(at));
  if (date === localDate(now)) return sentence('window_format.today', { at });
  return date === localDate(now - day) ? sentence('window_format.yesterday') : dateText(date, now);
}

/** Minutes left in words: `2 h 38 min`. */
export function durationText(milliseconds: number): Sentence {
  const minutes = Math.max(0, Math.floor(milliseconds / minute));
  return minutes < 60
    ? sentence('window_format.minutes', { minutes })
    : sentence('window_format.hours_minutes', { hours: Math.floor(minutes / 60), minutes: minutes % 60 });
}

/** Major units without the currency, `48,000`. */
export function amountText(money: Money): Sentence {
  return sentence('window_format.amount', { value: majorUnits(money), digits: minorDigits(money.currency) });
}

/** Sign of a currency where people of a locale know one (`₹`, `€`), else its code. */
export function currencySign(locale: string, currency: string): string {
  const options = { style: 'currency', currency, currencyDisplay: 'narrowSymbol' } as const;
  const parts = new Intl.NumberFormat(locale, options).formatToParts(0);
  return parts.find((part) => part.type === 'currency')?.value ?? currency;
}

/** Two initials of a name. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const first = words[0]?.charAt(0) ?? '';
  const last = words.length > 1 ? (words.at(-1)?.charAt(0) ?? '') : '';
  return (first + last).toUpperCase();
}

/** First letter in upper case. */
export function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
