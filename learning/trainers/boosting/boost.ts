import type { Random } from '../../statistics/random.ts';
import { gradientsOf, summedLogLoss, type SummedLoss } from './gradients.ts';
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

/** A model that grows tree by tree. */
export interface Booster {
  /** Trees grown so far. */
  readonly trees: readonly Tree[];
  readonly base: number;
  /** Grows the next tree from the rows learnt from and adds it to the log odds of all rows. */
  readonly grow: () => void;
  /** Log loss of the rows learnt from. */
  readonly learntLoss: () => SummedLoss;
  /** Log loss of the rows that are watched. */
  readonly watchedLoss: () => SummedLoss;
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
 * 2001), without a tree yet. The first `fitted` rows are learnt from, the others watched.
 */
export function booster(rows: Labelled, params: BoostingParams, fitted: number, random: Random): Booster {
  const { labels, weights, data } = rows;
  const setting = settingOf(rows, params, fitted);
  const gradients = gradientsOf(labels, weights);
  const base = baseOf(rows, fitted);
  const margins = new Float64Array(data.rows).fill(base);
  const watched = Uint32Array.from({ length: data.rows - fitted }, (_, k) => fitted + k);
  const trees: Tree[] = [];
  return {
    trees,
    base,
    grow() {
      const drawn = drawRows(setting.index, params.rowShare, random);
      gradients.update(margins, 0, fitted);
      const allowed = drawFeatures(data.features.length, params.columnShare, random);
      const grown = growTree(setting, gradients.pairs, drawn, allowed);
      trees.push(grown.tree);
      advance(grown, margins, setting.index.subarray(drawn), watched);
    },
    learntLoss: () => summedLogLoss(margins, labels, weights, 0, fitted),
    watchedLoss: () => summedLogLoss(margins, labels, weights, fitted, data.rows),
  };
}
