import type { Feature } from './bins.ts';
import type { Histogram, RowCounts } from './histogram.ts';
import type { BoostingParams } from './params.ts';

/** Least gain of a split; below it is rounding (XGBoost's kRtEps). */
const leastGain = 1e-6;

/** What the leaf weights of a node must lie between, in log odds before the learning rate. */
export interface Bounds {
  readonly low: number;
  readonly high: number;
}
export const unbounded: Bounds = { low: -Infinity, high: Infinity };

/** Sums over the rows of a node. */
export interface Sums {
  readonly g: number;
  readonly h: number;
}

/** A split of a node. Its left side holds numbers in bins up to `bin`, or every category level but that of `bin`. */
export interface Split {
  readonly feature: number;
  readonly bin: number;
  /** Whether missing numbers go left. */
  readonly missingLeft: boolean;
  readonly gain: number;
  readonly left: Sums;
  readonly right: Sums;
}

/** What a node is searched with. */
interface NodeView {
  readonly histogram: Histogram;
  readonly total: Sums;
  readonly bounds: Bounds;
  /** Features that are counted keep the least number of rows on both sides; null: none is. */
  readonly counts: RowCounts | null;
  readonly rows: number;
}

/** Finds the split of a node with the largest gain among the allowed features; null when none is allowed or gains. */
export type SplitSearch = (node: NodeView, allowed: Uint8Array) => Split | null;

/** Best weight of a leaf, -G / (H + lambda), kept within bounds (Chen & Guestrin 2016, equation 5). */
export function leafWeight({ g, h }: Sums, lambda: number, { low, high }: Bounds): number {
  const weight = h + lambda > 0 ? -g / (h + lambda) : 0;
  return Math.min(high, Math.max(low, weight));
}

/** Twice the fall of the loss by a leaf of its best weight within bounds; G^2 / (H + lambda) without bounds. */
function score(g: number, h: number, lambda: number, bounds: Bounds): number {
  if (bounds === unbounded) return h + lambda > 0 ? (g * g) / (h + lambda) : 0;
  const w = leafWeight({ g, h }, lambda, bounds);
  return -(2 * g * w + (h + lambda) * w * w);
}

/**
 * The search of one node. Gains are those of Chen & Guestrin 2016 (equation 7) without the factor 1/2, as XGBoost has
 * them. Of equal gains the first feature, then the first bin, then missing on the right wins.
 */
class Search {
  readonly #params: BoostingParams;
  readonly #features: readonly Feature[];
  readonly #starts: Int32Array;
  readonly #monotone: Int8Array;
  #node!: NodeView;
  /** Rows by bin of the feature that is looked at; null when they are not counted. */
  #counts: Uint32Array | null = null;
  #own = 0;
  #gain = 0;
  #feature = -1;
  #bin = -1;
  #missingLeft = false;
  #g = 0;
  #h = 0;

  constructor(features: readonly Feature[], starts: Int32Array, monotone: Int8Array, params: BoostingParams) {
    this.#features = features;
    this.#starts = starts;
    this.#monotone = monotone;
    this.#params = params;
  }

