import type { Clock } from './environment.ts';

/** Plain date of the clock's now in its zone, `2026-03-01`. */
export function today(clock: Clock): string {
  // The Swedish form is the ISO one.
  return new Intl.DateTimeFormat('sv-SE', { timeZone: clock.zone(), dateStyle: 'short' }).format(clock.now());
}
