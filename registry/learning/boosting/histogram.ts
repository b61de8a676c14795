import type { Binned, Group } from './groups.ts';

/** Rows of one step: their gradients stay in the first-level cache while all groups are counted. */
const blockRows = 1024;

/**
 * Sums of g and h by bin, interleaved: feature f's bin b is at `2 * (starts[f] + b)`. After Ke et al., LightGBM, NIPS
 * 2017: a node's smaller child is counted, the larger one is the difference.
 */
export type Histogram = Float64Array;

/** Builds histograms; it keeps its buffers from one to the next. */
export interface HistogramBuilder {
  /** A histogram to be filled; one given back before, if there is any. */
  readonly take: () => Histogram;
  readonly giveBack: (histogram: Histogram) => void;
  /** Sums of the rows `index[from]` to `index[to - 1]` over the given groups (all by default); others are left as they are. */
  readonly count: (out: Histogram, pairs: Float64Array, index: Uint32Array, from: number, to: number) => void;
}

/** Adds a block of gradients to the sums of its codes. Two rows go to two sets of sums, so that they need not wait for each other. */
function addBlock(
  sums: Float64Array,
  half: number,
  codes: Uint8Array | Uint16Array,
  rows: Uint32Array,
  pairs: Float64Array,
  count: number,
): void {
  let k = 0;
  for (; k + 1 < count; k += 2) {
    const a = 2 * codes[rows[k]!]!;
    const b = half + 2 * codes[rows[k + 1]!]!;
    const at = 2 * k;
    sums[a]! += pairs[at]!;
    sums[a + 1]! += pairs[at + 1]!;
    sums[b]! += pairs[at + 2]!;
    sums[b + 1]! += pairs[at + 3]!;
  }
  if (k < count) {
    const a = 2 * codes[rows[k]!]!;
    sums[a]! += pairs[2 * k]!;
    sums[a + 1]! += pairs[2 * k + 1]!;
  }
}

/** Adds up the joint sums of a group into the bins of each member. */
function spread(group: Group, sums: Float64Array, starts: Int32Array, out: Histogram): void {
  const { size, binOf } = group;
  group.members.forEach((f, m) => {
    const start = starts[f]!;
    out.fill(0, 2 * start, 2 * starts[f + 1]!);
    for (let code = 0; code < size; code++) {
      const at = 2 * (start + binOf[m * size + code]!);
      out[at]! += sums[2 * code]! + sums[2 * (size + code)]!;
      out[at + 1]! += sums[2 * code + 1]! + sums[2 * (size + code) + 1]!;
    }
  });
}

/** A builder for training rows in bins. */
export function histogramBuilder({ groups, starts }: Binned): HistogramBuilder {
  const length = 2 * starts.at(-1)!;
  const spare: Histogram[] = [];
  const sums = groups.map((group) => new Float64Array(4 * group.size));
  const blockPairs = new Float64Array(2 * blockRows);
  const block = new Uint32Array(blockRows);
  return {
    take: () => spare.pop() ?? new Float64Array(length),
    giveBack: (histogram) => void spare.push(histogram),
    count(out, pairs, index, from, to) {
      for (const joint of sums) joint.fill(0);
      for (let start = from; start < to; start += blockRows) {
        const count = Math.min(blockRows, to - start);
        for (let k = 0; k < count; k++) {
          const row = index[start + k]!;
          block[k] = row;
          blockPairs[2 * k] = pairs[2 * row]!;
          blockPairs[2 * k + 1] = pairs[2 * row + 1]!;
        }
        for (let g = 0; g < groups.length; g++) {
          addBlock(sums[g]!, 2 * groups[g]!.size, groups[g]!.codes, block, blockPairs, count);
        }
      }
      for (let g = 0; g < groups.length; g++) spread(groups[g]!, sums[g]!, starts, out);
    },
  };
}

/** Takes `part` away from `whole`, in place. */
export function subtract(whole: Histogram, part: Histogram): void {
  for (let i = 0; i < whole.length; i++) whole[i]! -= part[i]!;
}

/** Rows of a node by bin, in the order of the histogram, for the features counted so far. */
export interface RowCounts {
  readonly rows: Uint32Array;
  /** 1 for features that are counted. */
  readonly counted: Uint8Array;
}

/** Counts of a node before any feature is counted. */
export function noCounts({ features, starts }: Binned): RowCounts {
  return { rows: new Uint32Array(starts.at(-1)!), counted: new Uint8Array(features.length) };
}

/** Counts the rows `index[from]` to `index[to - 1]` by the bins of a feature and of those in its group. */
export function countRows(
  { groups, groupOf, starts }: Binned,
  into: RowCounts,
  feature: number,
  index: Uint32Array,
  from: number,
  to: number,
): void {
  const { size, codes, members, binOf } = groups[groupOf[feature]!]!;
  const joint = new Uint32Array(size);
  for (let k = from; k < to; k++) joint[codes[index[k]!]!]! += 1;
  members.forEach((f, m) => {
    into.counted[f] = 1;
    for (let code = 0; code < size; code++) into.rows[starts[f]! + binOf[m * size + code]!]! += joint[code]!;
  });
}
