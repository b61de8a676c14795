import type { Scored } from './labels-and-scores.ts';

/**
 * Cases from the highest score down, one step per distinct score: cumulative weights of the scams and of the genuine
 * cases that score at least as high. Cases of equal score are one step, so that their order never matters.
 */
export interface Ranking {
  /** Distinct scores, descending. */
  readonly scores: Float64Array;
  readonly scams: Float64Array;
  readonly genuine: Float64Array;
}

/** Indexes of the scores, highest first; equal ones in their order. */
export function byScoreDescending(scores: ArrayLike<number>): Uint32Array {
  const order = new Uint32Array(scores.length);
  for (let i = 0; i < order.length; i++) order[i] = i;
  return order.sort((a, b) => scores[b]! - scores[a]! || a - b);
}

/** Ranks cases by score. Without cases all three arrays are empty. */
export function rankingOf({ labels, scores, weights }: Scored): Ranking {
  const order = byScoreDescending(scores);
  const [distinct, scams, genuine] = [0, 0, 0].map(() => new Float64Array(order.length)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  let [steps, scamWeight, genuineWeight] = [0, 0, 0];
  for (let at = 0; at < order.length; at++) {
    const i = order[at]!;
    const weight = weights ? weights[i]! : 1;
    if (labels[i] === 1) scamWeight += weight;
    else genuineWeight += weight;
    if (at + 1 < order.length && scores[order[at + 1]!] === scores[i]) continue;
    distinct[steps] = scores[i]!;
    scams[steps] = scamWeight;
    genuine[steps++] = genuineWeight;
  }
  return { scores: distinct.slice(0, steps), scams: scams.slice(0, steps), genuine: genuine.slice(0, steps) };
}

function ranked(data: Scored | Ranking): Ranking {
  return 'labels' in data ? rankingOf(data) : data;
}

/**
 * Average precision: precision at each distinct score, weighted by the recall gained there, without interpolation (as
 * scikit-learn's `average_precision_score`). NaN without scams.
 */
export function averagePrecision(data: Scored | Ranking): number {
  const { scams, genuine } = ranked(data);
  const total = scams.at(-1) ?? 0;
  if (!(total > 0)) return NaN;
  let [sum, before] = [0, 0];
  scams.forEach((found, step) => {
    if (found > before) sum += (found - before) * (found / (found + genuine[step]!));
    before = found;
  });
  return sum / total;
}

/** What the first cases of a queue sorted by score hold, compared with as many taken at random. */
export interface Lift {
  /** Cases looked at: what was asked for, at most all. Weighted cases count as what they stand for. */
  readonly first: number;
  /** Scams among them; where the limit cuts through equal scores, the expected number. */
  readonly found: number;
  /** Share of scams among them, and among all cases. */
  readonly share: number;
  readonly baseRate: number;
  /** `share` over `baseRate`: 1 is no better than chance. */
  readonly lift: number;
}

/** Weight found among the first `first` by weight, when each step's cases are in random order. */
function foundIn({ scams, genuine }: Ranking, first: number): number {
  let [foundBefore, seenBefore] = [0, 0];
  for (let step = 0; step < scams.length; step++) {
    const seen = scams[step]! + genuine[step]!;
    if (seen >= first) {
      const part = seen > seenBefore ? (first - seenBefore) / (seen - seenBefore) : 0;
      return foundBefore + part * (scams[step]! - foundBefore);
    }
    foundBefore = scams[step]!;
    seenBefore = seen;
  }
  return foundBefore;
}

/**
 * Scams found among the first `first` cases by score against the base rate; ties count by expectation. Shares and lift
 * are NaN without cases, for `first` of 0 or less and, the lift, without scams.
 */
export function liftAt(data: Scored | Ranking, first: number): Lift {
  const ranking = ranked(data);
  const scams = ranking.scams.at(-1) ?? 0;
  const total = scams + (ranking.genuine.at(-1) ?? 0);
  const looked = Math.max(0, Math.min(first, total));
  const found = looked > 0 ? foundIn(ranking, looked) : 0;
  const share = looked > 0 ? found / looked : NaN;
  const baseRate = total > 0 ? scams / total : NaN;
  return { first: looked, found, share, baseRate, lift: baseRate > 0 ? share / baseRate : NaN };
}
