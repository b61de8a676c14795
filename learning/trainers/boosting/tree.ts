import type { Column, Frame } from '../../dataset/frame.ts';

/** How a node decides. */
export const rules = {
  /** Left when at most the value; missing goes right. */
  missingRight: 0,
  /** Left when at most the value, and when missing. */
  missingLeft: 1,
  /** Right when the level code is the value, left otherwise. */
  level: 2,
} as const;

/** A tree by node, the root first. A right child comes directly after its left sibling. */
export interface Tree {
  /** Column a node looks at, -1 for a leaf. */
  readonly column: Int32Array;
  readonly rule: Uint8Array;
  /** Threshold or level code of a split, weight in log odds of a leaf. */
  readonly value: Float64Array;
  /** Left child. */
  readonly left: Int32Array;
}

/** A raw column as the trees read it. */
export interface TreeColumn {
  readonly name: string;
  readonly kind: 'number' | 'tactic' | 'category';
  /** Listed values of a category: their places are their level codes, the next code is missing, -1 any other. */
  readonly values: readonly string[];
}

/** Trees whose leaf weights add up to log odds. */
export interface Ensemble {
  /** What the nodes' columns refer to; only columns that a split looks at. */
  readonly columns: readonly TreeColumn[];
  /** Any column: what a graph without a split still has to read, to know how many rows there are. */
  readonly anyColumn: TreeColumn;
  readonly trees: readonly Tree[];
  /** Log odds to start from. */
  readonly base: number;
}

const leafUnit = 2 ** 30;

/**
 * A leaf weight as a multiple of 2^-30: sums of such weights are exact in double precision, in whatever order a runtime
 * adds them up.
 */
export function exactWeight(weight: number): number {
  return Math.round(weight * leafUnit) / leafUnit;
}

/** How trees read a column of a frame. */
function treeColumn({ attribute }: Column): TreeColumn {
  const { name } = attribute;
  switch (attribute.kind) {
    case 'category':
      return { name, kind: 'category', values: [...attribute.values] };
    case 'tactic':
      return { name, kind: 'tactic', values: [] };
    case 'boolean':
    case 'number':
    case 'money':
      return { name, kind: 'number', values: [] };
  }
}

/** Keeps the columns that the trees look at, and renumbers the nodes' columns by them. */
export function ensembleOf(frame: Pick<Frame, 'columns'>, trees: readonly Tree[], base: number): Ensemble {
  const looked = new Set(trees.flatMap((tree) => [...tree.column]));
  const used = [...frame.columns.keys()].filter((c) => looked.has(c));
  const place = new Map(used.map((c, i) => [c, i]));
  return {
    columns: used.map((c) => treeColumn(frame.columns[c]!)),
    anyColumn: treeColumn(frame.columns[used[0] ?? 0]!),
    trees: trees.map((tree) => ({ ...tree, column: tree.column.map((c) => (c === -1 ? -1 : place.get(c)!)) })),
    base,
  };
}
