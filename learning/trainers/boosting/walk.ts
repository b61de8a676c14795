import type { Binned } from './groups.ts';
import type { Tree } from './tree.ts';

/** A split by the codes of training rows: its group, and 1 for codes that go right. */
export interface CodeSplit {
  readonly group: number;
  readonly sides: Uint8Array;
}

/** A tree as training rows go down it by their codes, without a branch a processor could guess wrong. */
interface Walk {
  /** Three numbers per node: where its group's codes and its sides begin, and its left child. A leaf leads to itself. */
  readonly nodes: Uint32Array;
  readonly sides: Uint8Array;
  readonly value: Float64Array;
  /** Steps from the root to the deepest leaf. */
  readonly depth: number;
}

/** Prepares a tree; `splits` belong to its nodes and are null for leaves. */
export function walkOf({ left, value }: Tree, splits: readonly (CodeSplit | null)[], { rows, groups }: Binned): Walk {
  const nodes = new Uint32Array(3 * left.length);
  const depths = new Int32Array(left.length);
  // All codes of a leaf go to its first side: a stretch of zeros at the beginning.
  const widest = groups.reduce((most, { size }) => Math.max(most, size), 0);
  const sides = new Uint8Array(splits.reduce((sum, split) => sum + (split?.sides.length ?? 0), widest));
  let next = widest;
  splits.forEach((split, node) => {
    if (split === null) {
      nodes.set([0, 0, 3 * node], 3 * node);
      return;
    }
    nodes.set([split.group * rows, next, 3 * left[node]!], 3 * node);
    depths.fill(depths[node]! + 1, left[node]!, left[node]! + 2);
    sides.set(split.sides, next);
    next += split.sides.length;
  });
  return { nodes, sides, value, depth: depths.reduce((most, d) => Math.max(most, d), 0) };
}

/** Adds the weight of their leaf to the margins of training rows, four side by side. */
export function addLeaves(walk: Walk, codes: Uint8Array | Uint16Array, margins: Float64Array, rows: Uint32Array): void {
  const { nodes, sides, value, depth } = walk;
  let k = 0;
  for (; k + 3 < rows.length; k += 4) {
    const [row1, row2, row3, row4] = [rows[k]!, rows[k + 1]!, rows[k + 2]!, rows[k + 3]!];
    let [a, b, c, d] = [0, 0, 0, 0];
    for (let step = 0; step < depth; step++) {
      a = nodes[a + 2]! + 3 * sides[nodes[a + 1]! + codes[nodes[a]! + row1]!]!;
      b = nodes[b + 2]! + 3 * sides[nodes[b + 1]! + codes[nodes[b]! + row2]!]!;
      c = nodes[c + 2]! + 3 * sides[nodes[c + 1]! + codes[nodes[c]! + row3]!]!;
      d = nodes[d + 2]! + 3 * sides[nodes[d + 1]! + codes[nodes[d]! + row4]!]!;
    }
    margins[row1]! += value[a / 3]!;
    margins[row2]! += value[b / 3]!;
    margins[row3]! += value[c / 3]!;
    margins[row4]! += value[d / 3]!;
  }
  for (; k < rows.length; k++) {
    let a = 0;
    for (let step = 0; step < depth; step++) {
      a = nodes[a + 2]! + 3 * sides[nodes[a + 1]! + codes[nodes[a]! + rows[k]!]!]!;
    }
    margins[rows[k]!]! += value[a / 3]!;
  }
}
