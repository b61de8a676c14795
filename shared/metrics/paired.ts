import { wilson, type Interval } from './binomial.ts';

/** Shares of cases by which of two judges hit them; they sum to 1. */
export interface PairedShares {
  readonly both: number;
  readonly first: number;
  readonly second: number;
  readonly neither: number;
}

/** Correlation of the two judges' hits, continuity-corrected towards 0 where it is positive; 0 when one hits all or none. */
function correlation({ both, first, second, neither }: PairedShares, trials: number): number {
  const product = both * neither - first * second;
  const scale = Math.sqrt((both + first) * (second + neither) * (both + second) * (first + neither));
  if (!(scale > 0)) return 0;
  return (product > 0 ? Math.max(0, product - 1 / (2 * trials)) : product) / scale;
}

/**
 * How much larger the first judge's share of hits is than the second's on the same cases, with its 95 % interval, which
 * has a width also where the two never differ: Newcombe 1998 (Statistics in Medicine 17, 2635), method 10. `trials` is the
 * number of cases, or of equally weighted ones that tell as much; without any the interval is -1 to 1 around NaN.
 */
export function pairedDifference(shares: PairedShares, trials: number): Interval {
  if (!(trials > 0)) return { value: NaN, low: -1, high: 1 };
  const a = wilson(shares.both + shares.first, trials);
  const b = wilson(shares.both + shares.second, trials);
  const phi = correlation(shares, trials);
  const reach = (own: number, other: number): number =>
    Math.sqrt(Math.max(0, own * own - 2 * phi * own * other + other * other));
  const value = shares.first - shares.second;
  return {
    value,
    low: value - reach(a.value - a.low, b.high - b.value),
    high: value + reach(a.high - a.value, b.value - b.low),
  };
}
