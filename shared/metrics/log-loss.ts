import { rankingOf } from './ranking.ts';
import type { Scored } from './labels-and-scores.ts';

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

/** Negative log likelihood of one label, natural logarithm, the probability clipped to [1e-15, 1 - 1e-15]. */
export function lossOf(score: number, label: number): number {
  const p = Math.min(1 - clip, Math.max(clip, score));
  return label === 1 ? -Math.log(p) : -Math.log(1 - p);
}

/** Mean negative log likelihood, natural logarithm, probabilities clipped to [1e-15, 1 - 1e-15]; NaN without cases. */
export function logLoss(data: Scored): number {
  return mean(data, lossOf);
}

/** Mean squared difference between probability and label (Brier 1950); NaN without cases. */
export function brier(data: Scored): number {
  return mean(data, (score, label) => (score - label) ** 2);
}

/** Scores of one class, ascending. */
function sortedScores({ labels, scores }: Scored, scams: boolean): Float64Array {
  const found = new Float64Array(scores.length);
  let count = 0;
  for (let i = 0; i < scores.length; i++) if ((labels[i] === 1) === scams) found[count++] = scores[i]!;
  return found.slice(0, count).sort();
}

function weighAlike({ weights }: Scored): boolean {
  if (weights === undefined || weights.length === 0) return true;
  for (let i = 1; i < weights.length; i++) if (weights[i] !== weights[0]) return false;
  return weights[0]! > 0;
}

function weightedAuc(data: Scored): number {
  const { scams, genuine } = rankingOf(data);
  let wins = 0;
  for (let step = 0; step < scams.length; step++) {
    const [scamsBefore, genuineBefore] = step === 0 ? [0, 0] : [scams[step - 1]!, genuine[step - 1]!];
    wins += (genuine[step]! - genuineBefore) * ((scamsBefore + scams[step]!) / 2);
  }
  const pairs = (scams.at(-1) ?? 0) * (genuine.at(-1) ?? 0);
  return pairs > 0 ? wins / pairs : NaN;
}

/**
 * Area under the ROC curve: the chance that a scam scores above a genuine case, ties counting half (mid-ranks,
 * Hanley & McNeil 1982). NaN unless both classes are there.
 */
export function auc(data: Scored): number {
  if (!weighAlike(data)) return weightedAuc(data);
  const [scams, genuine] = [sortedScores(data, true), sortedScores(data, false)];
  if (scams.length === 0 || genuine.length === 0) return NaN;
  let [low, high, wins] = [0, 0, 0];
  for (const score of scams) {
    while (low < genuine.length && genuine[low]! < score) low += 1;
    while (high < genuine.length && genuine[high]! <= score) high += 1;
    wins += (low + high) / 2;
  }
  return wins / (scams.length * genuine.length);
}

/**
 * Standard error of the AUC (DeLong, DeLong & Clarke-Pearson 1988), unweighted. NaN with fewer than two of a class.
 */
export function aucStandardError(data: Scored): number {
  const [positive, negative] = [sortedScores(data, true), sortedScores(data, false)];
  if (positive.length < 2 || negative.length < 2) return NaN;
  const below = placements(positive, negative);
  const above = placements(negative, positive).map((share) => 1 - share);
  return Math.sqrt(variance(below) / positive.length + variance(above) / negative.length);
}

/** For each value of `of` (ascending) the share of `among` (ascending) below it, ties counting half. */
function placements(of: Float64Array, among: Float64Array): Float64Array {
  let [low, high] = [0, 0];
  return of.map((value) => {
    while (low < among.length && among[low]! < value) low += 1;
    while (high < among.length && among[high]! <= value) high += 1;
    return (low + high) / 2 / among.length;
  });
}

function variance(values: Float64Array): number {
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
