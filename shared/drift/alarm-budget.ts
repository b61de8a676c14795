import { addDays } from './days.ts';
import { logSum } from './e-process.ts';

/** Length of a block, and the number of blocks an alarm budget lasts: two years. */
const blockDays = 28;
const blocks = 26;

/** First days of the blocks of a budget that began on `from`; the first is `from` itself. */
function blockStarts(from: string): string[] {
  return Array.from({ length: blocks }, (_, k) => addDays(from, k * blockDays));
}

/**
 * Evidence gathered from several possible starts: half the stake on everything since `from`, the rest spread evenly over
 * the later blocks, each counting only cases received since it began. A long calm time then does not have to be made up
 * for before a change shows. A weighted mean of e-processes is one again; blocks not yet begun count as 1.
 * `logE(start)` is the evidence from the cases received on or after `start`; `best` is the start where it is strongest.
 */
export function mixedStarts(from: string, to: string, logE: (start: string) => number): { logE: number; best: string } {
  let best = { start: from, value: -Infinity };
  const terms = blockStarts(from).map((start, k) => {
    const weight = k === 0 ? 0.5 : 0.5 / (blocks - 1);
    const value = start > to ? 0 : logE(start);
    // Of stretches with equal evidence the shortest says best when it began.
    if (start <= to && value >= best.value) best = { start, value };
    return Math.log(weight) + value;
  });
  return { logE: logSum(terms), best: best.start };
}
