import { OutpostError } from '../../shared/errors/index.ts';
import { byScoreDescending, scoreBin } from '../../shared/metrics/index.ts';
import { createRandom } from '../statistics/random.ts';
import type { JudgedCases } from './cases.ts';
import { sentence } from '../../shared/language/sentence.ts';

/** Statistics of a resample in which group `g` is drawn `draws[g]` times; NaN where one has no value. */
export interface Statistics {
  readonly names: readonly string[];
  /** Values in the order of the names. The array may be used again by the next call. */
  readonly of: (draws: Int32Array) => ArrayLike<number>;
}

/** Share or mean over some of the cases: sum of `part` over sum of `whole`, both times the weight. */
export interface Ratio {
  readonly part: (i: number) => number;
  readonly whole: (i: number) => number;
}

function sumsByGroup({ weights, groups }: JudgedCases, term: (i: number) => number): Float64Array {
  const sums = new Float64Array(groups.count);
  for (let i = 0; i < weights.length; i++) sums[groups.of[i]!]! += weights[i]! * term(i);
  return sums;
}

/** Ratios of sums. Their cases are summed by group once, so that a resample costs one step per group. */
export function ratioStatistics(cases: JudgedCases, ratios: Readonly<Record<string, Ratio>>): Statistics {
  const names = Object.keys(ratios);
  const sums = Object.values(ratios).map(({ part, whole }) => ({
    part: sumsByGroup(cases, part),
    whole: sumsByGroup(cases, whole),
  }));
  const values = new Float64Array(names.length);
  return {
    names,
    of(draws) {
      sums.forEach(({ part, whole }, at) => {
        let [top, bottom] = [0, 0];
        for (let g = 0; g < draws.length; g++) {
          top += draws[g]! * part[g]!;
          bottom += draws[g]! * whole[g]!;
        }
        values[at] = bottom > 0 ? top / bottom : NaN;
      });
      return values;
    },
  };
}

const calibrationBins = 10;

/** Names of what each bin adds to the calibration error, with its sign: mean of score minus label over all cases. */
export const binErrorNames = Array.from({ length: calibrationBins }, (_, bin) => `calibration_bin_${bin}`);

/** What a pass over the cases from the highest score down needs, in that order. */
interface Pass {
  readonly group: Int32Array;
  /** Weight, negative for genuine cases. */
  readonly signed: Float64Array;
  /** 1 where the next case has another score. */
  readonly last: Uint8Array;
  readonly bin: Uint8Array;
  /** Weight times score minus label. */
  readonly error: Float64Array;
}

function passOf({ labels, weights, groups }: JudgedCases, scores: ArrayLike<number>): Pass {
  const order = byScoreDescending(scores);
  const at = <T>(
    make: { from: (of: ArrayLike<number>, map: (i: number) => number) => T },
    map: (i: number) => number,
  ) => make.from(order, map);
  return {
    group: at(Int32Array, (i) => groups.of[i]!),
    signed: at(Float64Array, (i) => (labels[i] === 1 ? weights[i]! : -weights[i]!)),
    last: Uint8Array.from(order, (i, k) => Number(scores[order[k + 1] ?? -1] !== scores[i])),
    bin: at(Uint8Array, (i) => scoreBin(scores[i]!, calibrationBins)),
    error: at(Float64Array, (i) => weights[i]! * (scores[i]! - labels[i]!)),
  };
}

/** How many cases of the queue are looked at: a share of all by weight, or a number. */
export type Looked = { readonly share: number } | { readonly cases: number };

/** What one pass finds. */
interface Walked {
  readonly scams: number;
  readonly genuine: number;
  /** Weight of pairs in which the scam scores higher, ties half. */
  readonly wins: number;
  /** Sum of the scams' weight times the precision where they are found. */
  readonly precisions: number;
  /** Weight of the scams among the first so many; NaN where a limit is never reached. */
  readonly found: readonly number[];
  readonly errors: Float64Array;
}

