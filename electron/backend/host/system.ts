import { randomBytes } from 'node:crypto';
import type { Clock } from '../types.ts';

/** The clock, zone and timers of this machine. Its timers keep no process alive that has nothing else to do. */
export function systemClock(): Clock {
  return {
    now: () => Date.now(),
    zone: () => Intl.DateTimeFormat().resolvedOptions().timeZone,
    setTimeout(callback, ms) {
      const timer = setTimeout(callback, ms);
      timer.unref();
      return { cancel: () => clearTimeout(timer) };
    },
  };
}

/** Random bytes of the operating system. */
export function systemRandom(bytes: number): Uint8Array {
  return new Uint8Array(randomBytes(bytes));
}
