const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** `1 case`, `2 cases`. */
export function plural(count: number, one: string, many: string): string {
  return `${count.toLocaleString('en-GB')} ${count === 1 ? one : many}`;
}

/** Whole per cent of a probability, 0 to 100. */
export function percent(share: number): number {
  return Math.round(share * 100);
}

/** A score in whole per cent, 1 to 99: no score is a certainty. */
export function scorePercent(score: number): number {
  return Math.min(99, Math.max(1, percent(score)));
}

/** One decimal per cent, `5.0 %`. */
export function percentText(share: number, digits = 1): string {
  return `${(share * 100).toFixed(digits)} %`;
}

/** Time passed as a short age: `18 min`, `5 h`, `3 d`. Negative times (a clock set back) count as none. */
export function shortAge(from: number, now: number): string {
  const passed = Math.max(0, now - from);
  if (passed < hour) return `${Math.floor(passed / minute)} min`;
  return passed < day ? `${Math.floor(passed / hour)} h` : `${Math.floor(passed / day)} d`;
}

/** Time passed in words: `just now`, `12 min ago`, `3 days ago`. */
export function ago(from: number, now: number): string {
  const passed = Math.max(0, now - from);
  if (passed < minute) return 'just now';
  if (passed < hour) return `${Math.floor(passed / minute)} min ago`;
  if (passed < day) return `${Math.floor(passed / hour)} h ago`;
  return `${plural(Math.floor(passed / day), 'day', 'days')} ago`;
}

/** Local calendar date of an instant as `YYYY-MM-DD`. */
export function localDate(instant: number): string {
  const date = new Date(instant);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** Age of a case: by the hour on the day it was taken in, else whole days since it was received. */
export function caseAge(received: string, takenInAt: string, now: number): string {
  const taken = Date.parse(takenInAt);
  if (localDate(taken) === received) return shortAge(taken, now);
  return shortAge(Date.parse(`${received}T00:00:00`), now);
}

/** `3 Mar`, with the year when it is not this one. */
export function dateText(date: string, now: number): string {
  const value = new Date(`${date}T00:00:00`);
  const sameYear = value.getFullYear() === new Date(now).getFullYear();
  return value.toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'short',
    ...(sameYear ? {} : { year: 'numeric' }),
  });
}

/** `3 March 2026, 14:05` in local time, for hovering. */
export function instantText(instant: string): string {
  return new Date(instant).toLocaleString('en-GB', { dateStyle: 'long', timeStyle: 'short' });
}

/** Timeline moment: `08:14 today`, `yesterday`, `3 Mar`. */
export function momentText(instant: string, now: number): string {
  const at = new Date(instant);
  const date = localDate(at.getTime());
  if (date === localDate(now)) return `${at.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })} today`;
  return date === localDate(now - day) ? 'yesterday' : dateText(date, now);
}

/** Minutes left in words: `2 h 38 min`. */
export function durationText(milliseconds: number): string {
  const minutes = Math.max(0, Math.floor(milliseconds / minute));
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Major units without the currency, `48,000`. */
export function amountText(minorUnits: number): string {
  const major = minorUnits / 100;
  return major.toLocaleString('en-GB', {
    minimumFractionDigits: Number.isInteger(major) ? 0 : 2,
    maximumFractionDigits: 2,
  });
}

/** Sign of a currency where people know one (`₹`, `€`), else its code. */
export function currencySign(currency: string): string {
  const parts = new Intl.NumberFormat('en-GB', {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
  }).formatToParts(0);
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
