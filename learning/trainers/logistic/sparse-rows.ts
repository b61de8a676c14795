import type { Frame, Rows } from '../../dataset/frame.ts';
import { roomFor, type Memory } from '../base/memory.ts';
import type { Design, NumericTerm } from './design.ts';

/** Rows of a design with only what is not 0: entries `starts[i]` to `starts[i + 1]` are row i's, columns ascending. */
export interface SparseRows {
  readonly rows: number;
  readonly cols: number;
  readonly starts: Uint32Array;
  readonly index: Uint32Array;
  readonly value: Float64Array;
}

/** Where a number column is read and its entries are put; `indicator` -1: it has none. */
interface NumberEntry {
  readonly term: NumericTerm;
  readonly at: number;
  readonly indicator: number;
  readonly values: Float32Array;
}

/** The term of each code of a category column, and that of a missing value. */
interface CategoryEntry {
  readonly codes: Int32Array;
  readonly terms: Uint32Array;
  readonly missing: number;
}

interface Entries {
  readonly numbers: readonly NumberEntry[];
  readonly categories: readonly CategoryEntry[];
}

/**
 * What is put of each row, in the design's order within each kind. Texts are matched by what they say: another frame may
 * number unlisted values differently.
 */
function entriesOf(design: Design, columns: Frame['columns']): Entries {
  const byName = new Map(columns.map((c) => [c.attribute.name, c]));
  const [numbers, categories]: [NumberEntry[], CategoryEntry[]] = [[], []];
  let next = design.numeric.length;
  design.numeric.forEach((term, at) => {
    const column = byName.get(term.column);
    const indicator = term.indicator ? next++ : -1;
    if (column?.kind === 'number') numbers.push({ term, at, indicator, values: column.values });
  });
  for (const { column: name, values } of design.categories) {
    const column = byName.get(name);
    const [first, known] = [next, new Map(values.map((v, k) => [v, k]))];
    next += values.length + 2;
    if (column?.kind !== 'category') continue;
    const terms = Uint32Array.from(column.levels, (level) => first + (known.get(level) ?? values.length));
    categories.push({ codes: column.codes, terms, missing: first + values.length + 1 });
  }
  return { numbers, categories };
}

/** Rows that are put together at a time: what they need stays near the processor. */
const rowsAtOnce = 512;
/** Entries of a row that room is made for at first; most rows have fewer than columns, as zeros are none. */
const usualEntries = 16;

/** Entries of some rows as they are put: `width` places for each row, of which the first `count` are taken. */
interface Places {
  readonly width: number;
  readonly count: Uint32Array;
  readonly index: Uint32Array;
  readonly value: Float64Array;
}

function put({ width, count, index, value }: Places, k: number, column: number, v: number): void {
  if (v === 0) return;
  const at = k * width + count[k]!++;
  index[at] = column;
  value[at] = v;
}

function putNumbers(places: Places, { term, at, indicator, values }: NumberEntry, rows: Rows): void {
  const { log, fill, mean, scale } = term;
  for (let k = 0; k < rows.length; k++) {
    const raw = values[rows[k]!]!;
    const missing = raw !== raw;
    put(places, k, at, ((missing ? fill : log ? Math.log1p(raw) : raw) - mean) / scale);
    if (missing && indicator !== -1) put(places, k, indicator, 1);
  }
}

function putLevels(places: Places, { codes, terms, missing }: CategoryEntry, rows: Rows): void {
  for (let k = 0; k < rows.length; k++) {
    const code = codes[rows[k]!]!;
    put(places, k, code === -1 ? missing : terms[code]!, 1);
  }
}

/** Moves entries together, in place; the starts of the rows. */
function close({ width, count, index, value }: Places, rows: number): Uint32Array {
  const starts = new Uint32Array(rows + 1);
  let length = 0;
  for (let k = 0; k < rows; k++) {
    for (let at = k * width; at < k * width + count[k]!; at++) {
      index[length] = index[at]!;
      value[length++] = value[at]!;
    }
    starts[k + 1] = length;
  }
  return starts;
}

/** Some of the rows that are asked for, `from` that one of them on. */
interface Block {
  readonly from: number;
  readonly x: SparseRows;
}

/** The given rows of a frame under a design, some at a time; the arrays of one block are used again by the next. */
export function* sparseBlocks(design: Design, columns: Frame['columns'], rows: Rows): Generator<Block> {
  const { numbers, categories } = entriesOf(design, columns);
  const width = numbers.length + numbers.filter(({ indicator }) => indicator !== -1).length + categories.length;
  const places = {
    width,
    count: new Uint32Array(rowsAtOnce),
    index: new Uint32Array(rowsAtOnce * width),
    value: new Float64Array(rowsAtOnce * width),
  };
  for (let from = 0; from < rows.length; from += rowsAtOnce) {
    const some = rows.subarray(from, from + rowsAtOnce);
    places.count.fill(0);
    for (const entry of numbers) putNumbers(places, entry, some);
    for (const entry of categories) putLevels(places, entry, some);
    const starts = close(places, some.length);
    const index = places.index.subarray(0, starts.at(-1));
    const value = places.value.subarray(0, starts.at(-1));
    yield { from, x: { rows: some.length, cols: design.size, starts, index, value } };
  }
}

/** The given rows of a frame under a design, without their zeros; `memory` holds them until it is asked for others. */
export function sparseRows(
  design: Design,
  columns: Frame['columns'],
  rows: Rows,
  memory: Memory = new Map(),
): SparseRows {
  const starts = new Uint32Array(rows.length + 1);
  let length = 0;
  let index = roomFor(memory, 'index', Uint32Array, usualEntries * rows.length);
  let value = roomFor(memory, 'value', Float64Array, usualEntries * rows.length);
  for (const { from, x } of sparseBlocks(design, columns, rows)) {
    const end = length + x.index.length;
    if (end > index.length) {
      index = roomFor(memory, 'index', Uint32Array, 2 * end);
      value = roomFor(memory, 'value', Float64Array, 2 * end);
    }
    index.set(x.index, length);
    value.set(x.value, length);
    for (let k = 1; k <= x.rows; k++) starts[from + k] = length + x.starts[k]!;
    length = end;
  }
  return {
    rows: rows.length,
    cols: design.size,
    starts,
    index: index.subarray(0, length),
    value: value.subarray(0, length),
  };
}
