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

/** Margins that lie closer together than this, in log odds, are one margin: rounding told them apart. */
const smallestSpread = 1e-9;

/** Rows with a margin and a weight above 0, by ascending margin. */
export function usable({ margins, labels, weights }: CalibrationSample): UsableSample {
  const kept = new Uint32Array(margins.length)
    .map((_, i) => i)
    .filter((i) => !Number.isNaN(margins[i]!) && weights[i]! > 0);
  let ascending = true;
  for (let at = 1; at < kept.length && ascending; at++) ascending = margins[kept[at - 1]!]! <= margins[kept[at]!]!;
  // Infinite margins of one sign differ by NaN, which a sort must not see.
  if (!ascending) kept.sort((a, b) => (margins[a] === margins[b] ? a - b : margins[a]! - margins[b]!));
  const within = (m: number): number => Math.min(largestMargin, Math.max(-largestMargin, m));
  return {
    margins: Float64Array.from(kept, (i) => within(margins[i]!)),
    labels: Uint8Array.from(kept, (i) => (labels[i] === 1 ? 1 : 0)),
    weights: Float64Array.from(kept, (i) => weights[i]!),
  };
}

/** Whether margins of a usable sample differ by more than rounding does. */
export function differ({ margins }: UsableSample): boolean {
  const [low, high] = [margins[0]!, margins.at(-1)!];
  return high - low > smallestSpread * Math.max(1, Math.abs(low), Math.abs(high));
}
