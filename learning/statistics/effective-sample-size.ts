/** Number of equally weighted cases that tell as much as these: (sum w)^2 / sum w^2 (Kish 1965). */
export function effectiveCount(weights: ArrayLike<number>): number {
  let [sum, squares] = [0, 0];
  for (let i = 0; i < weights.length; i++) {
    sum += weights[i]!;
    squares += weights[i]! * weights[i]!;
  }
  return squares === 0 ? 0 : (sum * sum) / squares;
}

/** What the effective number of cases of a share follows from. */
interface Weighed {
  readonly weight: number;
  readonly hitWeight: number;
  /** Sums over groups of their weight squared, the weight of their hits squared, and the product of the two. */
  readonly squares: number;
  readonly hitSquares: number;
  readonly products: number;
}

/**
 * Number of equally weighted, independent cases that tell as much about a share: the smaller of Kish's (1965)
 * (sum W)^2 / sum W^2 over groups, which takes weights to have nothing to do with hits, and of what the linearised
 * variance of a ratio leaves (Särndal, Swensson & Wretman 1992, section 5.7). Audits weigh most where hits are rare.
 */
export function effectiveCases({ weight, hitWeight, squares, hitSquares, products }: Weighed): number {
  if (squares === 0) return 0;
  const kish = (weight * weight) / squares;
  const share = hitWeight / weight;
  const spread = hitSquares - 2 * share * products + share * share * squares;
  return spread > 0 ? Math.min(kish, (share * (1 - share) * weight * weight) / spread) : kish;
}
