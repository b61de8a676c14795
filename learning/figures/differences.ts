import {
  hypergeometricUpperTail,
  normalQuantile,
  upperGamma,
  wilsonWithin,
  type Interval,
} from '../../shared/metrics/index.ts';
import { effectiveCases } from '../statistics/effective-sample-size.ts';
import type { Share } from './shares.ts';

/** How much larger a share is in one part than in the rest. */
interface ShareDifference {
  /** 95 % interval of `part - rest`. */
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  /** One-sided: chance of a difference as large or larger when there is none. */
  readonly p: number;
  /** One-sided: chance of a difference as small or smaller when it is the margin. */
  readonly pMargin: number;
}

/** Chance that a standard normal value is at least `x`. */
function normalUpperTail(x: number): number {
  const tail = 0.5 * upperGamma(0.5, (x * x) / 2);
  return x >= 0 ? tail : 1 - tail;
}

/** Score test of two shares with the effective numbers of cases as counts. */
function scoreTest(difference: number, pooled: number, part: number, rest: number): number {
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / part + 1 / rest));
  return error > 0 ? normalUpperTail(difference / error) : difference > 0 ? 0 : 1;
}

/** A share with the number of cases it tells as much as. */
interface Counted {
  readonly value: number;
  readonly cases: number;
}

/** Interval of a difference that reaches `z` standard errors to either side: the hybrid of two Wilson intervals. */
function hybrid(part: Counted, rest: Counted, z: number): Interval {
  const a = wilsonWithin(part.value, part.cases, z);
  const b = wilsonWithin(rest.value, rest.cases, z);
  const value = a.value - b.value;
  return {
    value,
    low: value - Math.hypot(a.value - a.low, b.high - b.value),
    high: value + Math.hypot(a.high - a.value, b.value - b.low),
  };
}

/**
 * One-sided p-value that the difference is the margin or more: that of the interval which just reaches the margin, so
 * that p is at most 0.025 exactly where the 95 % interval lies within it.
 */
function atMargin(part: Counted, rest: Counted, margin: number): number {
  const below = part.value - rest.value < margin;
  const reaches = (z: number): boolean => {
    const { low, high } = hybrid(part, rest, z);
    return below ? high >= margin : low <= margin;
  };
  let [near, far] = [0, 40];
  for (let i = 0; i < 60; i++) {
    const middle = (near + far) / 2;
    if (reaches(middle)) far = middle;
    else near = middle;
  }
  return below ? normalUpperTail(far) : 1 - normalUpperTail(far);
}

const z95 = normalQuantile(0.975);

/**
 * Compares the shares of two disjoint parts. The interval is the hybrid of two Wilson intervals (Newcombe 1998, method
 * 10); p is exact where hits are binomial (Fisher 1935), else from the score test with effective numbers of cases. Null
 * when a part has no weight.
 */
export function shareDifference(part: Share, rest: Share, margin: number): ShareDifference | null {
  if (!(part.weight > 0 && rest.weight > 0)) return null;
  const counts = [effectiveCases(part), effectiveCases(rest)] as const;
  const own: Counted = { value: part.hitWeight / part.weight, cases: counts[0] };
  const other: Counted = { value: rest.hitWeight / rest.weight, cases: counts[1] };
  const { value: difference, low, high } = hybrid(own, other, z95);
  const pooled = (part.hitWeight + rest.hitWeight) / (part.weight + rest.weight);
  const p =
    part.binomial && rest.binomial
      ? hypergeometricUpperTail(part.hits, part.rows, part.hits + rest.hits, part.rows + rest.rows)
      : scoreTest(difference, pooled, ...counts);
  return { difference, low, high, p, pMargin: atMargin(own, other, margin) };
}

/**
 * What is left of a share when a part of it is taken away. Groups with cases on both sides make the squares too large,
 * and with them the intervals too wide rather than too narrow.
 */
export function without(all: Share, part: Share): Share {
  return {
    rows: all.rows - part.rows,
    hits: all.hits - part.hits,
    weight: Math.max(0, all.weight - part.weight),
    hitWeight: Math.max(0, all.hitWeight - part.hitWeight),
    squares: Math.max(0, all.squares - part.squares),
    hitSquares: Math.max(0, all.hitSquares - part.hitSquares),
    products: Math.max(0, all.products - part.products),
    groups: all.groups - part.groups,
    hitGroups: all.hitGroups - part.hitGroups,
    otherGroups: all.otherGroups - part.otherGroups,
    binomial: all.binomial,
  };
}
