/** Shares are raised to at least this before the logarithm, as in the reference figures the tests compare with. */
const psiFloor = 1e-4;

/**
 * Population stability index of two sets of counts over the same bins: the sum of (b - r) ln(b / r) over the shares.
 * An effect size, no test: by custom below 0.1 small, above 0.25 large. NaN when either set is empty.
 */
export function psi(reference: readonly number[], current: readonly number[]): number {
  const total = (counts: readonly number[]): number => counts.reduce((a, b) => a + b, 0);
  const [r, b] = [total(reference), total(current)];
  if (r === 0 || b === 0) return NaN;
  return reference.reduce((sum, count, i) => {
    const [before, now] = [Math.max(psiFloor, count / r), Math.max(psiFloor, current[i]! / b)];
    return sum + (now - before) * Math.log(now / before);
  }, 0);
}
