import { OutpostError } from '../errors/index.ts';
import { scoreBin } from './curves.ts';
import { averagePrecision, byScoreDescending, liftAt, rankedAuc, type Ranking } from './ranking.ts';
import type { Scored } from './scores.ts';

/** Groups of cases that stay together, numbered 0 to `count` - 1. */
export interface Groups {
  readonly of: Int32Array;
  readonly count: number;
}

/** Numbers groups by their first case; cases with the same number are one group. */
export function groupsOf(numbers: ArrayLike<number>): Groups {
  const known = new Map<number, number>();
  const of = new Int32Array(numbers.length);
  for (let i = 0; i < numbers.length; i++) {
    const group = known.get(numbers[i]!) ?? known.size;
    known.set(numbers[i]!, group);
    of[i] = group;
  }
  return { of, count: known.size };
}

/** A figure of a resample, from how often each group was drawn. NaN when it has no value there. */
export type Resampled = (drawn: Float64Array) => number;

/** A weighted mean, or share, as two sums per group: a resample costs one pass over groups, not cases. */
export function resampledRatio(
  numerators: ArrayLike<number>,
  denominators: ArrayLike<number>,
  groups: Groups,
): Resampled {
  const above = new Float64Array(groups.count);
  const below = new Float64Array(groups.count);
  for (let i = 0; i < groups.of.length; i++) {
    above[groups.of[i]!]! += numerators[i]!;
    below[groups.of[i]!]! += denominators[i]!;
  }
  return (drawn) => {
    let [a, b] = [0, 0];
    for (let group = 0; group < drawn.length; group++) {
      a += drawn[group]! * above[group]!;
      b += drawn[group]! * below[group]!;
    }
    return b > 0 ? a / b : NaN;
  };
}

/**
 * A figure that depends on the order of the scores only. Cases are sorted once; a resample is one pass over them.
 * `figure` must not keep the ranking it is given.
 */
export function resampledRank(
  { labels, scores, weights }: Scored,
  groups: Groups,
  figure: (ranking: Ranking) => number,
): Resampled {
  const order = byScoreDescending(scores);
  const group = Int32Array.from(order, (i) => groups.of[i]!);
  const scam = Uint8Array.from(order, (i) => labels[i]!);
  const weight = Float64Array.from(order, (i) => (weights ? weights[i]! : 1));
  const ends = order.map((_, at) => at + 1).filter((end) => scores[order[end]!] !== scores[order[end - 1]!]);
  const ranking: Ranking = {
    scores: Float64Array.from(ends, (end) => scores[order[end - 1]!]!),
    scams: new Float64Array(ends.length),
    genuine: new Float64Array(ends.length),
  };
  return (drawn) => {
    let [at, scams, genuine] = [0, 0, 0];
    for (let step = 0; step < ends.length; step++) {
      for (const end = ends[step]!; at < end; at++) {
        const times = weight[at]! * drawn[group[at]!]!;
        if (scam[at] === 1) scams += times;
        else genuine += times;
      }
      ranking.scams[step] = scams;
      ranking.genuine[step] = genuine;
    }
    return figure(ranking);
  };
}

/** AUC, average precision, and lift in the first `share` of the cases (by weight) of resamples. */
export function resampledRanks(
  data: Scored,
  groups: Groups,
  share: number,
): Readonly<Record<'auc' | 'averagePrecision' | 'lift', Resampled>> {
  const all = (ranking: Ranking): number => (ranking.scams.at(-1) ?? 0) + (ranking.genuine.at(-1) ?? 0);
  return {
    auc: resampledRank(data, groups, rankedAuc),
    averagePrecision: resampledRank(data, groups, averagePrecision),
    lift: resampledRank(data, groups, (ranking) => liftAt(ranking, share * all(ranking)).lift),
  };
}

/** `calibrationError` of resamples. */
export function resampledCalibration({ labels, scores, weights }: Scored, groups: Groups, bins = 10): Resampled {
  const bin = Uint8Array.from({ length: scores.length }, (_, i) => scoreBin(scores[i]!, bins));
  const excess = Float64Array.from({ length: scores.length }, (_, i) => {
    return (weights ? weights[i]! : 1) * (scores[i]! - labels[i]!);
  });
  return (drawn) => {
    const sums = new Float64Array(bins);
    let total = 0;
    for (let i = 0; i < excess.length; i++) {
      const times = drawn[groups.of[i]!]!;
      sums[bin[i]!]! += times * excess[i]!;
      total += times * (weights ? weights[i]! : 1);
    }
    return sums.reduce((sum, s) => sum + Math.abs(s), 0) / total;
  };
}

/** How resamples are drawn. */
export interface BootstrapOptions {
  readonly repeats: number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly level?: number;
  /** Asked before each resample; true ends it with CANCELLED. */
  readonly cancelled?: () => boolean;
}

/** Ends of a percentile interval, and the mean over resamples. */
export interface Resamples {
  readonly low: number;
  readonly high: number;
  readonly mean: number;
}

function summary(values: Float64Array, repeats: number, level: number): Resamples | null {
  const valid = values.filter((v) => !Number.isNaN(v)).sort();
  if (valid.length === 0 || valid.length < repeats / 2) return null;
  const tail = (1 - level) / 2;
  return {
    low: valid[Math.floor(tail * valid.length)]!,
    high: valid[Math.ceil((1 - tail) * valid.length) - 1]!,
    mean: valid.reduce((sum, v) => sum + v, 0) / valid.length,
  };
}

/**
 * Percentile intervals of figures by resampling whole groups with replacement (Efron & Tibshirani 1993, ch. 13; groups:
 * Davison & Hinkley 1997, 3.8), all figures on the same resamples. Null for a figure without a value in most resamples,
 * and for all without groups. The same random numbers give the same intervals. Throws CANCELLED when asked to stop.
 */
export function bootstrap<Name extends string>(
  figures: Readonly<Record<Name, Resampled>>,
  groups: number,
  { repeats, random, level = 0.95, cancelled }: BootstrapOptions,
): Record<Name, Resamples | null> {
  const names = Object.keys(figures) as Name[];
  const values = names.map(() => new Float64Array(repeats).fill(NaN));
  const drawn = new Float64Array(groups);
  for (let repeat = 0; repeat < repeats && groups > 0; repeat++) {
    if (cancelled?.() === true) throw new OutpostError('CANCELLED');
    drawn.fill(0);
    for (let i = 0; i < groups; i++) drawn[Math.floor(random() * groups)]! += 1;
    names.forEach((name, i) => {
      values[i]![repeat] = figures[name](drawn);
    });
  }
  const found = names.map((name, i) => [name, summary(values[i]!, repeats, level)]);
  return Object.fromEntries(found) as Record<Name, Resamples | null>;
}
