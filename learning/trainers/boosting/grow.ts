import type { Binned } from './groups.ts';
import { countRows, noCounts, subtract, type Histogram, type HistogramBuilder } from './histogram.ts';
import type { BoostingParams } from './params.ts';
import { childBounds, leafWeight, unbounded, type Bounds, type Split, type SplitSearch, type Sums } from './split.ts';
import { exactWeight, rules, type Tree } from './tree.ts';
import { addLeaves, walkOf, type CodeSplit } from './walk.ts';

/** A node that may still be split; its rows are `index[from]` to `index[to - 1]`. */
interface OpenNode {
  readonly id: number;
  readonly from: number;
  readonly to: number;
  readonly depth: number;
  readonly sums: Sums;
  readonly bounds: Bounds;
}

interface SplitNode extends OpenNode {
  readonly histogram: Histogram;
  readonly split: Split;
}

/** A grown tree that also finds the leaf of a training row by its bins. */
export interface GrownTree {
  readonly tree: Tree;
  /** Adds the leaf weight of the rows it was grown from to their margins. */
  readonly addToGrown: (margins: Float64Array) => void;
  /** Does the same for other training rows. */
  readonly addToRows: (margins: Float64Array, rows: Uint32Array) => void;
}

/** What trees of one fit share. */
export interface GrowSetting {
  readonly data: Binned;
  readonly params: BoostingParams;
  /** 1, -1 or 0 for each feature. */
  readonly monotone: Int8Array;
  readonly builder: HistogramBuilder;
  readonly search: SplitSearch;
  /** Largest weight of a row. */
  readonly mostWeight: number;
  /** Rows in the order of the tree that is grown, and room for as many. */
  readonly index: Uint32Array;
  readonly spare: Uint32Array;
}

/** Grows one tree. */
class Grower {
  readonly #s: GrowSetting;
  readonly #pairs: Float64Array;
  readonly #allowed: Uint8Array;
  readonly column: number[] = [];
  readonly rule: number[] = [];
  readonly value: number[] = [];
  readonly left: number[] = [];
  /** Of each node how its rows are split; null for leaves. */
  readonly splits: (CodeSplit | null)[] = [];
  /** Rows that end in a leaf, or in the two leaves of a split that did not move them. */
  readonly ends: { readonly id: number; readonly from: number; readonly to: number }[] = [];
  #leaves = 0;

  constructor(setting: GrowSetting, pairs: Float64Array, allowed: Uint8Array) {
    this.#s = setting;
    this.#pairs = pairs;
    this.#allowed = allowed;
  }

  /** Splits nodes until none gains or the limits are reached: by gain when leaves are limited, else depth first. */
  grow(rows: number): void {
    const { maxLeaves } = this.#s.params;
    const most = maxLeaves === 0 ? Infinity : maxLeaves;
    const open: SplitNode[] = [];
    this.#root(rows, open);
    while (open.length > 0) {
      const leavesNow = open.length + this.#leaves;
      if (leavesNow >= most) break;
      const next = most === Infinity ? open.pop()! : takeBest(open);
      this.#divide(next, leavesNow + 1 < most, open);
    }
    for (const node of open) this.#end(node, node.histogram);
  }

