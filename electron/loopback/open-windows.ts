import { sentence, type Sentence } from '../../shared/language/sentence.ts';
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

function duration(ms: number): Sentence {
  return ms >= 60_000 ? sentence('host.minutes', { n: ms / 60_000 }) : sentence('host.seconds', { n: ms / 1000 });
}

/** How long a host waits, for who started it. */
export function howLongItWaits({ arriveMs, leaveMs }: OpenWindowsTimes): Sentence {
  return sentence('host.waits', { arrive: duration(arriveMs), leave: duration(leaveMs) });
}

/** Why a host ends by itself, and what can be done. */
export function whyDeserted(why: Deserted, { arriveMs }: OpenWindowsTimes): Sentence {
  return why === 'never_opened'
    ? sentence('host.never_opened', { arrive: duration(arriveMs) })
    : sentence('host.all_closed');
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
 * is asked then: while it says yes, the wait begins again.
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
