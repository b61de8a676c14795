import type { Column, Frame } from './frame.ts';

/** Hash of 32 bits of a text, FNV-1a (Fowler, Noll, Vo). */
function textHash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h;
}

/** Finishing step of MurmurHash3 (Appleby): every bit of the input moves every bit of the result. */
function mixed(value: number): number {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** One whole number per row, equal when the values are equal: missing values are, and so are 0 and -0. */
function keysOf(column: Column): Int32Array {
  if (column.kind === 'category') {
    const hashes = column.levels.map(textHash);
    return column.codes.map((code) => (code === -1 ? 1 : hashes[code]!));
  }
  // Adding 0 turns -0 into 0; writing NaN into a new array gives it one spelling.
  const values = new Float32Array(column.values.length);
  for (let i = 0; i < values.length; i++) {
    const value = column.values[i]!;
    values[i] = Number.isNaN(value) ? NaN : value + 0;
  }
  return new Int32Array(values.buffer, values.byteOffset, values.length);
}

function isSame(a: Column, b: Column): boolean {
  if (a.kind === 'number' && b.kind === 'number') {
    const [x, y] = [a.values, b.values];
    return x.every((value, i) => value === y[i] || (Number.isNaN(value) && Number.isNaN(y[i]!)));
  }
  if (a.kind === 'category' && b.kind === 'category') {
    return a.codes.every((code, i) => a.levels[code] === b.levels[b.codes[i]!]);
  }
  return false;
}

function isConstant(keys: Int32Array): boolean {
  return keys.every((key) => key === keys[0]);
}

function hashOf(keys: Int32Array): number {
  let hash = 7;
  for (let i = 0; i < keys.length; i++) hash = Math.imul(hash, 31) + mixed(keys[i]!);
  return hash;
}

/** Columns that hold the same as an earlier one in every row, with the first such; not those with one value only. */
export function sameAs({ columns }: Pick<Frame, 'columns'>): [later: Column, earlier: Column][] {
  const firsts = new Map<string, Column[]>();
  const found: [Column, Column][] = [];
  for (const column of columns) {
    const keys = keysOf(column);
    if (isConstant(keys)) continue;
    const hash = `${column.kind} ${hashOf(keys)}`;
    const known = firsts.get(hash) ?? [];
    const earlier = known.find((other) => isSame(other, column));
    if (earlier === undefined) firsts.set(hash, [...known, column]);
    else found.push([column, earlier]);
  }
  return found;
}

/**
 * Number of rows that hold the same values and label as an earlier one. Rows are distinguished by a hash of 53 bits: among
 * a million different rows, a chance of one in ten thousand that one is counted too many.
 */
export function repeatedRows({ columns, labels, rows }: Pick<Frame, 'columns' | 'labels' | 'rows'>): number {
  const [high, low] = [new Int32Array(rows), new Int32Array(rows)];
  for (let i = 0; i < rows; i++) low[i] = labels[i]!;
  for (const column of columns) {
    const keys = keysOf(column);
    for (let i = 0; i < rows; i++) {
      high[i] = mixed(Math.imul(high[i]!, 0x9e3779b1) + keys[i]!);
      low[i] = mixed((Math.imul(low[i]!, 31) ^ keys[i]!) + 0x7f4a7c15);
    }
  }
  const hashes = new Float64Array(rows);
  for (let i = 0; i < rows; i++) hashes[i] = (high[i]! & 0x1fffff) * 2 ** 32 + (low[i]! >>> 0);
  hashes.sort();
  let repeats = 0;
  for (let i = 1; i < rows; i++) if (hashes[i] === hashes[i - 1]) repeats += 1;
  return repeats;
}