  #newNode(): number {
    this.column.push(-1);
    this.rule.push(0);
    this.value.push(0);
    this.left.push(-1);
    this.splits.push(null);
    return this.column.length - 1;
  }

  #root(rows: number, open: SplitNode[]): void {
    const { builder, index } = this.#s;
    const histogram = builder.take();
    builder.count(histogram, this.#pairs, index, 0, rows);
    const sums = this.#sumsOf(histogram, rows);
    const root = { id: this.#newNode(), from: 0, to: rows, depth: 0, sums, bounds: unbounded };
    this.#openOrClose(root, histogram, open);
  }

  /** Sums over the rows of the tree; every feature's bins hold all of them, exactly. */
  #sumsOf(histogram: Histogram, rows: number): Sums {
    const { data, index } = this.#s;
    let [g, h] = [0, 0];
    for (let at = 0; at < 2 * (data.starts[1] ?? 0); at += 2) {
      g += histogram[at]!;
      h += histogram[at + 1]!;
    }
    if (data.features.length > 0) return { g, h };
    for (let k = 0; k < rows; k++) {
      g += this.#pairs[2 * index[k]!]!;
      h += this.#pairs[2 * index[k]! + 1]!;
    }
    return { g, h };
  }

  #openOrClose(node: OpenNode, histogram: Histogram, open: SplitNode[]): void {
    const split = this.#best(node, histogram);
    if (split) open.push({ ...node, histogram, split });
    else this.#end(node, histogram);
  }

  /** Makes a node a leaf for all of its rows. */
  #end(node: OpenNode, histogram: Histogram): void {
    this.#s.builder.giveBack(histogram);
    this.#weigh(node.id, node.sums, node.bounds);
    this.ends.push(node);
  }

  #weigh(id: number, sums: Sums, bounds: Bounds): void {
    const { lambda, learningRate } = this.#s.params;
    this.value[id] = exactWeight(learningRate * leafWeight(sums, lambda, bounds));
    this.#leaves += 1;
  }

  /**
   * The least number of rows is looked at last: only where the best split might leave too few are the rows of its feature
   * counted, and the search done again.
   */
  #best(node: OpenNode, histogram: Histogram): Split | null {
    const { search, params, data, index } = this.#s;
    const rows = node.to - node.from;
    if (rows < 2 * params.minLeafRows) return null;
    const view = { histogram, total: node.sums, bounds: node.bounds, rows };
    let split = search({ ...view, counts: null }, this.#allowed);
    if (params.minLeafRows === 1) return split;
    const counts = noCounts(data);
    while (split && counts.counted[split.feature] === 0 && !this.#keepsEnough(split)) {
      countRows(data, counts, split.feature, index, node.from, node.to);
      split = search({ ...view, counts }, this.#allowed);
    }
    return split;
  }

  /** A row's h is at most a quarter of its weight, so a child has at least 4 H / (largest weight) rows. */
  #keepsEnough({ left, right }: Split): boolean {
    const { params, mostWeight } = this.#s;
    return 4 * Math.min(left.h, right.h) >= params.minLeafRows * mostWeight;
  }

  #divide(node: SplitNode, more: boolean, open: SplitNode[]): void {
    const { builder, monotone, params } = this.#s;
    const { split, depth } = node;
    this.#record(node);
    const [low, high] = childBounds(split, node.bounds, monotone[split.feature]!, params.lambda);
    if (!more || depth + 1 >= params.maxDepth) {
      // Nothing below looks at the rows again: they stay where they are.
      builder.giveBack(node.histogram);
      this.#weigh(this.#newNode(), split.left, low);
      this.#weigh(this.#newNode(), split.right, high);
      this.ends.push(node);
      return;
    }
    const middle = this.#partition(node);
    const common = { depth: depth + 1 };
    const left = { ...common, id: this.#newNode(), from: node.from, to: middle, sums: split.left, bounds: low };
    const right = { ...common, id: this.#newNode(), from: middle, to: node.to, sums: split.right, bounds: high };
    const small = middle - node.from <= node.to - middle ? left : right;
    const counted = builder.take();
    builder.count(counted, this.#pairs, this.#s.index, small.from, small.to);
    subtract(node.histogram, counted);
    this.#openOrClose(left, small === left ? counted : node.histogram, open);
    this.#openOrClose(right, small === right ? counted : node.histogram, open);
  }

  /** Writes the split into the node. */
  #record({ id, split }: SplitNode): void {
    const { data } = this.#s;
    const feature = data.features[split.feature]!;
    this.column[id] = feature.column;
    this.left[id] = this.column.length;
    if (feature.kind === 'category') {
      this.rule[id] = rules.level;
      this.value[id] = feature.levels[split.bin]!;
    } else {
      this.rule[id] = split.missingLeft ? rules.missingLeft : rules.missingRight;
      // After the last cut: all that is present against missing.
      this.value[id] = feature.cuts[split.bin] ?? Infinity;
    }
    const g = data.groupOf[split.feature]!;
    const { size, binOf } = data.groups[g]!;
    const member = data.memberOf[split.feature]!;
    const missingBin = feature.kind === 'number' && feature.missing ? feature.bins - 1 : -1;
    const sides = new Uint8Array(size);
    for (let code = 0; code < size; code++) {
      const bin = binOf[member * size + code]!;
      if (feature.kind === 'category') sides[code] = Number(bin === split.bin);
      else sides[code] = Number(bin === missingBin ? !split.missingLeft : bin > split.bin);
    }
    this.splits[id] = { group: g, sides };
  }

  /** Puts the rows of the left side first, in their order; answers where the right side begins. */
  #partition({ id, from, to }: SplitNode): number {
    const { index, spare, data } = this.#s;
    const { group, sides } = this.splits[id]!;
    const { codes } = data.groups[group]!;
    let [l, r] = [from, 0];
    // Both places are written and one of them counts, which is faster than a branch nobody can predict.
    for (let k = from; k < to; k++) {
      const row = index[k]!;
      const right = sides[codes[row]!]!;
      index[l] = row;
      spare[r] = row;
      r += right;
      l += 1 - right;
    }
    index.set(spare.subarray(0, r), l);
    return l;
  }
}

function takeBest(open: SplitNode[]): SplitNode {
  let best = 0;
  for (let i = 1; i < open.length; i++) {
    const ahead = open[i]!.split.gain - open[best]!.split.gain;
    if (ahead > 0 || (ahead === 0 && open[i]!.id < open[best]!.id)) best = i;
  }
  return open.splice(best, 1)[0]!;
}

function addWeight(margins: Float64Array, rows: Uint32Array, weight: number): void {
  for (let k = 0; k < rows.length; k++) margins[rows[k]!]! += weight;
}

function addWeights(
  margins: Float64Array,
  rows: Uint32Array,
  codes: Uint8Array | Uint16Array,
  byCode: Float64Array,
): void {
  for (let k = 0; k < rows.length; k++) margins[rows[k]!]! += byCode[codes[rows[k]!]!]!;
}

/** Grows a tree from the rows that come first in `setting.index`, over the features that are allowed. */
export function growTree(setting: GrowSetting, pairs: Float64Array, rows: number, allowed: Uint8Array): GrownTree {
  const grower = new Grower(setting, pairs, allowed);
  grower.grow(rows);
  const { ends, splits } = grower;
  const tree = {
    column: Int32Array.from(grower.column),
    rule: Uint8Array.from(grower.rule),
    value: Float64Array.from(grower.value),
    left: Int32Array.from(grower.left),
  };
  return {
    tree,
    addToGrown(margins) {
      for (const { id, from, to } of ends) {
        const rows = setting.index.subarray(from, to);
        if (tree.column[id] === -1) addWeight(margins, rows, tree.value[id]!);
        else {
          const { group, sides } = splits[id]!;
          const byCode = Float64Array.from(sides, (side) => tree.value[tree.left[id]! + side]!);
          addWeights(margins, rows, setting.data.groups[group]!.codes, byCode);
        }
      }
    },
    addToRows: (margins, rows) => {
      if (rows.length > 0) addLeaves(walkOf(tree, splits, setting.data), setting.data.codes, margins, rows);
    },
  };
}
