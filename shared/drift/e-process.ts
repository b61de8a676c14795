import { logBeta, logIncompleteBeta } from '../metrics/special-functions.ts';

/**
 * Tests that may be looked at every day. An e-process is a non-negative process with expectation at most 1 whenever the
 * null hypothesis is true; by Ville's inequality the chance that it EVER reaches 1/alpha is then at most alpha, however
 * often one looks and whenever one stops (Ville 1939; Robbins 1970; Ramdas, Grünwald, Vovk & Shafer 2023).
 */

/** Beta prior over the rates above the ceiling; small shapes spread the bet. */
interface Prior {
  readonly a: number;
  readonly b: number;
}

/** Bets on rates moderately above the ceiling rather than near 1. */
const defaultPrior: Prior = { a: 1, b: 3 };

/** Evidence against the null: `e` is capped at 1e300 so that it survives JSON. */
interface Evidence {
  readonly e: number;
  readonly logE: number;
}

/** Evidence from its logarithm. */
export function evidenceOf(logE: number): Evidence {
  return { e: Math.exp(Math.min(690, logE)), logE };
}

/** Logarithm of the sum of exponentials, without overflow. */
export function logSum(terms: readonly number[]): number {
  const top = Math.max(...terms);
  return top === -Infinity ? top : top + Math.log(terms.reduce((sum, t) => sum + Math.exp(t - top), 0));
}

/** log of the beta mass above `c`. */
function logUpper(a: number, b: number, c: number): number {
  return logIncompleteBeta(b, a, 1 - c);
}

/**
 * Evidence that a rate is above `ceiling` after `successes` in `trials` (both may be fractional for planning): the
 * likelihood ratio of a beta mixture truncated to the rates above the ceiling against the ceiling itself. An e-process
 * under every rate up to the ceiling, because each factor 1 + (y - c)(q - c) / (c(1 - c)) has expectation at most 1.
 * 1 without trials.
 */
export function rateEProcess(input: { successes: number; trials: number; ceiling: number; prior?: Prior }): Evidence {
  const { successes, trials, ceiling: c, prior = defaultPrior } = input;
  const failures = trials - successes;
  if (trials <= 0 || c >= 1) return evidenceOf(0);
  if (c <= 0) return evidenceOf(successes > 0 ? Infinity : 0);
  const mass = logBeta(prior.a + successes, prior.b + failures) + logUpper(prior.a + successes, prior.b + failures, c);
  const start = logBeta(prior.a, prior.b) + logUpper(prior.a, prior.b, c);
  return evidenceOf(mass - start - successes * Math.log(c) - failures * Math.log1p(-c));
}

/** Most trials that planning looks ahead. */
const planningLimit = 5000;

/** Smallest number of further trials with `reached(n)`, or null within the planning limit; `reached` must stay true. */
export function firstReached(reached: (n: number) => boolean): number | null {
  if (!reached(planningLimit)) return null;
  let [low, high] = [0, planningLimit];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (reached(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Share of the alarm budget for the k-th (from 1) of an unbounded list of tests: 6 / (pi^2 k^2), which sums to 1. */
export function budgetShare(k: number): number {
  return 6 / (Math.PI ** 2 * k ** 2);
}