function walk({ group, signed, last, bin, error }: Pass, draws: Int32Array, limits: readonly number[]): Walked {
  const found = limits.map(() => NaN);
  const errors = new Float64Array(calibrationBins);
  let [scams, genuine, tiedScams, tiedGenuine, wins, precisions, open] = [0, 0, 0, 0, 0, 0, limits.length];
  for (let k = 0; k < group.length; k++) {
    const times = draws[group[k]!]!;
    if (times > 0) {
      const weight = times * signed[k]!;
      if (weight > 0) tiedScams += weight;
      else tiedGenuine -= weight;
      errors[bin[k]!]! += times * error[k]!;
    }
    const tied = tiedScams + tiedGenuine;
    if (last[k] === 0 || tied === 0) continue;
    const seen = scams + genuine;
    for (let l = 0; open > 0 && l < limits.length; l++) {
      if (!Number.isNaN(found[l]) || seen + tied < limits[l]!) continue;
      found[l] = scams + (tiedScams * (limits[l]! - seen)) / tied;
      open -= 1;
    }
    wins += tiedGenuine * (scams + tiedScams / 2);
    scams += tiedScams;
    genuine += tiedGenuine;
    precisions += tiedScams * (scams / (scams + genuine));
    tiedScams = 0;
    tiedGenuine = 0;
  }
  return { scams, genuine, wins, precisions, found, errors };
}

/**
 * AUC (`auc`), average precision (`average_precision`), calibration error in ten bins (`calibration_error`, its parts by
 * `binErrorNames`) and the lifts asked for, by the definitions of `shared/metrics`. Cases are sorted once; a resample costs one pass over them.
 */
export function rankedStatistics(
  cases: JudgedCases,
  scores: ArrayLike<number>,
  lifts: Readonly<Record<string, Looked>> = {},
): Statistics {
  const pass = passOf(cases, scores);
  const weights = sumsByGroup(cases, () => 1);
  const looked = Object.values(lifts);
  const of = (draws: Int32Array): number[] => {
    const all = weights.reduce((sum, weight, g) => sum + draws[g]! * weight, 0);
    const limits = looked.map((l) => ('share' in l ? l.share * all : Math.min(l.cases, all)));
    const { scams, genuine, wins, precisions, found, errors } = walk(pass, draws, limits);
    const off = errors.reduce((sum, e) => sum + Math.abs(e), 0);
    // A limit that is all cases may lie beyond their sum in another order by a rounding.
    const among = found.map((f) => (Number.isNaN(f) ? scams : f));
    const lift = limits.map((limit, l) => among[l]! / limit / (scams / all));
    return [wins / (scams * genuine), precisions / scams, off / all, ...lift, ...errors.map((e) => e / all)];
  };
  return { names: ['auc', 'average_precision', 'calibration_error', ...Object.keys(lifts), ...binErrorNames], of };
}

export interface BootstrapOptions {
  readonly seed: number;
  /** Resamples; 1,000 give the ends of a 95 % interval to about a tenth of its width. */
  readonly repeats: number;
  /** Asked before each resample; true ends it with CANCELLED. */
  readonly cancelled?: () => boolean;
}

/** Values of statistics: on the cases as they are, and on each resample. */
export interface Replicates {
  readonly value: number;
  readonly resampled: Float64Array;
}

/**
 * Draws whole groups with replacement, as many as there are, and computes statistics on each resample (Efron &
 * Tibshirani 1993, ch. 6 and 8.4). All statistics see the same resamples, so that differences are paired. Deterministic
 * for a seed. Without groups every value is NaN.
 */
export function bootstrap(
  groups: number,
  statistics: readonly Statistics[],
  { seed, repeats, cancelled }: BootstrapOptions,
): Record<string, Replicates> {
  const once = new Int32Array(groups).fill(1);
  const found = statistics.map(({ names, of }) => {
    const values = of(once);
    return names.map((_, at) => ({ value: values[at]!, resampled: new Float64Array(repeats).fill(NaN) }));
  });
  const random = createRandom(seed);
  const draws = new Int32Array(groups);
  for (let r = 0; r < repeats && groups > 0; r++) {
    if (cancelled?.() === true) throw new OutpostError('CANCELLED', sentence('figures.judging_cancelled'));
    draws.fill(0);
    for (let g = 0; g < groups; g++) draws[random.below(groups)]! += 1;
    statistics.forEach(({ of }, s) => {
      const values = of(draws);
      found[s]!.forEach(({ resampled }, at) => (resampled[r] = values[at]!));
    });
  }
  return Object.fromEntries(statistics.flatMap(({ names }, s) => names.map((name, at) => [name, found[s]![at]!])));
}

/** Ends of an interval. */
export interface Ends {
  readonly low: number;
  readonly high: number;
}

/**
 * 95 % percentile interval (Efron & Tibshirani 1993, ch. 13). Resamples without a value are left out; null when they are
 * half of them or more.
 */
export function percentileInterval(resampled: Float64Array): Ends | null {
  const values = resampled.filter((v) => !Number.isNaN(v)).sort();
  if (values.length <= resampled.length / 2) return null;
  return { low: values[Math.floor(0.025 * values.length)]!, high: values[Math.ceil(0.975 * values.length) - 1]! };
}
