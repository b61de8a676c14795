import { incompleteBeta, inverseIncompleteBeta, logGamma, normalQuantile, normalUpperTail } from './special.ts';

/** A share with the ends of its interval. */
export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Exact interval of a binomial share (Clopper & Pearson 1934); covers at least `level`. Without trials it is 0 to 1
 * around NaN.
 */
export function clopperPearson(successes: number, trials: number, level = 0.95): Interval {
  if (trials === 0) return { value: NaN, low: 0, high: 1 };
  const tail = (1 - level) / 2;
  const low = successes === 0 ? 0 : inverseIncompleteBeta(successes, trials - successes + 1, tail);
  const high = successes === trials ? 1 : inverseIncompleteBeta(successes + 1, trials - successes, 1 - tail);
  return { value: successes / trials, low, high };
}

/** Interval of a share by Wilson's score, for weights that are no counts (`trials` may be fractional). */
export function wilson(value: number, trials: number, level = 0.95): Interval {
  if (trials <= 0) return { value: NaN, low: 0, high: 1 };
  const z = normalQuantile(1 - (1 - level) / 2);
  const middle = (value + (z * z) / (2 * trials)) / (1 + (z * z) / trials);
  const half =
    (z / (1 + (z * z) / trials)) * Math.sqrt((value * (1 - value)) / trials + (z * z) / (4 * trials * trials));
  return { value, low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}

/** A share of so many independent, equally weighted cases; a number of cases that is none for weighted ones. */
export interface Share {
  readonly value: number;
  readonly trials: number;
}

/**
 * Interval of the difference of two independent shares, `a` minus `b`, from their score intervals (Newcombe 1998, method
 * 10): unlike a normal interval it has a width where a share is 0 or 1. Without trials on a side it is -1 to 1 around NaN.
 */
export function differenceInterval(a: Share, b: Share, level = 0.95): Interval {
  if (a.trials <= 0 || b.trials <= 0) return { value: NaN, low: -1, high: 1 };
  const [left, right] = [wilson(a.value, a.trials, level), wilson(b.value, b.trials, level)];
  const value = a.value - b.value;
  return {
    value,
    low: Math.max(-1, value - Math.hypot(a.value - left.low, right.high - b.value)),
    high: Math.min(1, value + Math.hypot(left.high - a.value, b.value - right.low)),
  };
}

/**
 * Chance of a difference of two independent shares at least as large as `a` minus `b` when both are the same (score test
 * with the pooled share, one-sided). 1 when nothing can be told.
 */
export function largerShareP(a: Share, b: Share): number {
  const trials = a.trials + b.trials;
  const pooled = (a.value * a.trials + b.value * b.trials) / trials;
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / a.trials + 1 / b.trials));
  return error > 0 ? normalUpperTail((a.value - b.value) / error) : 1;
}

/** Chance of at least `successes` in `trials` at the given rate. */
export function binomialUpperTail(successes: number, trials: number, rate: number): number {
  if (successes <= 0) return 1;
  if (successes > trials) return 0;
  return incompleteBeta(successes, trials - successes + 1, rate);
}

/** Chance of exactly `successes` in `trials` at the given rate. */
export function binomialPmf(successes: number, trials: number, rate: number): number {
  if (rate <= 0 || rate >= 1) return Number(successes === (rate <= 0 ? 0 : trials));
  const ways = logGamma(trials + 1) - logGamma(successes + 1) - logGamma(trials - successes + 1);
  return Math.exp(ways + successes * Math.log(rate) + (trials - successes) * Math.log1p(-rate));
}
