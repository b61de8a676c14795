import { lossOf } from '../../shared/metrics/index.ts';

/** Labels, weights and groups of rows. */
export interface JudgedRows {
  readonly labels: ArrayLike<number>;
  readonly weights: ArrayLike<number>;
  /** Rows with the same number belong together. */
  readonly groups: ArrayLike<number>;
}

/** Log loss of each row; NaN where there is no score. */
export function lossPerRow({ labels }: JudgedRows, scores: Float64Array): Float64Array {
  return scores.map((score, i) => lossOf(score, labels[i]!));
}

/**
 * Weighted mean of a value per row and its standard error when groups, not rows, are independent (Liang & Zeger 1986; of
 * the linearised ratio, Cochran 1977, ch. 9). Rows of NaN and of weight 0 are left out; without rows the mean is NaN.
 */
export function clusteredMean(
  values: Float64Array,
  { weights, groups }: Pick<JudgedRows, 'weights' | 'groups'>,
): { mean: number; error: number } {
  let [sum, total, highest] = [0, 0, -1];
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i]!) || weights[i] === 0) continue;
    sum += weights[i]! * values[i]!;
    total += weights[i]!;
    if (groups[i]! > highest) highest = groups[i]!;
  }
  const mean = sum / total;
  const [sums, seen] = [new Float64Array(highest + 1), new Uint8Array(highest + 1)];
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i]!) || weights[i] === 0) continue;
    sums[groups[i]!]! += weights[i]! * (values[i]! - mean);
    seen[groups[i]!] = 1;
  }
  let [squares, count] = [0, 0];
  for (let group = 0; group <= highest; group++) {
    squares += sums[group]! ** 2;
    count += seen[group]!;
  }
  return { mean, error: Math.sqrt((squares * count) / Math.max(1, count - 1)) / total };
}

/** What a choice came to. */
interface Choice<T> {
  readonly chosen: T;
  /** Log loss of each way, in their order. */
  readonly logLoss: readonly number[];
}

/**
 * The simplest of some ways to score the same rows, which are given in the order of their simplicity: the first whose
 * log loss the best does not beat by more than one standard error of their difference (Breiman et al. 1984, 1-SE rule).
 */
export function simplestOf<T>(rows: JudgedRows, ways: readonly T[], scoresOf: (way: T) => Float64Array): Choice<T> {
  const losses = ways.map((way) => lossPerRow(rows, scoresOf(way)));
  const logLoss = losses.map((own) => clusteredMean(own, rows).mean);
  const best = logLoss.reduce((least, loss, way) => (loss < logLoss[least]! ? way : least), 0);
  const found = losses.findIndex((own) => {
    const { mean, error } = clusteredMean(
      own.map((loss, i) => loss - losses[best]![i]!),
      rows,
    );
    return mean <= error;
  });
  return { chosen: ways[found === -1 ? best : found]!, logLoss };
}
