import { OutpostError } from '../../../shared/errors/index.ts';
import type { Frame, Rows } from '../../dataset/frame.ts';
import { binOf, levelCode, otherLevel, readNumber } from './bins.ts';
import { rules, type Ensemble, type Tree, type TreeColumn } from './tree.ts';
import { sentence } from '../../../shared/language/sentence.ts';

/**
 * Trees over whole numbers, so that a step down needs no branch a processor could guess wrong. A number is its place
 * among the thresholds of its column, a text its level code. Each column has two places in a row: in the second one
 * missing is below everything, in the first one above.
 */
interface Compiled {
  /** Ascending distinct thresholds of each column; of a text, its level codes, which nothing is looked up in. */
  readonly thresholds: readonly Float64Array[];
  readonly trees: readonly CompiledTree[];
}

interface CompiledTree {
  /** Four numbers per node: place in the row, bound, -1 for a level and 0 for a number, first number of the left child. */
  readonly nodes: Int32Array;
  readonly value: Float64Array;
  /** Steps from the root to the deepest leaf. */
  readonly depth: number;
}

function thresholdsOf({ columns, trees }: Ensemble): Float64Array[] {
  const found = columns.map(() => new Set<number>());
  for (const { column, value } of trees) column.forEach((c, node) => c >= 0 && found[c]!.add(value[node]!));
  return found.map((values) => Float64Array.from(values).sort());
}

/** More than any place or code: no number is above it. */
const never = 2 ** 30;

function compiledTree({ column, rule, value, left }: Tree, thresholds: Compiled['thresholds']): CompiledTree {
  const nodes = new Int32Array(4 * column.length);
  const depths = new Int32Array(column.length);
  column.forEach((c, node) => {
    // A leaf leads to itself, so that all rows may take as many steps.
    if (c < 0) nodes.set([0, never, 0, 4 * node], 4 * node);
    else {
      const isLevel = rule[node] === rules.level;
      const bound = isLevel ? value[node]! : binOf(thresholds[c]!, value[node]!);
      const place = 2 * c + Number(rule[node] === rules.missingLeft);
      nodes.set([place, bound, isLevel ? -1 : 0, 4 * left[node]!], 4 * node);
      depths.fill(depths[node]! + 1, left[node]!, left[node]! + 2);
    }
  });
  return { nodes, value, depth: depths.reduce((most, d) => Math.max(most, d), 0) };
}

function compiled(ensemble: Ensemble): Compiled {
  const thresholds = thresholdsOf(ensemble);
  return { thresholds, trees: ensemble.trees.map((tree) => compiledTree(tree, thresholds)) };
}

/** Writes both places of a column for the rows `from` to `from + count` of a block of `width` numbers a row. */
type WriteColumn = (block: Int32Array, width: number, rows: Rows, from: number, count: number) => void;

function writerOf({ name, values }: TreeColumn, c: number, cuts: Float64Array, columns: Frame['columns']): WriteColumn {
  const column = columns.find((other) => other.attribute.name === name);
  if (!column) throw new OutpostError('BAD_INPUT', sentence('trainers.no_column', { name }));
  if (column.kind === 'number') {
    return (block, width, rows, from, count) => {
      for (let k = 0, at = 2 * c; k < count; k++, at += width) {
        const v = readNumber(column, rows[from + k]!);
        const place = binOf(cuts, v);
        block[at] = v !== v ? cuts.length : place;
        block[at + 1] = v !== v ? -1 : place;
      }
    };
  }
  // Another schema or other cases may number the levels differently; the text decides.
  const { levels, codes } = column;
  const known = new Map(values.map((value, code) => [value, code]));
  const translated = Int32Array.from(levels, (text) => known.get(text) ?? otherLevel);
  const missing = levelCode({ listed: values.length }, -1);
  return (block, width, rows, from, count) => {
    for (let k = 0, at = 2 * c; k < count; k++, at += width) {
      const code = codes[rows[from + k]!]!;
      block[at] = code === -1 ? missing : translated[code]!;
    }
  };
}

/** One step down from a node, for the row that begins at `row` in the block. */
function below(nodes: Int32Array, node: number, block: Int32Array, row: number): number {
  const off = nodes[node + 1]! - block[row + nodes[node]!]!;
  const level = nodes[node + 2]!;
  // The sign bit says right: a number above the bound (off < 0), a level that is the bound (off = 0).
  const right = (off & ~level) | ((off - 1) & ~off & level);
  return nodes[node + 3]! + ((right >>> 31) << 2);
}

/** Adds the weight of each row's leaf, four rows side by side: one waits for memory while the others go on. */
function addTree({ nodes, value, depth }: CompiledTree, block: Int32Array, width: number, sums: Float64Array): void {
  for (let k = 0; k < sums.length; k += 4) {
    const row = k * width;
    let [a, b, c, d] = [0, 0, 0, 0];
    for (let step = 0; step < depth; step++) {
      a = below(nodes, a, block, row);
      b = below(nodes, b, block, row + width);
      c = below(nodes, c, block, row + 2 * width);
      d = below(nodes, d, block, row + 3 * width);
    }
    sums[k]! += value[a >> 2]!;
    sums[k + 1]! += value[b >> 2]!;
    sums[k + 2]! += value[c >> 2]!;
    sums[k + 3]! += value[d >> 2]!;
  }
}

/** A block of rows stays in the cache while every tree goes over it; a multiple of four. */
const blockRows = 256;

/**
 * Log odds of rows of a frame that has the columns the trees look at. The sum of the leaves is rounded to float32, which
 * is what the tree operator of ONNX answers with. Throws BAD_INPUT when a column is not there.
 */
export function marginsOf(ensemble: Ensemble, frame: Pick<Frame, 'columns'>, rows: Rows): Float64Array {
  const { thresholds, trees } = compiled(ensemble);
  const writers = ensemble.columns.map((column, c) => writerOf(column, c, thresholds[c]!, frame.columns));
  // A model without a split reads nothing, but still has a place to look at.
  const width = Math.max(1, 2 * writers.length);
  const out = new Float64Array(rows.length);
  const block = new Int32Array(blockRows * width);
  const sums = new Float64Array(blockRows);
  for (let from = 0; from < rows.length; from += blockRows) {
    const count = Math.min(blockRows, rows.length - from);
    for (const write of writers) write(block, width, rows, from, count);
    sums.fill(0);
    for (const tree of trees) addTree(tree, block, width, sums);
    for (let k = 0; k < count; k++) out[from + k] = Math.fround(sums[k]!) + ensemble.base;
  }
  return out;
}
