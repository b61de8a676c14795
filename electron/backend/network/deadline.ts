import { isOutpostError, OutpostError } from '../../../shared/errors/index.ts';
import type { Clock } from '../../../platform/environment.ts';
import { sentence } from '../../../shared/language/sentence.ts';

/** Idle time after which a silent connection counts as cut, in milliseconds. */
const idleMs = 60_000;

/** A signal that fires with `signal`, or with OFFLINE when `touch` is not called for `ms`. */
export interface Deadline {
  readonly signal: AbortSignal;
  touch(): void;
  end(): void;
}

/** Starts a deadline on the given clock; always `end()` it. */
export function startDeadline(clock: Clock, signal: AbortSignal, ms: number = idleMs): Deadline {
  const controller = new AbortController();
  const expire = (): void =>
    controller.abort(new OutpostError('OFFLINE', sentence('network.registry_stopped_answering')));
  let timer = clock.setTimeout(expire, ms);
  return {
    signal: AbortSignal.any([signal, controller.signal]),
    touch() {
      timer.cancel();
      timer = clock.setTimeout(expire, ms);
    },
    end: () => timer.cancel(),
  };
}

/** Turns what `fetch` throws into CANCELLED or OFFLINE; errors of the table pass. */
export function offline(cause: unknown, signal: AbortSignal): OutpostError {
  if (isOutpostError(cause)) return cause;
  return signal.aborted
    ? new OutpostError('CANCELLED', undefined, { cause })
    : new OutpostError('OFFLINE', undefined, { cause });
}