  find(node: NodeView, allowed: Uint8Array): Split | null {
    this.#node = node;
    this.#own = score(node.total.g, node.total.h, this.#params.lambda, node.bounds);
    this.#gain = Math.max(leastGain, this.#params.gamma);
    this.#feature = -1;
    for (let f = 0; f < this.#features.length; f++) {
      if (allowed[f] === 0) continue;
      this.#counts = node.counts?.counted[f] === 1 ? node.counts.rows : null;
      if (this.#features[f]!.kind === 'number') this.#numbers(f);
      else this.#levels(f);
    }
    if (this.#feature === -1) return null;
    const left = { g: this.#g, h: this.#h };
    return {
      feature: this.#feature,
      bin: this.#bin,
      missingLeft: this.#missingLeft,
      gain: this.#gain,
      left,
      right: { g: node.total.g - left.g, h: node.total.h - left.h },
    };
  }

  /** Looks at the split whose left side has the given sums and rows. */
  #look(f: number, bin: number, missingLeft: boolean, g: number, h: number, rows: number): void {
    const { total, bounds } = this.#node;
    const { lambda, minChildWeight, minLeafRows } = this.#params;
    const rightG = total.g - g;
    const rightH = total.h - h;
    if (h < minChildWeight || rightH < minChildWeight || h <= 0 || rightH <= 0) return;
    if (this.#counts !== null && (rows < minLeafRows || this.#node.rows - rows < minLeafRows)) return;
    const gain = score(g, h, lambda, bounds) + score(rightG, rightH, lambda, bounds) - this.#own;
    if (!(gain > this.#gain)) return;
    const direction = this.#monotone[f]!;
    if (direction !== 0) {
      const rise = leafWeight({ g: rightG, h: rightH }, lambda, bounds) - leafWeight({ g, h }, lambda, bounds);
      if (direction * rise < 0) return;
    }
    this.#gain = gain;
    this.#feature = f;
    this.#bin = bin;
    this.#missingLeft = missingLeft;
    this.#g = g;
    this.#h = h;
  }

  /** Bins up to each cut on the left; missing on either side (Chen & Guestrin 2016, algorithm 3). */
  #numbers(f: number): void {
    const feature = this.#features[f]!;
    const start = this.#starts[f]!;
    const { histogram, total } = this.#node;
    const counts = this.#counts;
    const last = feature.kind === 'number' && feature.missing ? feature.bins - 2 : feature.bins - 1;
    const missing = last < feature.bins - 1 ? start + feature.bins - 1 : -1;
    const missingG = missing < 0 ? 0 : histogram[2 * missing]!;
    const missingH = missing < 0 ? 0 : histogram[2 * missing + 1]!;
    const missingRows = missing < 0 || counts === null ? 0 : counts[missing]!;
    const both = missingH > 0 || missingG !== 0;
    let [g, h, rows] = [0, 0, 0];
    for (let b = 0; b < last; b++) {
      const at = 2 * (start + b);
      g += histogram[at]!;
      h += histogram[at + 1]!;
      if (counts !== null) rows += counts[start + b]!;
      // Where no training row is missing, missing goes with the heavier side.
      this.#look(f, b, !both && h > total.h - h, g, h, rows);
      if (both) this.#look(f, b, true, g + missingG, h + missingH, rows + missingRows);
    }
    if (both) this.#look(f, last, false, total.g - missingG, total.h - missingH, this.#node.rows - missingRows);
  }

  /** Each level against the rest. */
  #levels(f: number): void {
    const start = this.#starts[f]!;
    const { histogram, total, rows } = this.#node;
    const counts = this.#counts;
    for (let b = 0; b < this.#features[f]!.bins; b++) {
      const at = 2 * (start + b);
      const without = counts === null ? 0 : rows - counts[start + b]!;
      this.#look(f, b, false, total.g - histogram[at]!, total.h - histogram[at + 1]!, without);
    }
  }
}

/** A search over features; `monotone` has 1, -1 or 0 for each. */
export function splitSearch(
  features: readonly Feature[],
  starts: Int32Array,
  monotone: Int8Array,
  params: BoostingParams,
): SplitSearch {
  const search = new Search(features, starts, monotone, params);
  return (node, allowed) => search.find(node, allowed);
}

/** Bounds of both children: along a monotone feature neither may pass the middle between their weights. */
export function childBounds(split: Split, bounds: Bounds, direction: number, lambda: number): [Bounds, Bounds] {
  if (direction === 0) return [bounds, bounds];
  const middle = (leafWeight(split.left, lambda, bounds) + leafWeight(split.right, lambda, bounds)) / 2;
  const below = { low: bounds.low, high: middle };
  const above = { low: middle, high: bounds.high };
  return direction > 0 ? [below, above] : [above, below];
}
