/** Labels, weights and incidents of rows. */
export interface JudgedRows {
  readonly labels: ArrayLike<number>;
  readonly weights: ArrayLike<number>;
  /** Rows with the same number are about one incident. */
  readonly groups: ArrayLike<number>;
}

const clip = 1e-15;

/** Log loss of each row; NaN where there is no score. */
export function lossPerRow({ labels }: JudgedRows, scores: Float64Array): Float64Array {
  return scores.map((score, i) => {
    const p = Math.min(1 - clip, Math.max(clip, labels[i] === 1 ? score : 1 - score));
    return Number.isNaN(score) ? NaN : -Math.log(p);
  });
}

/**
 * Weighted mean of a value per row and its standard error when incidents, not rows, are independent (Liang & Zeger
 * 1986). Rows of NaN are left out; without rows the mean is NaN.
 */
export function clusteredMean(values: Float64Array, { weights, groups }: JudgedRows): { mean: number; error: number } {
  let [sum, total] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i]!)) continue;
    sum += weights[i]! * values[i]!;
    total += weights[i]!;
  }
  const mean = sum / total;
  const sums = new Map<number, number>();
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i]!) || weights[i] === 0) continue;
    sums.set(groups[i]!, (sums.get(groups[i]!) ?? 0) + weights[i]! * (values[i]! - mean));
  }
  let squares = 0;
  for (const one of sums.values()) squares += one * one;
  return { mean, error: Math.sqrt((squares * sums.size) / Math.max(1, sums.size - 1)) / total };
}

/**
 * The simplest of some ways to score the same rows, which are given in the order of their simplicity: the first whose
 * log loss the best does not beat by more than one standard error of their difference (Breiman et al. 1984, 1-SE rule).
 */
export function simplestOf<T>(rows: JudgedRows, ways: readonly T[], scoresOf: (way: T) => Float64Array): T {
  const tried = ways.map((way) => ({ way, losses: lossPerRow(rows, scoresOf(way)) }));
  const withMean = tried.map((t) => ({ ...t, logLoss: clusteredMean(t.losses, rows).mean }));
  const best = withMean.reduce((a, b) => (b.logLoss < a.logLoss ? b : a));
  const found = withMean.find((t) => {
    const { mean, error } = clusteredMean(
      t.losses.map((loss, i) => loss - best.losses[i]!),
      rows,
    );
    return mean <= error;
  });
  return (found ?? best).way;
}
