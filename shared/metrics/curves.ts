import { wilson } from './binomial.ts';
import type { Ranking } from './ranking.ts';
import type { Scored } from './labels-and-scores.ts';

/** Points of a curve that are kept unless said otherwise: more than a chart of a window's width shows. */
export const curvePoints = 201;

/** Shares of genuine cases and of scams with at least a score; no score at the start, where nothing is called. */
export interface RocPoint {
  readonly score: number | null;
  readonly genuine: number;
  readonly scams: number;
}

/** Of the cases with at least this score: the share of all scams they hold, and the share of scams among them. */
export interface PrecisionPoint {
  readonly score: number;
  readonly recall: number;
  readonly precision: number;
}

/** After looking at this share of the queue: the share of all scams found, and how often chance would find as many. */
export interface LiftPoint {
  readonly looked: number;
  readonly found: number;
  readonly lift: number;
}

/**
 * Indexes of at most `most` (at least 2) of `length` points, first and last kept, evenly along a path whose length up
 * to a point never falls.
 */
function thinned(length: number, most: number, along: (at: number) => number): number[] {
  if (length <= most) return Array.from({ length }, (_, at) => at);
  const kept = [0];
  const [start, end] = [along(0), along(length - 1)];
  for (let at = 1; at < length - 1 && kept.length < most - 1; at++) {
    if (along(at) >= start + ((end - start) * kept.length) / (most - 1)) kept.push(at);
  }
  return [...kept, length - 1];
}

function totals({ scams, genuine }: Ranking): { scams: number; genuine: number } {
  return { scams: scams.at(-1) ?? 0, genuine: genuine.at(-1) ?? 0 };
}

/** ROC curve from (0, 0) to (1, 1), thinned to `most` points. Empty unless both classes are there. */
export function rocCurve(ranking: Ranking, most = curvePoints): RocPoint[] {
  const all = totals(ranking);
  if (!(all.scams > 0 && all.genuine > 0)) return [];
  const point = (at: number): RocPoint =>
    at === 0
      ? { score: null, genuine: 0, scams: 0 }
      : {
          score: ranking.scores[at - 1]!,
          genuine: ranking.genuine[at - 1]! / all.genuine,
          scams: ranking.scams[at - 1]! / all.scams,
        };
  const along = (at: number): number => point(at).genuine + point(at).scams;
  return thinned(ranking.scores.length + 1, most, along).map(point);
}

/** Precision against recall, from the highest score down, thinned to `most` points. Empty without scams. */
export function precisionRecallCurve(ranking: Ranking, most = curvePoints): PrecisionPoint[] {
  const all = totals(ranking);
  if (!(all.scams > 0)) return [];
  const kept = thinned(ranking.scores.length, most, (at) => ranking.scams[at]! / all.scams);
  return kept.map((at) => ({
    score: ranking.scores[at]!,
    recall: ranking.scams[at]! / all.scams,
    precision: ranking.scams[at]! / (ranking.scams[at]! + ranking.genuine[at]!),
  }));
}

/** Scams found against the share of the queue looked at, highest score first, thinned. Empty without scams. */
export function liftCurve(ranking: Ranking, most = curvePoints): LiftPoint[] {
  const all = totals(ranking);
  if (!(all.scams > 0)) return [];
  const looked = (at: number): number => (ranking.scams[at]! + ranking.genuine[at]!) / (all.scams + all.genuine);
  return thinned(ranking.scores.length, most, looked).map((at) => {
    const found = ranking.scams[at]! / all.scams;
    return { looked: looked(at), found, lift: found / looked(at) };
  });
}

/** One bin of a calibration curve: what was said and what was so, with a 95 % interval. */
export interface CalibrationBin {
  readonly from: number;
  readonly to: number;
  readonly rows: number;
  readonly weight: number;
  readonly meanScore: number;
  readonly share: number;
  readonly low: number;
  readonly high: number;
}

/** Bin of a score among `bins` equally wide ones; 1 falls in the last. */
export function scoreBin(score: number, bins: number): number {
  return Math.min(bins - 1, Math.floor(score * bins));
}

/**
 * Mean score against the share of scams in equally wide bins of the score, those of `calibrationError`; empty bins are
 * left out. Intervals are Wilson's with the effective number of cases in the bin (Kish 1965).
 */
export function calibrationCurve({ labels, scores, weights }: Scored, bins = 10): CalibrationBin[] {
  const sums = Array.from({ length: bins }, () => ({ rows: 0, weight: 0, squares: 0, score: 0, scams: 0 }));
  for (let i = 0; i < scores.length; i++) {
    const sum = sums[scoreBin(scores[i]!, bins)]!;
    const weight = weights ? weights[i]! : 1;
    sum.rows += 1;
    sum.weight += weight;
    sum.squares += weight * weight;
    sum.score += weight * scores[i]!;
    sum.scams += weight * labels[i]!;
  }
  return sums.flatMap(({ rows, weight, squares, score, scams }, bin) => {
    if (weight === 0) return [];
    const { value, low, high } = wilson(scams / weight, (weight * weight) / squares);
    const [from, to] = [bin / bins, (bin + 1) / bins];
    return [{ from, to, rows, weight, meanScore: score / weight, share: value, low, high }];
  });
}

/** Weight of scams and genuine cases whose score lies in a bin. */
export interface ScoreBin {
  readonly from: number;
  readonly to: number;
  readonly scams: number;
  readonly genuine: number;
}

/** How scores are spread over `bins` equally wide bins, by label. Without cases all weights are 0. */
export function scoreDistribution({ labels, scores, weights }: Scored, bins = 20): ScoreBin[] {
  const found = Array.from({ length: bins }, (_, bin) => ({
    from: bin / bins,
    to: (bin + 1) / bins,
    scams: 0,
    genuine: 0,
  }));
  for (let i = 0; i < scores.length; i++) {
    const bin = found[scoreBin(scores[i]!, bins)]!;
    bin[labels[i] === 1 ? 'scams' : 'genuine'] += weights ? weights[i]! : 1;
  }
  return found;
}
