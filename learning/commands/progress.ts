import type { CommandIo } from '../../platform/command-io.ts';

/** Things that are done one after the other. */
export interface Count {
  readonly done: number;
  /** Null: not known. */
  readonly total: number | null;
  /** In the plural. */
  readonly noun: string;
}

/** Says how far something is. */
export interface ProgressLine {
  /** The share done, 0 to 1, and what is counted, if anything, or words for it. */
  readonly show: (share: number, told?: Count | string) => void;
  /** Takes the line away again. */
  readonly end: () => void;
}

/** A run that takes less, in milliseconds, says nothing where nobody looks on. */
const worthSaying = 5000;
/** Where nobody looks on, a line at each quarter, and one at least this often, in milliseconds. */
const longSilence = 30_000;

/** A span of time as people say it: `8 s`, `3 min`, `1 h 20 min`. */
export function spanText(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 100) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 100 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function stateText(share: number, elapsed: number, told?: Count | string): string {
  const [words, count] = typeof told === 'string' ? [[told], undefined] : [[], told];
  const total = count?.total === null ? '' : ` of ${count?.total}`;
  const counted = count === undefined ? [] : [`${count.done}${total} ${count.noun}`];
  const rate = count === undefined || count.done === 0 ? [] : [`${spanText(elapsed / count.done)} each`];
  const left = share > 0 && share < 1 ? [`about ${spanText((elapsed * (1 - share)) / share)} left`] : [];
  const percent = count?.total === null ? [] : [`${Math.floor(100 * share)} %`];
  return [...words, ...counted, ...percent, ...rate, ...left].join(', ');
}

function onTerminal(io: Pick<CommandIo, 'stderr' | 'clock'>, what: string, begun: number): ProgressLine {
  let last = '';
  return {
    show(share, told) {
      const text = `${what} … ${stateText(share, io.clock.now() - begun, told)}`;
      if (text !== last) io.stderr.write(`\r\u001B[K${text}`);
      last = text;
    },
    end: () => void (last === '' ? undefined : io.stderr.write('\r\u001B[K')),
  };
}

function inLines(io: Pick<CommandIo, 'stderr' | 'clock'>, what: string, begun: number): ProgressLine {
  let [quarter, said] = [0, begun];
  return {
    show(share, told) {
      const now = io.clock.now();
      const reached = Math.floor(4 * share);
      if (share >= 1 || now - begun < worthSaying || (reached <= quarter && now - said < longSilence)) return;
      io.stderr.write(`${what}: ${stateText(share, now - begun, told)}; ${spanText(now - begun)} so far.\n`);
      [quarter, said] = [reached, now];
    },
    end: () => undefined,
  };
}

/**
 * Says on standard error how far `what` is: on a terminal in a line that changes, elsewhere (a pipe, a log) in a line now
 * and then, and not at all when it takes some seconds only. It began now unless another time, in milliseconds, is given.
 */
export function progressLine(
  io: Pick<CommandIo, 'stderr' | 'clock'>,
  what: string,
  begun = io.clock.now(),
): ProgressLine {
  const terminal = (io.stderr as { readonly isTTY?: boolean }).isTTY === true;
  return terminal ? onTerminal(io, what, begun) : inLines(io, what, begun);
}
