import { addDays, daysBetween } from '../../shared/drift/days.ts';

/** When what happens in the story. All plain dates; weeks begin on Mondays. */
export const plan = {
  trainFrom: '2026-01-05',
  useFrom: '2026-04-06',
  changeAt: '2026-05-11',
  until: '2026-08-10',
  casesPerWeek: 260,
  /** Days the pilot office runs a new release before the others follow. */
  pilotDays: 7,
  /** A laptop without any contact over the roll-out, with cases taken in under the old schema. */
  silentFrom: '2026-05-18',
  silentUntil: '2026-07-20',
} as const;

/** Days of use, oldest first. */
export function daysOfUse(): string[] {
  return Array.from({ length: daysBetween(plan.useFrom, plan.until) }, (_, i) => addDays(plan.useFrom, i));
}

/** A clock that tells the story's time while timers run in real time: nothing waits for days to pass. */
export interface StoryClock {
  now(): number;
  elapsed(): number;
  set(instant: string | number): void;
  advance(ms: number): void;
  zone(): string;
  setTimeout(callback: () => void, ms: number): { cancel(): void };
}

/** A story clock standing at an instant. */
export function storyClock(start: string): StoryClock {
  let now = Date.parse(start);
  return {
    now: () => now,
    // No laptop is left alone for a moment: each would else lock itself whenever the story goes on to the next day.
    elapsed: () => 0,
    set: (instant) => (now = typeof instant === 'number' ? instant : Date.parse(instant)),
    advance: (ms) => (now += ms),
    zone: () => 'Asia/Kolkata',
    setTimeout(callback, ms) {
      const timer = setTimeout(callback, ms);
      timer.unref();
      return { cancel: () => clearTimeout(timer) };
    },
  };
}
