/** Cases that are judged. Arrays have one entry per case. */
export interface JudgedCases {
  /** 1 scam, 0 genuine provider. */
  readonly labels: ArrayLike<number>;
  /** At least 0: how many cases each stands for. */
  readonly weights: ArrayLike<number>;
  readonly groups: Grouping;
}

/** Which cases belong together (see `Frame`). */
export interface Grouping {
  /** Group of each case, 0 to `count - 1`. */
  readonly of: Int32Array;
  readonly count: number;
  /** The cases, those of one group side by side. */
  readonly order: Uint32Array;
}

/** Numbers groups from 0 and brings their cases together. Equal entries of `names` are one group. */
export function groupingOf(names: ArrayLike<number>): Grouping {
  const known = new Map<number, number>();
  const of = new Int32Array(names.length);
  for (let i = 0; i < names.length; i++) {
    const found = known.get(names[i]!);
    of[i] = found ?? known.size;
    if (found === undefined) known.set(names[i]!, of[i]!);
  }
  const next = new Uint32Array(known.size + 1);
  for (const group of of) next[group + 1]! += 1;
  for (let i = 0; i < known.size; i++) next[i + 1]! += next[i]!;
  const order = new Uint32Array(of.length);
  for (let i = 0; i < of.length; i++) order[next[of[i]!]!++] = i;
  return { of, count: known.size, order };
}

/** Every case a group of its own. */
export function singleGroups(rows: number): Grouping {
  const of = Int32Array.from({ length: rows }, (_, i) => i);
  return { of, count: rows, order: Uint32Array.from(of) };
}
