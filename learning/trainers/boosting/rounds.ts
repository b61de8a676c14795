import type { Frame, Rows } from '../../dataset/frame.ts';
import { dealFolds, dealGroups, groupedRows } from '../../dataset/groups.ts';
import type { Random } from '../../statistics/random.ts';
import { goOn, type FitContext } from '../base/trainer.ts';
import type { Booster } from './boost.ts';
import { leastGroups, leastWatched } from './params.ts';

const foldsWatched = 5;

/** All rows, those that are learnt from first and those that are watched last. */
interface Part {
  readonly order: Rows;
  /** How many are learnt from. */
  readonly fitted: number;
}

function partOf(rows: Rows, isWatched: (at: number) => boolean): Part {
  const kept = rows.filter((_, at) => !isWatched(at));
  const order = new Uint32Array(rows.length);
  order.set(kept);
  order.set(
    rows.filter((_, at) => isWatched(at)),
    kept.length,
  );
  return { order, fitted: kept.length };
}

/** Rows of the rarer class. */
function fewest({ labels }: Frame, rows: Rows): number {
  const scams = rows.reduce((sum, i) => sum + labels[i]!, 0);
  return Math.min(scams, rows.length - scams);
}

/** Groups with a row of the class that has fewer of them. */
function fewestGroups({ labels, groups }: Frame, rows: Rows): number {
  const seen: [Set<number>, Set<number>] = [new Set(), new Set()];
  for (const i of rows) seen[labels[i] === 1 ? 1 : 0].add(groups[i]!);
  return Math.min(seen[0].size, seen[1].size);
}

/**
 * Parts to count the rounds by, whole groups dealt by chance: one that watches about `share` of the rows where these
 * hold enough of both classes; else five that watch every row once (cross-validation as in Hastie, Tibshirani &
 * Friedman, Elements of Statistical Learning, 7.10, and `xgboost.cv`); none where a class has hardly any groups.
 */
export function watchedParts(frame: Frame, rows: Rows, share: number, random: Random): Part[] {
  const dealt = dealGroups(groupedRows(frame, rows), [1 - share, share], random);
  const held = partOf(rows, (at) => dealt[at] === 1);
  const sides = [held.order.subarray(0, held.fitted), held.order.subarray(held.fitted)];
  if (sides.every((side) => fewest(frame, side) >= leastWatched)) return [held];
  if (fewestGroups(frame, rows) < leastGroups) return [];
  const folds = dealFolds(groupedRows(frame, rows), foldsWatched, random);
  const parts = Array.from({ length: foldsWatched }, (_, fold) => partOf(rows, (at) => folds[at] === fold));
  // One incident may hold nearly all rows of a class: a fold without it has nothing to learn.
  return parts.filter(({ order, fitted }) => fitted < rows.length && fewest(frame, order.subarray(0, fitted)) > 0);
}

/**
 * The number of rounds, 0 to `most`, with the smallest mean log loss over all watched rows; all parts grow in step, until
 * that many rounds (`patience`) brought no smaller one. Progress goes from 0 to 1. Throws CANCELLED when asked to stop.
 */
export function bestRounds(
  boosters: readonly Booster[],
  { most, patience }: { readonly most: number; readonly patience: number },
  context: FitContext,
): number {
  const meanLoss = (): number => {
    let [sum, total] = [0, 0];
    for (const { loss, weight } of boosters.map((b) => b.watchedLoss())) {
      sum += loss;
      total += weight;
    }
    return sum / total;
  };
  let best = { rounds: 0, loss: meanLoss() };
  for (let round = 1; round <= most && round - best.rounds <= patience; round++) {
    for (const [at, one] of boosters.entries()) {
      goOn(context);
      one.grow();
      context.onProgress?.((round - 1 + (at + 1) / boosters.length) / most);
    }
    const loss = meanLoss();
    if (loss < best.loss) best = { rounds: round, loss };
  }
  return best.rounds;
}
