import { upperGamma } from './special-functions.ts';

/** Difference of two areas under the ROC curve on the same cases. */
export interface AucDifference {
  readonly first: number;
  readonly second: number;
  /** `first - second`. */
  readonly difference: number;
  /** NaN with fewer than two cases of a class. */
  readonly standardError: number;
  /** Two-sided, that both rank equally well; NaN without a standard error, 1 when both rank alike. */
  readonly p: number;
}

/**
 * For each scam the share of genuine cases it scores above, for each genuine case the share of scams scoring above it;
 * ties count half. Both have the AUC as their mean (DeLong's structural components).
 */
function components(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
): { scams: Float64Array; genuine: Float64Array } {
  const order = Uint32Array.from({ length: scores.length }, (_, i) => i).sort((a, b) => scores[a]! - scores[b]!);
  let scamCount = 0;
  for (let i = 0; i < labels.length; i++) scamCount += labels[i] === 1 ? 1 : 0;
  const genuineCount = labels.length - scamCount;
  const value = new Float64Array(labels.length);
  let [scamsBelow, genuineBelow] = [0, 0];
  for (let start = 0, end = 0; start < order.length; start = end) {
    let [scams, genuine] = [0, 0];
    for (; end < order.length && scores[order[end]!] === scores[order[start]!]; end++) {
      if (labels[order[end]!] === 1) scams += 1;
      else genuine += 1;
    }
    for (let at = start; at < end; at++) {
      const i = order[at]!;
      if (labels[i] === 1) value[i] = (genuineBelow + genuine / 2) / genuineCount;
      else value[i] = (scamCount - scamsBelow - scams / 2) / scamCount;
    }
    scamsBelow += scams;
    genuineBelow += genuine;
  }
  return {
    scams: value.filter((_, i) => labels[i] === 1),
    genuine: value.filter((_, i) => labels[i] !== 1),
  };
}

function mean(values: Float64Array): number {
  return values.reduce((sum, v) => sum + v, 0) / values.length;
}

/** Variance of the mean of paired differences. */
function varianceOfMean(a: Float64Array, b: Float64Array): number {
  const differences = a.map((v, i) => v - b[i]!);
  const middle = mean(differences);
  const squares = differences.reduce((sum, v) => sum + (v - middle) ** 2, 0);
  return squares / (differences.length - 1) / differences.length;
}

/**
 * Compares two scorings of the same independent cases, unweighted (DeLong, DeLong & Clarke-Pearson 1988). The AUCs are
 * NaN unless both classes are there.
 */
export function aucDifference(
  labels: ArrayLike<number>,
  first: ArrayLike<number>,
  second: ArrayLike<number>,
): AucDifference {
  const [a, b] = [components(labels, first), components(labels, second)];
  const both = a.scams.length > 0 && a.genuine.length > 0;
  const [aucA, aucB] = both ? [mean(a.scams), mean(b.scams)] : [NaN, NaN];
  const enough = a.scams.length > 1 && a.genuine.length > 1;
  const variance = enough ? varianceOfMean(a.scams, b.scams) + varianceOfMean(a.genuine, b.genuine) : NaN;
  const difference = aucA - aucB;
  const p = variance > 0 ? upperGamma(0.5, difference ** 2 / variance / 2) : enough ? Number(difference === 0) : NaN;
  return { first: aucA, second: aucB, difference, standardError: Math.sqrt(variance), p };
}
