import type { Random } from '../random.ts';
import { goOn, type FitContext } from '../trainer.ts';
import { gradientsOf, meanLogLoss } from './gradients.ts';
import { growTree, type GrownTree, type GrowSetting } from './grow.ts';
import type { Binned } from './groups.ts';
import { histogramBuilder } from './histogram.ts';
import type { BoostingParams } from './params.ts';
import { splitSearch } from './split.ts';
import type { Tree } from './tree.ts';

/** Labelled rows in bins; all weigh more than 0. */
export interface Labelled {
  readonly data: Binned;
  readonly labels: Uint8Array;
  readonly weights: Float64Array;
  /** 1, -1 or 0 for each feature. */
  readonly monotone: Int8Array;
}

/** How far to boost. */
export interface Course {
  /** The first `fitted` rows are learnt from; the rest is watched. */
  readonly fitted: number;
  readonly rounds: number;
  /** Stops after as many rounds without a smaller loss on the watched rows; null: never. */
  readonly patience: number | null;
  /** Where this course lies in the progress of the fit. */
  readonly progress: readonly [from: number, to: number];
}

export interface Boosted {
  readonly trees: readonly Tree[];
  readonly base: number;
  /** Number of trees with the smallest loss on the watched rows; all of them when none are watched. */
  readonly best: number;
  /** Mean log loss of the rows learnt from. */
  readonly loss: number;
}

/** Log odds of the weighted share of label 1 among the first rows. */
function baseOf({ labels, weights }: Labelled, fitted: number): number {
  let [scam, all] = [0, 0];
  for (let k = 0; k < fitted; k++) {
    all += weights[k]!;
    if (labels[k] === 1) scam += weights[k]!;
  }
  return Math.log(scam / (all - scam));
}

function settingOf({ data, weights, monotone }: Labelled, params: BoostingParams, fitted: number): GrowSetting {
  return {
    data,
    params,
    monotone,
    builder: histogramBuilder(data),
    search: splitSearch(data.features, data.starts, monotone, params),
    mostWeight: weights.reduce((most, w) => Math.max(most, w), 0),
    index: new Uint32Array(fitted),
    spare: new Uint32Array(fitted),
  };
}

/** Puts the rows of the next tree first in the index and the others last; answers how many there are. */
function drawRows(index: Uint32Array, share: number, random: Random): number {
  if (share === 1) {
    for (let k = 0; k < index.length; k++) index[k] = k;
    return index.length;
  }
  let [first, last] = [0, index.length];
  for (let k = 0; k < index.length; k++) {
    if (random.chance(share)) index[first++] = k;
    else index[--last] = k;
  }
  return first;
}

/** Marks the features of the next tree: all, or an even draw of at least one. */
function drawFeatures(count: number, share: number, random: Random): Uint8Array {
  const allowed = new Uint8Array(count);
  let left = Math.max(1, Math.round(share * count));
  for (let f = 0; f < count; f++) {
    if (left < count - f && random.next() * (count - f) >= left) continue;
    allowed[f] = 1;
    left -= 1;
    if (left === 0) break;
  }
  return allowed;
}

/** Adds a tree to the margins of all rows, whether it was grown from them or not. */
function advance(grown: GrownTree, margins: Float64Array, left: Uint32Array, watched: Uint32Array): void {
  grown.addToGrown(margins);
  grown.addToRows(margins, left);
  grown.addToRows(margins, watched);
}

/**
 * Gradient boosting of trees on the weighted log loss by Newton steps (Chen & Guestrin, XGBoost, KDD 2016; Friedman
 * 2001). Throws CANCELLED when asked to stop.
 */
export function boost(
  rows: Labelled,
  params: BoostingParams,
  course: Course,
  random: Random,
  context: FitContext,
): Boosted {
  const { labels, weights, data } = rows;
  const { fitted, patience, progress } = course;
  const setting = settingOf(rows, params, fitted);
  const gradients = gradientsOf(labels, weights);
  const base = baseOf(rows, fitted);
  const margins = new Float64Array(data.rows).fill(base);
  const watched = Uint32Array.from({ length: data.rows - fitted }, (_, k) => fitted + k);
  const trees: Tree[] = [];
  const watchedLoss = () => meanLogLoss(margins, labels, weights, fitted, data.rows);
  let best = { rounds: 0, loss: patience === null ? Infinity : watchedLoss() };
  for (let round = 1; round <= course.rounds; round++) {
    goOn(context);
    const drawn = drawRows(setting.index, params.rowShare, random);
    gradients.update(margins, 0, fitted);
    const allowed = drawFeatures(data.features.length, params.columnShare, random);
    const grown = growTree(setting, gradients.pairs, drawn, allowed);
    trees.push(grown.tree);
    advance(grown, margins, setting.index.subarray(drawn), watched);
    context.onProgress?.(progress[0] + ((progress[1] - progress[0]) * round) / course.rounds);
    if (patience === null) continue;
    const loss = watchedLoss();
    if (loss < best.loss) best = { rounds: round, loss };
    if (round - best.rounds >= patience) break;
  }
  const loss = meanLogLoss(margins, labels, weights, 0, fitted);
  return { trees, base, best: patience === null ? trees.length : best.rounds, loss };
}
