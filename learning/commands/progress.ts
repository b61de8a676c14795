import type { CommandIo } from '../../platform/command-io.ts';
import { listed, sentence, type Sentence } from '../../shared/language/sentence.ts';

/** Things that are done one after the other. */
interface Count {
  readonly done: number;
  /** Null: not known. */
  readonly total: number | null;
  readonly of: 'points' | 'steps';
}

/** Says how far something is. */
export interface ProgressLine {
  /** The share done, 0 to 1, and what is counted, if anything, or words for it. */
  readonly show: (share: number, detail?: Count | Sentence) => void;
  /** Takes the line away again. */
  readonly end: () => void;
}

type ProgressIo = Pick<CommandIo, 'stderr' | 'clock' | 'language'>;

/** A run that takes less, in milliseconds, says nothing where nobody looks on. */
const worthSaying = 5000;
/** Where nobody looks on, a line at each quarter, and one at least this often, in milliseconds. */
const longSilence = 30_000;

/** A span of time as people say it: `8 s`, `3 min`, `1 h 20 min`. */
export function spanText(ms: number): Sentence {
  const seconds = Math.round(ms / 1000);
  if (seconds < 100) return sentence('progress.seconds', { seconds });
  const minutes = Math.round(seconds / 60);
  if (minutes < 100) return sentence('progress.minutes', { minutes });
  return sentence('progress.hours', { hours: Math.floor(minutes / 60), minutes: minutes % 60 });
}

function countText({ done, total, of }: Count): Sentence {
  if (total === null) return sentence('progress.count', { done, what: of });
  return sentence('progress.of_total', { done, total, what: of });
}

function stateText(share: number, elapsed: number, detail?: Count | Sentence) {
  const [words, count] = detail === undefined || 'code' in detail ? [detail, undefined] : [countText(detail), detail];
  const rate = count === undefined || count.done === 0 ? null : spanText(elapsed / count.done);
  const left = share > 0 && share < 1 ? spanText((elapsed * (1 - share)) / share) : null;
  return listed([
    ...(words === undefined ? [] : [words]),
    ...(count?.total === null ? [] : [sentence('progress.percent', { percent: Math.floor(100 * share) })]),
    ...(rate === null ? [] : [sentence('progress.each', { span: rate })]),
    ...(left === null ? [] : [sentence('progress.left', { span: left })]),
  ]);
}

function onTerminal({ stderr, clock, language }: ProgressIo, what: Sentence, begun: number): ProgressLine {
  let last = '';
  return {
    show(share, detail) {
      const text = language.say('progress.terminal', { what, state: stateText(share, clock.now() - begun, detail) });
      if (text !== last) stderr.write(`\r\u001B[K${text}`);
      last = text;
    },
    end: () => void (last === '' ? undefined : stderr.write('\r\u001B[K')),
  };
}

function inLines({ stderr, clock, language }: ProgressIo, what: Sentence, begun: number): ProgressLine {
  let [quarter, lastShown] = [0, begun];
  return {
    show(share, detail) {
      const now = clock.now();
      const elapsed = now - begun;
      const reached = Math.floor(4 * share);
      if (share >= 1 || elapsed < worthSaying || (reached <= quarter && now - lastShown < longSilence)) return;
      const state = stateText(share, elapsed, detail);
      stderr.write(`${language.say('progress.line', { what, state, span: spanText(elapsed) })}\n`);
      [quarter, lastShown] = [reached, now];
    },
    end: () => undefined,
  };
}

/**
 * Says on standard error how far `what` is: on a terminal in a line that changes, elsewhere (a pipe, a log) in a line now
 * and then, and not at all when it takes some seconds only. It began now unless another time, in milliseconds, is given.
 */
export function progressLine(io: ProgressIo, what: Sentence, begun = io.clock.now()): ProgressLine {
  const terminal = (io.stderr as { readonly isTTY?: boolean }).isTTY === true;
  return terminal ? onTerminal(io, what, begun) : inLines(io, what, begun);
}
