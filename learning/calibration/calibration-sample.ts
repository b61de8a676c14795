/** Margins (log odds of scam) by models that have not seen their row, with labels 1 and 0 and weights of at least 0. */
export interface CalibrationSample {
  readonly margins: ArrayLike<number>;
  readonly labels: ArrayLike<number>;
  readonly weights: ArrayLike<number>;
}

/** The same, without rows that say nothing. */
export interface UsableSample extends CalibrationSample {
  readonly margins: Float64Array;
  readonly labels: Uint8Array;
  readonly weights: Float64Array;
}

/** Beyond this, log odds are all the same certainty; fitting takes them for it, so that sums cannot overflow. */
const largestMargin = 1e6;

/** Margins that lie closer together than this, in log odds, are one margin: rounding alone separated them. */
const smallestSpread = 1e-9;

/** Indexes of the rows that have a margin and a weight above 0, by ascending margin. */
export function byMargin({ margins, weights }: CalibrationSample): Uint32Array {
  const all = new Uint32Array(margins.length);
  let count = 0;
  for (let i = 0; i < all.length; i++) if (!Number.isNaN(margins[i]!) && weights[i]! > 0) all[count++] = i;
  const rows = all.subarray(0, count);
  const ascending = rows.every((row, at) => at === 0 || margins[rows[at - 1]!]! <= margins[row]!);
  if (ascending) return rows;
  // Infinite margins of one sign differ by NaN, which a sort must not see.
  return rows.sort((a, b) => (margins[a] === margins[b] ? a - b : margins[a]! - margins[b]!));
}

/** The given rows of a sample. Loops, because `from` with a mapping takes ten times as long. */
export function picked(sample: CalibrationSample, rows: Uint32Array): UsableSample {
  const margins = new Float64Array(rows.length);
  const labels = new Uint8Array(rows.length);
  const weights = new Float64Array(rows.length);
  for (let at = 0; at < rows.length; at++) {
    const i = rows[at]!;
    margins[at] = Math.min(largestMargin, Math.max(-largestMargin, sample.margins[i]!));
    labels[at] = sample.labels[i] === 1 ? 1 : 0;
    weights[at] = sample.weights[i]!;
  }
  return { margins, labels, weights };
}

/** Rows with a margin and a weight above 0, by ascending margin. */
export function usable(sample: CalibrationSample): UsableSample {
  return picked(sample, byMargin(sample));
}

/** Whether margins of a usable sample differ by more than rounding does. */
export function differ({ margins }: UsableSample): boolean {
  const [low, high] = [margins[0]!, margins.at(-1)!];
  return high - low > smallestSpread * Math.max(1, Math.abs(low), Math.abs(high));
}
