import type { Clock } from '../backend/types.ts';

/** How long the host waits for windows, in milliseconds. */
export interface PresenceTimes {
  /** After the start, or after a fresh address was given out. */
  readonly arriveMs: number;
  /** After the last window closed; longer than a reload takes. */
  readonly leaveMs: number;
}

/** Knows whether anybody still looks. A window is one open stream of changes. */
export interface Presence {
  windowOpened(): void;
  windowClosed(): void;
  /** A request that is not a stream begins or ends; while one runs, nobody has left. */
  workBegan(): void;
  workEnded(): void;
  /** An address was given out: somebody is about to come. */
  expectWindow(): void;
  stop(): void;
}

/**
 * Calls `onDeserted` once, when no window has been there for the time given and nothing is being worked on. `isBusy`
 * is asked then: while it says yes, the wait begins anew.
 */
export function watchPresence(
  clock: Pick<Clock, 'setTimeout'>,
  times: PresenceTimes,
  isBusy: () => Promise<boolean>,
  onDeserted: () => void,
): Presence {
  let windows = 0;
  let work = 0;
  let stopped = false;
  let timer: { cancel(): void } | null = null;
  const check = async (): Promise<void> => {
    if (stopped || windows > 0) return;
    if (work > 0 || (await isBusy())) return arm(times.leaveMs);
    // Somebody may have come while the question was open.
    if (stopped || windows > 0) return;
    stopped = true;
    onDeserted();
  };
  const arm = (ms: number): void => {
    timer?.cancel();
    timer = stopped ? null : clock.setTimeout(() => void check(), ms);
  };
  return {
    windowOpened: () => void (windows += 1),
    windowClosed: () => {
      windows -= 1;
      if (windows === 0) arm(times.leaveMs);
    },
    workBegan: () => void (work += 1),
    workEnded: () => void (work -= 1),
    expectWindow: () => arm(times.arriveMs),
    stop: () => {
      stopped = true;
      timer?.cancel();
    },
  };
}
