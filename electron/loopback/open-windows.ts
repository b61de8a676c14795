import type { Clock } from '../../platform/environment.ts';

/** How long the host waits for windows, in milliseconds. */
export interface OpenWindowsTimes {
  /** After the start, or after a fresh address was given out. */
  readonly arriveMs: number;
  /** After the last window closed; longer than a reload takes. */
  readonly leaveMs: number;
}

/** Why nobody looks any more: no window was ever opened, or all that were have closed. */
export type Deserted = 'never_opened' | 'all_closed';

function duration(ms: number): string {
  const [count, unit] = ms >= 60_000 ? [ms / 60_000, 'minute'] : [ms / 1000, 'second'];
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

/** How long a host waits, for who started it. */
export function waitText({ arriveMs, leaveMs }: OpenWindowsTimes): string {
  return `Outpost ends by itself when its address is not opened within ${duration(arriveMs)}, or ${duration(leaveMs)} after the last window closed; --keep makes it stay.`;
}

/** Why a host ends by itself, and what can be done. */
export function desertedText(why: Deserted, { arriveMs }: OpenWindowsTimes): string {
  return why === 'never_opened'
    ? `Outpost ends: nobody opened its address within ${duration(arriveMs)}. Start it again, or with --keep to make it stay.`
    : 'Outpost ends: all its windows were closed.';
}

/** Knows whether anybody still looks. A window is one open stream of changes. */
export interface OpenWindows {
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
 * Calls `onDeserted` once, with why, when no window has been there for the time given and nothing is being worked on. `isBusy`
 * is asked then: while it says yes, the wait begins anew.
 */
export function watchOpenWindows(
  clock: Pick<Clock, 'setTimeout'>,
  times: OpenWindowsTimes,
  isBusy: () => Promise<boolean>,
  onDeserted: (why: Deserted) => void,
): OpenWindows {
  let windows = 0;
  let work = 0;
  let opened = false;
  let stopped = false;
  let timer: { cancel(): void } | null = null;
  const check = async (): Promise<void> => {
    if (stopped || windows > 0) return;
    if (work > 0 || (await isBusy())) return arm(times.leaveMs);
    // Somebody may have come while the question was open.
    if (stopped || windows > 0) return;
    stopped = true;
    onDeserted(opened ? 'all_closed' : 'never_opened');
  };
  const arm = (ms: number): void => {
    timer?.cancel();
    timer = stopped ? null : clock.setTimeout(() => void check(), ms);
  };
  return {
    windowOpened: () => {
      windows += 1;
      opened = true;
    },
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
