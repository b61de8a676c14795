import { OutpostError } from '../../../shared/errors/index.ts';
import type { CategoryColumn, Column, Frame, NumberColumn, Rows } from '../frame.ts';
import { levelCode, otherLevel, readNumber } from './bins.ts';

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
export function treeColumn({ attribute }: Column): TreeColumn {
  const { name } = attribute;
  if (attribute.kind === 'category') return { name, kind: 'category', values: attribute.values.map((v) => v.value) };
  return { name, kind: attribute.kind === 'tactic' ? 'tactic' : 'number', values: [] };
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

/** Reads one value of a column: a number, or the level code under the trees' own numbering. */
function readerOf({ name, values }: TreeColumn, frame: Pick<Frame, 'columns'>): (i: number) => number {
  const column = frame.columns.find((c) => c.attribute.name === name);
  if (!column) throw new OutpostError('BAD_INPUT', `The cases have no column ${name}, which the model reads.`);
  if (column.kind === 'number') return (i) => readNumber(column as NumberColumn, i);
  // Another schema or other cases may number the levels differently; the text decides.
  const { levels, codes } = column as CategoryColumn;
  const known = new Map(values.map((value, code) => [value, code]));
  const translated = Int32Array.from(levels, (text) => known.get(text) ?? otherLevel);
  return (i) => (codes[i] === -1 ? levelCode({ listed: values.length }, -1) : translated[codes[i]!]!);
}

/** Adds the weight of each row's leaf; `x` holds `count` rows of `width` values. */
function addTree(tree: Tree, x: Float64Array, width: number, out: Float64Array, from: number, count: number): void {
  const { column, rule, value, left } = tree;
  for (let k = 0; k < count; k++) {
    let node = 0;
    for (let c = column[0]!; c >= 0; c = column[node]!) {
      const v = x[k * width + c]!;
      const t = value[node]!;
      const how = rule[node]!;
      const goesLeft = how === rules.level ? v !== t : v <= t || (how === rules.missingLeft && v !== v);
      node = left[node]! + (goesLeft ? 0 : 1);
    }
    out[from + k]! += value[node]!;
  }
}

/**
 * Log odds of rows of a frame that has the columns the trees look at. The sum of the leaves is rounded to float32, which
 * is what the tree operator of ONNX answers with.
 */
export function marginsOf({ columns, trees, base }: Ensemble, frame: Pick<Frame, 'columns'>, rows: Rows): Float64Array {
  const out = new Float64Array(rows.length);
  const readers = columns.map((column) => readerOf(column, frame));
  const width = columns.length;
  // A block of rows stays in the cache while every tree goes over it.
  const blockRows = 256;
  const x = new Float64Array(blockRows * width);
  for (let from = 0; from < rows.length; from += blockRows) {
    const count = Math.min(blockRows, rows.length - from);
    for (let c = 0; c < width; c++) {
      for (let k = 0; k < count; k++) x[k * width + c] = readers[c]!(rows[from + k]!);
    }
    for (const tree of trees) addTree(tree, x, width, out, from, count);
  }
  for (let k = 0; k < out.length; k++) out[k] = Math.fround(out[k]!) + base;
  return out;
}
