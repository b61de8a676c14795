import type { Clock } from '../../../platform/environment.ts';

/** Locks after a time without calls, and after the machine has slept. */
interface AutoLock {
  start(minutes: number): void;
  stop(): void;
  /** Somebody is there: starts counting again, unless the time is over already. */
  touch(): void;
  /** True from the moment the time is over until it is stopped; `lock` has been called then. */
  over(): boolean;
  /** Milliseconds since the epoch, null while stopped. */
  locksAt(): number | null;
}

/** How often it is looked whether the machine has slept, in milliseconds. */
const lookMs = 5_000;
/** What must be missing between two looks to be sleep and not a program that was busy, in milliseconds. */
const sleepMs = 30_000;

/** Counts from the last `touch`; `lock` is called once when the time is over. */
export function createAutoLock(clock: Clock, lock: () => void): AutoLock {
  return new IdleLock(clock, lock);
}

class IdleLock implements AutoLock {
  readonly #clock: Clock;
  readonly #lock: () => void;
  #limitMs: number | null = null;
  #deadline = 0;
  #seen = 0;
  #over = false;
  #timer: { cancel(): void } | null = null;

  constructor(clock: Clock, lock: () => void) {
    this.#clock = clock;
    this.#lock = lock;
  }

  start(minutes: number): void {
    this.stop();
    this.#limitMs = minutes * 60_000;
    this.#seen = this.#clock.elapsed();
    this.#deadline = this.#seen + this.#limitMs;
    this.#arm();
  }

  stop(): void {
    this.#limitMs = null;
    this.#over = false;
    this.#timer?.cancel();
    this.#timer = null;
  }

  touch(): void {
    if (!this.over() && this.#limitMs !== null) this.#deadline = this.#seen + this.#limitMs;
  }

  over(): boolean {
    if (this.#limitMs === null) return this.#over;
    const now = this.#clock.elapsed();
    const slept = now - this.#seen > lookMs + sleepMs;
    this.#seen = now;
    if (!slept && now < this.#deadline) return false;
    this.stop();
    this.#over = true;
    this.#lock();
    return true;
  }

  locksAt(): number | null {
    if (this.#limitMs === null) return null;
    return this.#clock.now() + this.#deadline - this.#clock.elapsed();
  }

  /** Timers stand still while the machine sleeps, so the deadline alone would come hours after waking. */
  #arm(): void {
    const look = (): void => {
      if (!this.over()) this.#arm();
    };
    this.#timer = this.#clock.setTimeout(look, Math.min(lookMs, Math.max(1, this.#deadline - this.#seen)));
  }
}
