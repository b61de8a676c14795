import { withoutPersonalDigits } from '../../shared/domain/personal-numbers.ts';

/** Values that part sorted numbers into so many groups of the same size. */
function quantiles(sorted: readonly number[], groups: number): number[] {
  return Array.from({ length: groups - 1 }, (_, k) => sorted[Math.floor(((k + 1) * sorted.length) / groups)]!);
}

/** The value that more than half of sorted numbers have, if there is one: it is the middle one. */
function dominating(sorted: readonly number[]): number | null {
  const middle = sorted[Math.floor(sorted.length / 2)]!;
  const same = sorted.lastIndexOf(middle) - sorted.indexOf(middle) + 1;
  return 2 * same > sorted.length ? middle : null;
}

/**
 * Fixed inner edges of bins, at most nine: unique deciles of the sample, as float32, without the smallest value. Where
 * more than half of it is one value, all deciles may be that one: then it has a bin of its own, and the other values
 * are parted into eight groups of the same size.
 */
export function binEdges(sample: readonly number[]): number[] {
  const sorted = sample.toSorted((a, b) => a - b);
  const most = dominating(sorted);
  const rest = sorted.filter((value) => value !== most);
  const above = rest.find((value) => most !== null && value > most);
  const own = most === null ? [] : [most, ...(above === undefined ? [] : [above])];
  const parts = rest.length === 0 ? [] : quantiles(rest, most === null ? 10 : 8);
  const inner = [...new Set([...own, ...parts].map(edgeAt))].filter((edge) => edge > sorted[0]!);
  return inner.length > 0 ? inner.toSorted((a, b) => a - b) : [edgeAt(sorted.at(-1)!)];
}

/** Largest number that float32 holds. */
export const widest = 3.4028234663852886e38;

/** Rows made up around an edge go half as far again: they must fit into float32 too. No edge is somebody's number. */
function edgeAt(value: number): number {
  return Math.fround(withoutPersonalDigits(Math.max(-widest / 2, Math.min(widest / 2, value))));
}
