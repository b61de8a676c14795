import { mostCodes, type Binned, type Group } from './groups.ts';

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
  /** Sums of the rows `index[from]` to `index[to - 1]` by the bins of every feature. */
  readonly count: (out: Histogram, pairs: Float64Array, index: Uint32Array, from: number, to: number) => void;
}

/** Groups that are counted in one pass, and their joint sums: g and h of code c are at `at[slot] + 2 * c`. */
interface Pass {
  readonly groups: readonly Group[];
  readonly sums: Float64Array;
  readonly at: Int32Array;
  readonly count: (pairs: Float64Array, index: Uint32Array, from: number, to: number) => void;
}

/** Where the sums of each slot begin; a slot without a group has a place nobody looks at. */
function placesOf(groups: readonly Group[], slots: number): { sums: Float64Array; at: Int32Array } {
  const at = new Int32Array(slots);
  let length = 0;
  for (let slot = 0; slot < slots; slot++) {
    at[slot] = length;
    length += 2 * (groups[slot]?.size ?? 1);
  }
  return { sums: new Float64Array(length), at };
}

/** Codes of up to four groups, one byte each, in one word per row. */
function packedWords(groups: readonly Group[], rows: number): Uint32Array {
  const words = new Uint32Array(rows);
  groups.forEach(({ codes }, slot) => {
    for (let k = 0; k < rows; k++) words[k]! |= codes[k]! << (8 * slot);
  });
  return words;
}

/** Two words per row: the codes of up to eight groups lie side by side, so that a row costs one step to the memory. */
function eightAtOnce(groups: readonly Group[], rows: number): Pass {
  const { sums, at } = placesOf(groups, 8);
  const words = new Uint32Array(2 * rows);
  const [low, high] = [packedWords(groups.slice(0, 4), rows), packedWords(groups.slice(4), rows)];
  for (let k = 0; k < rows; k++) {
    words[2 * k] = low[k]!;
    words[2 * k + 1] = high[k]!;
  }
  return { groups, sums, at, count: (pairs, index, from, to) => addEight(sums, at, words, pairs, index, from, to) };
}

function addEight(
  sums: Float64Array,
  at: Int32Array,
  words: Uint32Array,
  pairs: Float64Array,
  index: Uint32Array,
  from: number,
  to: number,
): void {
  const [at1, at2, at3, at4] = [at[1]!, at[2]!, at[3]!, at[4]!];
  const [at5, at6, at7] = [at[5]!, at[6]!, at[7]!];
  for (let k = from; k < to; k++) {
    const row = 2 * index[k]!;
    const g = pairs[row]!;
    const h = pairs[row + 1]!;
    const low = words[row]!;
    const high = words[row + 1]!;
    add(sums, (low & 0xff) << 1, g, h);
    add(sums, at1 + ((low >>> 7) & 0x1fe), g, h);
    add(sums, at2 + ((low >>> 15) & 0x1fe), g, h);
    add(sums, at3 + ((low >>> 23) & 0x1fe), g, h);
    add(sums, at4 + ((high & 0xff) << 1), g, h);
    add(sums, at5 + ((high >>> 7) & 0x1fe), g, h);
    add(sums, at6 + ((high >>> 15) & 0x1fe), g, h);
    add(sums, at7 + ((high >>> 23) & 0x1fe), g, h);
  }
}

function fourAtOnce(groups: readonly Group[], rows: number): Pass {
  const { sums, at } = placesOf(groups, 4);
  const words = packedWords(groups, rows);
  return { groups, sums, at, count: (pairs, index, from, to) => addFour(sums, at, words, pairs, index, from, to) };
}

function addFour(
  sums: Float64Array,
  at: Int32Array,
  words: Uint32Array,
  pairs: Float64Array,
  index: Uint32Array,
  from: number,
  to: number,
): void {
  const [at1, at2, at3] = [at[1]!, at[2]!, at[3]!];
  for (let k = from; k < to; k++) {
    const row = index[k]!;
    const g = pairs[2 * row]!;
    const h = pairs[2 * row + 1]!;
    const word = words[row]!;
    add(sums, (word & 0xff) << 1, g, h);
    add(sums, at1 + ((word >>> 7) & 0x1fe), g, h);
    add(sums, at2 + ((word >>> 15) & 0x1fe), g, h);
    add(sums, at3 + ((word >>> 23) & 0x1fe), g, h);
  }
}

/** A group whose codes take more than a byte. */
function oneAlone(group: Group): Pass {
  const { sums, at } = placesOf([group], 1);
  const { codes } = group;
  const count: Pass['count'] = (pairs, index, from, to) => {
    for (let k = from; k < to; k++) {
      const row = index[k]!;
      add(sums, 2 * codes[row]!, pairs[2 * row]!, pairs[2 * row + 1]!);
    }
  };
  return { groups: [group], sums, at, count };
}

function add(sums: Float64Array, at: number, g: number, h: number): void {
  sums[at]! += g;
  sums[at + 1]! += h;
}

function passesOf(groups: readonly Group[], rows: number): Pass[] {
  const small = groups.filter((group) => group.size <= mostCodes);
  const passes = groups.filter((group) => group.size > mostCodes).map(oneAlone);
  for (let next = 0; next < small.length; next += 8) {
    const together = small.slice(next, next + 8);
    passes.push(together.length > 4 ? eightAtOnce(together, rows) : fourAtOnce(together, rows));
  }
  return passes;
}

/** Adds up the joint sums of a group, which begin at `from`, into the bins of each member. */
function spread(group: Group, sums: Float64Array, from: number, starts: Int32Array, out: Histogram): void {
  const { size, binOf } = group;
  group.members.forEach((f, m) => {
    const start = starts[f]!;
    out.fill(0, 2 * start, 2 * starts[f + 1]!);
    for (let code = 0; code < size; code++) {
      const at = 2 * (start + binOf[m * size + code]!);
      out[at]! += sums[from + 2 * code]!;
      out[at + 1]! += sums[from + 2 * code + 1]!;
    }
  });
}

/** A builder for training rows in bins. */
export function histogramBuilder({ groups, starts, rows }: Binned): HistogramBuilder {
  const length = 2 * starts.at(-1)!;
  const spare: Histogram[] = [];
  const passes = passesOf(groups, rows);
  return {
    take: () => spare.pop() ?? new Float64Array(length),
    giveBack: (histogram) => void spare.push(histogram),
    count(out, pairs, index, from, to) {
      for (const pass of passes) {
        pass.sums.fill(0);
        pass.count(pairs, index, from, to);
        pass.groups.forEach((group, slot) => spread(group, pass.sums, pass.at[slot]!, starts, out));
      }
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
