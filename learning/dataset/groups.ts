import { shared, valuesAt, type Frame, type Rows } from './frame.ts';
import type { Random } from '../statistics/random.ts';

/** Numbers rows as they come, from 0 by the first row of their name; a row without one has a number of its own. */
export function nameNumbers(): {
  readonly add: (name: string | null | undefined) => void;
  readonly all: () => Int32Array;
} {
  const known = new Map<string, number>();
  const numbers: number[] = [];
  let next = 0;
  return {
    add(name) {
      const found = name ? known.get(name) : undefined;
      const own = found ?? next++;
      if (name && found === undefined) known.set(name, own);
      numbers.push(own);
    },
    all() {
      const all = shared(Int32Array, 4, numbers.length);
      all.set(numbers);
      return all;
    },
  };
}

/** `nameNumbers` of all rows. */
export function numbered(names: readonly (string | null)[]): Int32Array {
  const numbers = nameNumbers();
  for (const name of names) numbers.add(name);
  return numbers.all();
}

/**
 * Numbers rows from 0 by the group they belong to, when rows that share any of the given numbers belong together, also
 * over others in between (union-find, Tarjan 1975). Each membership has one number per row, 0 to `rows` - 1.
 */
export function groupsOf(rows: number, memberships: readonly Int32Array[]): Int32Array {
  const parent = Int32Array.from({ length: rows }, (_, i) => i);
  const root = (i: number): number => {
    let at = i;
    while (parent[at] !== at) at = parent[at] = parent[parent[at]!]!;
    return at;
  };
  const first = new Int32Array(rows);
  for (const numbers of memberships) {
    first.fill(-1);
    for (let i = 0; i < rows; i++) {
      const other = first[numbers[i]!]!;
      if (other === -1) first[numbers[i]!] = i;
      else parent[root(i)] = root(other);
    }
  }
  const groups = shared(Int32Array, 4, rows);
  first.fill(-1);
  let next = 0;
  for (let i = 0; i < rows; i++) {
    const own = root(i);
    if (first[own] === -1) first[own] = next++;
    groups[i] = first[own]!;
  }
  return groups;
}

/** Rows that are dealt out: arrays with one entry per row. */
interface GroupedRows {
  /** 1 scam, 0 genuine provider. */
  readonly labels: ArrayLike<number>;
  /** Numbers of at least 0; rows with the same number stay together. */
  readonly groups: ArrayLike<number>;
}

/** Labels and groups of rows of a frame, in their order. */
export function groupedRows({ labels, groups }: Frame, rows: Rows): GroupedRows {
  return { labels: valuesAt(labels, rows), groups: valuesAt(groups, rows) };
}

/** Groups numbered from 0 by their first row, with their rows of each label. */
interface Counted {
  /** Group of each row. */
  readonly of: Int32Array;
  /** Rows of label 0 and 1 of each group. */
  readonly counts: readonly [Int32Array, Int32Array];
  /** Groups by the label of their first row. */
  readonly byLabel: readonly [Uint32Array, Uint32Array];
}

function counted({ labels, groups }: GroupedRows): Counted {
  let highest = -1;
  for (let i = 0; i < groups.length; i++) highest = Math.max(highest, groups[i]!);
  const known = new Int32Array(highest + 1).fill(-1);
  const of = new Int32Array(groups.length);
  const byLabel = [new Uint32Array(groups.length), new Uint32Array(groups.length)] as const;
  const found: [number, number] = [0, 0];
  const counts = [new Int32Array(groups.length), new Int32Array(groups.length)] as const;
  let next = 0;
  for (let i = 0; i < groups.length; i++) {
    const label = labels[i] === 1 ? 1 : 0;
    if (known[groups[i]!] === -1) {
      known[groups[i]!] = next;
      byLabel[label][found[label]++] = next++;
    }
    of[i] = known[groups[i]!]!;
    counts[label][of[i]!]! += 1;
  }
  return { of, counts, byLabel: [byLabel[0].subarray(0, found[0]), byLabel[1].subarray(0, found[1])] };
}

function shuffle(list: Uint32Array, random: Random): void {
  for (let i = list.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [list[i], list[j]] = [list[j]!, list[i]!];
  }
}

/** In which order groups are dealt: by chance, but those of several rows first, the largest before all. */
function dealingOrder({ counts, byLabel }: Counted, random: Random): Uint32Array {
  const size = (g: number): number => counts[0][g]! + counts[1][g]!;
  byLabel.forEach((list) => shuffle(list, random));
  const all = new Uint32Array(byLabel[0].length + byLabel[1].length);
  all.set(byLabel[0]);
  all.set(byLabel[1], byLabel[0].length);
  const large = all.filter((g) => size(g) > 1).sort((a, b) => size(b) - size(a));
  const single = all.filter((g) => size(g) === 1);
  all.set(large);
  all.set(single, large.length);
  return all;
}

/**
 * Deals rows into parts that are to hold the given shares (which sum to 1) of the rows of each label, whole groups only.
 * Greedily, largest groups first, each to the part it brings nearest to its share: the sum over labels of the squared
 * distance relative to the label's rows grows least (as scikit-learn's StratifiedGroupKFold, which goes by the standard
 * deviation of those shares). Ties go by chance in the order of groups, then to the first part. Answers the part of each
 * row; the same rows and random source give the same parts.
 */
export function dealGroups(rows: GroupedRows, shares: readonly number[], random: Random): Uint8Array {
  const found = counted(rows);
  const { of, counts } = found;
  const totals = counts.map((list) => list.reduce((sum, n) => sum + n, 0));
  // How many rows of a label a part holds beyond what it is to hold; below 0 while it lacks some.
  const excess = totals.map((total) => Float64Array.from(shares, (share) => -share * total));
  const scale = totals.map((total) => Float64Array.from(shares, (share) => share * total ** 2));
  const partOf = new Uint8Array(of.length);
  for (const group of dealingOrder(found, random)) {
    let [best, least] = [0, Infinity];
    for (let part = 0; part < shares.length; part++) {
      let cost = 0;
      for (let label = 0; label < 2; label++) {
        const own = counts[label]![group]!;
        if (own > 0) cost += (own * (2 * excess[label]![part]! + own)) / scale[label]![part]!;
      }
      if (cost < least) [best, least] = [part, cost];
    }
    for (let label = 0; label < 2; label++) excess[label]![best]! += counts[label]![group]!;
    partOf[group] = best;
  }
  return valuesAt(partOf, of);
}

/** `dealGroups` into `count` parts of the same size: folds. */
export function dealFolds(rows: GroupedRows, count: number, random: Random): Uint8Array {
  return dealGroups(
    rows,
    Array.from({ length: count }, () => 1 / count),
    random,
  );
}
