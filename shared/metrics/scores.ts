/** Labels (1 scam, 0 genuine) and probabilities of the same cases, with weights 1 unless given. */
export interface Scored {
  readonly labels: ArrayLike<number>;
  readonly scores: ArrayLike<number>;
  readonly weights?: ArrayLike<number>;
}

/** Probabilities are kept this far from 0 and 1 in the log loss, as the reference figures do. */
const clip = 1e-15;

function weightOf(data: Scored, i: number): number {
  return data.weights ? data.weights[i]! : 1;
}

/** Weighted mean of a term per case; NaN without cases. */
function mean(data: Scored, term: (score: number, label: number) => number): number {
  let [sum, total] = [0, 0];
  for (let i = 0; i < data.scores.length; i++) {
    const weight = weightOf(data, i);
    sum += weight * term(data.scores[i]!, data.labels[i]!);
    total += weight;
  }
  return total > 0 ? sum / total : NaN;
}

/** Mean negative log likelihood, natural logarithm, probabilities clipped to [1e-15, 1 - 1e-15]; NaN without cases. */
export function logLoss(data: Scored): number {
  return mean(data, (score, label) => {
    const p = Math.min(1 - clip, Math.max(clip, score));
    return label === 1 ? -Math.log(p) : -Math.log(1 - p);
  });
}

/** Mean squared difference between probability and label (Brier 1950); NaN without cases. */
export function brier(data: Scored): number {
  return mean(data, (score, label) => (score - label) ** 2);
}

/**
 * Area under the ROC curve: the chance that a scam scores above a genuine case, ties counting half (mid-ranks,
 * Hanley & McNeil 1982). NaN unless both classes are there.
 */
export function auc(data: Scored): number {
  const order = Array.from(data.scores, (_, i) => i).toSorted((a, b) => data.scores[a]! - data.scores[b]!);
  let [negatives, positives, wins] = [0, 0, 0];
  for (let start = 0; start < order.length;) {
    let [tiedPositive, tiedNegative, end] = [0, 0, start];
    while (end < order.length && data.scores[order[end]!] === data.scores[order[start]!]) {
      const i = order[end++]!;
      if (data.labels[i] === 1) tiedPositive += weightOf(data, i);
      else tiedNegative += weightOf(data, i);
    }
    wins += tiedPositive * (negatives + tiedNegative / 2);
    positives += tiedPositive;
    negatives += tiedNegative;
    start = end;
  }
  return positives > 0 && negatives > 0 ? wins / (positives * negatives) : NaN;
}

/**
 * Standard error of the AUC (DeLong, DeLong & Clarke-Pearson 1988), unweighted. NaN with fewer than two of a class.
 */
export function aucStandardError(data: Scored): number {
  const positive = Array.from(data.scores)
    .filter((_, i) => data.labels[i] === 1)
    .toSorted((a, b) => a - b);
  const negative = Array.from(data.scores)
    .filter((_, i) => data.labels[i] !== 1)
    .toSorted((a, b) => a - b);
  if (positive.length < 2 || negative.length < 2) return NaN;
  const below = placements(positive, negative);
  const above = placements(negative, positive).map((share) => 1 - share);
  return Math.sqrt(variance(below) / positive.length + variance(above) / negative.length);
}

/** For each value of `of` (ascending) the share of `among` (ascending) below it, ties counting half. */
function placements(of: readonly number[], among: readonly number[]): number[] {
  let [low, high] = [0, 0];
  return of.map((value) => {
    while (low < among.length && among[low]! < value) low += 1;
    while (high < among.length && among[high]! <= value) high += 1;
    return (low + high) / 2 / among.length;
  });
}

function variance(values: readonly number[]): number {
  const middle = values.reduce((a, b) => a + b, 0) / values.length;
  return values.reduce((sum, v) => sum + (v - middle) ** 2, 0) / (values.length - 1);
}

/**
 * Expected calibration error: mean distance between mean score and share of scams over `bins` equally wide bins of the
 * score, weighted by the cases in each (Naeini et al. 2015). NaN without cases.
 */
export function calibrationError(data: Scored, bins = 10): number {
  const sums = Array.from({ length: bins }, () => ({ weight: 0, score: 0, label: 0 }));
  for (let i = 0; i < data.scores.length; i++) {
    const bin = sums[Math.min(bins - 1, Math.floor(data.scores[i]! * bins))]!;
    const weight = weightOf(data, i);
    bin.weight += weight;
    bin.score += weight * data.scores[i]!;
    bin.label += weight * data.labels[i]!;
  }
  const total = sums.reduce((sum, b) => sum + b.weight, 0);
  return sums.reduce((sum, b) => sum + Math.abs(b.score - b.label), 0) / total;
}
