import { pauseAfterTries } from '../cases/retries.ts';
import type { Clock } from '../../../platform/environment.ts';

/** Failures in a row after which it is not the single case that is at fault. */
const enough = 3;

/**
 * Stops a kind of work for a while (Nygard's circuit breaker, Release It!): what fails at one case after the other fails
 * for another reason, so each further case would only be one more that is given up.
 */
export class CircuitBreaker {
  readonly #clock: Clock;
  #inRow = 0;
  /** In time that has gone by, so that no clock set back makes it longer. */
  #until = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Lets work go on at once. */
  reset(): void {
    this.#inRow = 0;
    this.#until = 0;
  }

  failed(): void {
    this.#inRow += 1;
    if (this.#inRow >= enough) this.#until = this.#clock.elapsed() + pauseAfterTries(this.#inRow - enough + 1);
  }

  /** Something failed that has nothing to do with a case. */
  stopped(): void {
    this.#inRow = Math.max(this.#inRow, enough - 1);
    this.failed();
  }

  /** Milliseconds for which work is still stopped; 0 when it may go on. */
  openFor(): number {
    return Math.max(0, this.#until - this.#clock.elapsed());
  }
}
