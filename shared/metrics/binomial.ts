import { inverseIncompleteBeta, logGamma, normalQuantile } from './special-functions.ts';

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
  return wilsonWithin(value, trials, normalQuantile(1 - (1 - level) / 2));
}

/** The same by the number of standard errors it reaches to either side. */
export function wilsonWithin(value: number, trials: number, z: number): Interval {
  if (trials <= 0) return { value: NaN, low: 0, high: 1 };
  const middle = (value + (z * z) / (2 * trials)) / (1 + (z * z) / trials);
  const half =
    (z / (1 + (z * z) / trials)) * Math.sqrt((value * (1 - value)) / trials + (z * z) / (4 * trials * trials));
  // At 0 and 1 the two terms cancel but for a rounding.
  const [low, high] = [value === 0 ? 0 : middle - half, value === 1 ? 1 : middle + half];
  return { value, low: Math.max(0, low), high: Math.min(1, high) };
}

/** Chance of exactly `successes` in `trials` at the given rate. */
export function binomialPmf(successes: number, trials: number, rate: number): number {
  if (rate <= 0 || rate >= 1) return Number(successes === (rate <= 0 ? 0 : trials));
  const ways = logGamma(trials + 1) - logGamma(successes + 1) - logGamma(trials - successes + 1);
  return Math.exp(ways + successes * Math.log(rate) + (trials - successes) * Math.log1p(-rate));
}

/**
 * Chance of at least `hits` hits among `drawn` cases drawn without replacement from `total`, of which `marked` are hits
 * (hypergeometric; the one-sided exact test of Fisher 1935).
 */
export function hypergeometricUpperTail(hits: number, drawn: number, marked: number, total: number): number {
  const [least, most] = [Math.max(0, drawn + marked - total), Math.min(drawn, marked)];
  if (hits <= least) return 1;
  if (hits > most) return 0;
  const ways = (n: number, k: number): number => logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
  const chance = (k: number): number =>
    Math.exp(ways(marked, k) + ways(total - marked, drawn - k) - ways(total, drawn));
  // Summed away from the middle, so that the largest term comes first and the sum stops when terms no longer count.
  const upper = hits > (drawn * marked) / total;
  let k = upper ? hits : hits - 1;
  let term = chance(k);
  let sum = 0;
  for (; k >= least && k <= most && term > sum * 1e-17; k += upper ? 1 : -1) {
    sum += term;
    const up = ((marked - k) * (drawn - k)) / ((k + 1) * (total - marked - drawn + k + 1));
    const down = (k * (total - marked - drawn + k)) / ((marked - k + 1) * (drawn - k + 1));
    term *= upper ? up : down;
  }
  return Math.min(1, upper ? sum : 1 - sum);
}
