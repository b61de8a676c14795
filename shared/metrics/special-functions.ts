/**
 * Special functions of the exact intervals and tests. Accuracy is about 1e-12 relative in the ranges used here; the
 * tests compare them with independently computed values.
 */

const lanczos = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** Natural logarithm of the gamma function for x > 0. Lanczos approximation, g = 7 (Lanczos 1964). */
export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const z = x - 1;
  let sum = lanczos[0]!;
  for (let i = 1; i < lanczos.length; i++) sum += lanczos[i]! / (z + i);
  const t = z + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (z + 0.5) * Math.log(t) - t + Math.log(sum);
}

/** Natural logarithm of the beta function for a, b > 0. */
export function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b);
}

/** Continued fraction of the incomplete beta function by Lentz's method (DLMF 8.17.22). */
function betaFraction(a: number, b: number, x: number): number {
  const tiny = 1e-300;
  const guard = (v: number): number => (Math.abs(v) < tiny ? tiny : v);
  let c = 1;
  let d = 1 / guard(1 - ((a + b) * x) / (a + 1));
  let result = d;
  for (let m = 1; m <= 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / guard(1 + even * d);
    c = guard(1 + even / c);
    result *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / guard(1 + odd * d);
    c = guard(1 + odd / c);
    result *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return result;
}

/**
 * Logarithm of the regularised incomplete beta function I_x(a, b), 0 <= x <= 1, a, b > 0 (DLMF 8.17). Kept as a
 * logarithm because the tests work far out in the tails.
 */
export function logIncompleteBeta(a: number, b: number, x: number): number {
  if (x <= 0) return -Infinity;
  if (x >= 1) return 0;
  const front = a * Math.log(x) + b * Math.log1p(-x) - logBeta(a, b);
  if (x < (a + 1) / (a + b + 2)) return front - Math.log(a) + Math.log(betaFraction(a, b, x));
  return Math.log1p(-Math.exp(front - Math.log(b) + Math.log(betaFraction(b, a, 1 - x))));
}

/** Regularised incomplete beta function I_x(a, b) (DLMF 8.17). */
export function incompleteBeta(a: number, b: number, x: number): number {
  return Math.exp(logIncompleteBeta(a, b, x));
}

/** x with I_x(a, b) = p, by bisection to full double precision. */
export function inverseIncompleteBeta(a: number, b: number, p: number): number {
  let [low, high] = [0, 1];
  for (let i = 0; i < 200 && low < high; i++) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (incompleteBeta(a, b, middle) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Upper regularised incomplete gamma function Q(a, x), a > 0, x >= 0 (DLMF 8.7.1 and 8.9.2). */
export function upperGamma(a: number, x: number): number {
  if (x <= 0) return 1;
  const front = a * Math.log(x) - x - logGamma(a);
  if (x < a + 1) {
    let term = 1 / a;
    let sum = term;
    for (let n = 1; n < 100_000 && term > sum * 1e-16; n++) sum += term *= x / (a + n);
    return 1 - sum * Math.exp(front);
  }
  let b = x + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let result = d;
  for (let i = 1; i < 100_000; i++) {
    const an = -i * (i - a);
    b += 2;
    d = 1 / (an * d + b || 1e-300);
    c = b + an / c || 1e-300;
    result *= d * c;
    // Some units of the last place: a stricter test is never met for some x, by rounding.
    if (Math.abs(d * c - 1) < 4e-15) break;
  }
  return Math.exp(front) * result;
}

/** Chance of a chi-square value of at least `x` with `df` degrees of freedom. */
export function chiSquareUpperTail(x: number, df: number): number {
  return df <= 0 ? 1 : upperGamma(df / 2, x / 2);
}

/** Chance of a standard normal value of at least `x` (erfc through Q(1/2, ·), DLMF 7.11.2). */
export function normalUpperTail(x: number): number {
  if (Math.abs(x) > 40) return x > 0 ? 0 : 1; // below the smallest double
  const tail = 0.5 * upperGamma(0.5, (x * x) / 2);
  return x >= 0 ? tail : 1 - tail;
}

/** Chance of a standard normal value between `low` and `high`, kept exact in both tails; 0 when `high` is not above. */
export function normalBetween(low: number, high: number): number {
  if (!(high > low)) return 0;
  return high <= 0 ? normalUpperTail(-high) - normalUpperTail(-low) : normalUpperTail(low) - normalUpperTail(high);
}

/** Quantile of the standard normal distribution, 0 < p < 1, by bisection on the exact tail (erfc through Q(1/2, ·)). */
export function normalQuantile(p: number): number {
  if (!(p > 0 && p < 1)) return p <= 0 ? -Infinity : Infinity;
  if (p === 0.5) return 0;
  const tail = Math.min(p, 1 - p);
  let [low, high] = [0, 40];
  for (let i = 0; i < 200; i++) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (0.5 * upperGamma(0.5, (middle * middle) / 2) > tail) low = middle;
    else high = middle;
  }
  return p < 0.5 ? -(low + high) / 2 : (low + high) / 2;
}
