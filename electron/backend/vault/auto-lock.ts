import type { Clock } from '../types.ts';

/** Locks after a time without calls. */
export interface AutoLock {
  start(minutes: number): void;
  stop(): void;
  touch(): void;
  /** Milliseconds since the epoch, null while stopped. */
  locksAt(): number | null;
}

/** Counts from the last `touch`; `lock` is called once when the time is over. */
export function createAutoLock(clock: Clock, lock: () => void): AutoLock {
  let limitMs: number | null = null;
  let last = 0;
  let timer: { cancel(): void } | null = null;
  const arm = (): void => {
    timer?.cancel();
    if (limitMs === null) return;
    timer = clock.setTimeout(check, Math.max(1, last + limitMs - clock.now()));
  };
  const check = (): void => {
    if (limitMs === null) return;
    // Calls move the deadline without touching the timer, which therefore may ring early.
    if (clock.now() < last + limitMs) return arm();
    limitMs = null;
    lock();
  };
  return {
    start(minutes) {
      limitMs = minutes * 60_000;
      last = clock.now();
      arm();
    },
    stop() {
      limitMs = null;
      timer?.cancel();
      timer = null;
    },
    touch() {
      last = clock.now();
    },
    locksAt: () => (limitMs === null ? null : last + limitMs),
  };
}
