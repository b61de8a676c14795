import { normalQuantile } from './special-functions.ts';

const z = normalQuantile(0.975);

/**
 * Variance of an AUC that is `theta` in truth, of so many scams and genuine cases: Hanley & McNeil (1982) for exponential
 * scores, with one number of cases for both labels (Newcombe 2006, method 5).
 */
function varianceAt(theta: number, scams: number, genuine: number): number {
  const more = (scams + genuine) / 2 - 1;
  const spread = 1 + more * ((1 - theta) / (2 - theta) + theta / (1 + theta));
  return (theta * (1 - theta) * spread) / (scams * genuine);
}

/** The end on one side: where the value found is 1.96 standard errors of the end away. */
function endTowards(limit: 0 | 1, value: number, scams: number, genuine: number): number {
  let [near, far] = [value, limit as number];
  for (let i = 0; i < 60; i++) {
    const middle = (near + far) / 2;
    if (Math.abs(value - middle) <= z * Math.sqrt(varianceAt(middle, scams, genuine))) near = middle;
    else far = middle;
  }
  return near;
}

/**
 * 95 % interval of an AUC by Newcombe's method 5 (Statistics in Medicine 25, 2006, 559-573), which has a width where every
 * scam scores above every genuine case and DeLong's and the bootstrap's have none. Null with less than one case of a label.
 */
export function aucInterval(value: number, scams: number, genuine: number): { low: number; high: number } | null {
  if (!(scams >= 1 && genuine >= 1)) return null;
  return { low: endTowards(0, value, scams, genuine), high: endTowards(1, value, scams, genuine) };
}
