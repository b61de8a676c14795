import { clopperPearson, normalQuantile, wilson, type Interval } from '../../shared/metrics/index.ts';
import { clusteredMean } from '../statistics/model-selection.ts';
import { effectiveCases } from '../statistics/effective-sample-size.ts';
import type { JudgedCases } from './cases.ts';

/** A share by weight among some of the cases, with what its interval needs. */
export interface Share {
  /** Cases it is a share of, and those that are hits. */
  readonly rows: number;
  readonly hits: number;
  readonly weight: number;
  readonly hitWeight: number;
  /** Sums over groups of their weight squared, the weight of their hits squared, and the product of the two. */
  readonly squares: number;
  readonly hitSquares: number;
  readonly products: number;
  readonly groups: number;
  /** Groups with a hit, and with a case that is none. */
  readonly hitGroups: number;
  readonly otherGroups: number;
  /** True when all cases weigh the same and none shares a group: hits are binomial. */
  readonly binomial: boolean;
}

type Test = (i: number) => boolean;

/**
 * Counts hits among those of the given cases that are `among`. `rows` lists cases with those of one group side by
 * side. A share without cases has weight 0.
 */
export function shareOf({ weights, groups }: JudgedCases, rows: Uint32Array, among: Test, hit: Test): Share {
  let [count, hits, weight, hitWeight, squares, groupCount, hitGroups, otherGroups] = [0, 0, 0, 0, 0, 0, 0, 0];
  let [hitSquares, products, ownHitWeight] = [0, 0, 0];
  let [group, ownRows, ownHits, ownWeight] = [-1, 0, 0, 0];
  let [binomial, usual] = [true, NaN];
  const close = (): void => {
    squares += ownWeight ** 2;
    hitSquares += ownHitWeight ** 2;
    products += ownWeight * ownHitWeight;
    if (ownRows > 0) groupCount += 1;
    if (ownHits > 0) hitGroups += 1;
    if (ownHits < ownRows) otherGroups += 1;
    if (ownRows > 1) binomial = false;
    [ownRows, ownHits, ownWeight, ownHitWeight] = [0, 0, 0, 0];
  };
  for (const i of rows) {
    // What counts for nothing is no case of the share: not among its rows, nor against its being binomial.
    if (weights[i] === 0 || !among(i)) continue;
    if (groups.of[i] !== group) {
      close();
      group = groups.of[i]!;
    }
    const own = weights[i]!;
    if (count === 0) usual = own;
    else if (own !== usual) binomial = false;
    count += 1;
    weight += own;
    ownRows += 1;
    ownWeight += own;
    if (!hit(i)) continue;
    hits += 1;
    hitWeight += own;
    ownHitWeight += own;
    ownHits += 1;
  }
  close();
  const sums = { squares, hitSquares, products };
  return { rows: count, hits, weight, hitWeight, ...sums, groups: groupCount, hitGroups, otherGroups, binomial };
}

/**
 * Value of a share with its 95 % interval: exact where hits are binomial (Clopper & Pearson 1934), else Wilson's with the
 * effective number of cases, which takes cases of one group as saying the same. Null without weight.
 */
export function shareInterval(share: Share): (Interval & { readonly method: 'exact' | 'wilson' }) | null {
  if (!(share.weight > 0)) return null;
  if (share.binomial) return { ...clopperPearson(share.hits, share.rows), method: 'exact' };
  return { ...wilson(share.hitWeight / share.weight, effectiveCases(share)), method: 'wilson' };
}

const z = normalQuantile(0.975);

/**
 * True when the cases that count, or those of a label, are of two groups at least: one alone shows no variance, and no
 * interval comes of none.
 */
export function severalGroups({ labels, weights, groups }: JudgedCases, label?: 0 | 1): boolean {
  const counts = (i: number): boolean => weights[i]! > 0 && (label === undefined || labels[i] === label);
  const first = groups.of.findIndex((_, i) => counts(i));
  return groups.of.some((group, i) => counts(i) && group !== groups.of[first]);
}

/**
 * Weighted mean of a term per case with its normal 95 % interval, by the variance between groups. Null without weight; without ends
 * where all cases are of one group.
 */
export function meanInterval(
  { labels, weights, groups }: JudgedCases,
  term: (i: number) => number,
): Interval | Pick<Interval, 'value'> | null {
  const values = Float64Array.from({ length: labels.length }, (_, i) => term(i));
  const { mean: value, error } = clusteredMean(values, { weights, groups: groups.of });
  if (Number.isNaN(value)) return null;
  if (!severalGroups({ labels, weights, groups })) return { value };
  return { value, low: Math.max(0, value - z * error), high: value + z * error };
}
