import { withoutPersonalDigits } from '../../../shared/domain/personal-numbers.ts';
import type { Frame, NumberColumn, Rows } from '../../dataset/frame.ts';

/** How one number column becomes a term: `((x, or log1p x, or fill when missing) - mean) / scale`. */
export interface NumericTerm {
  readonly column: string;
  readonly log: boolean;
  readonly fill: number;
  readonly mean: number;
  readonly scale: number;
  /** Whether a 0/1 term "missing" stands beside it. Not for tactics: recorded or not recorded is all they say. */
  readonly indicator: boolean;
}

/** One-hot terms of a text column: one per listed value, one for all unlisted values together, one for missing. */
interface CategoryTerm {
  readonly column: string;
  readonly values: readonly string[];
}

/**
 * Order of the design's columns: numeric terms, then the missing indicators of those that have one, then the one-hot
 * terms column by column. Fixed by the schema and the training rows; trainer, prediction and graph all follow it.
 */
export interface Design {
  readonly numeric: readonly NumericTerm[];
  readonly categories: readonly CategoryTerm[];
  readonly size: number;
}

/** Where the terms of the category with most of them begin and end; a row has one of them at most. Null without any. */
export function widestCategory({ categories, size }: Design): { from: number; to: number } | null {
  let from = size - categories.reduce((sum, { values }) => sum + values.length + 2, 0);
  let widest: { from: number; to: number } | null = null;
  for (const { values } of categories) {
    const to = from + values.length + 2;
    if (widest === null || to - from > widest.to - widest.from) widest = { from, to };
    from = to;
  }
  return widest;
}

type Plain = Omit<NumericTerm, 'column' | 'log' | 'indicator'>;

/** Moves values so that the one at `place` stands where it would if they were sorted (quickselect; Hoare 1961). */
function select(values: Float64Array, place: number): number {
  let [from, to] = [0, values.length - 1];
  while (from < to) {
    const pivot = values[(from + to) >> 1]!;
    let [i, j] = [from, to];
    while (i <= j) {
      while (values[i]! < pivot) i += 1;
      while (values[j]! > pivot) j -= 1;
      if (i > j) break;
      const swapped = values[i]!;
      values[i++] = values[j]!;
      values[j--] = swapped;
    }
    if (place <= j) to = j;
    else if (place >= i) from = i;
    else break;
  }
  return values[place]!;
}

/** The middle value, or the mean of the two in the middle; 0 without any. */
function median(values: Float64Array): number {
  const moved = values.slice();
  const half = moved.length / 2;
  if (moved.length === 0) return 0;
  const upper = select(moved, Math.floor(half));
  if (!Number.isInteger(half)) return upper;
  let lower = -Infinity;
  for (let i = 0; i < half; i++) lower = Math.max(lower, moved[i]!);
  return (lower + upper) / 2;
}

/** Median of values with weights: the first at which half of the weight is reached, midway when it is hit exactly. */
function weightedMedian(values: Float64Array, weights: Float64Array): number {
  if (weights.every((weight) => weight === weights[0])) return median(values);
  const order = Uint32Array.from(values.keys()).sort((a, b) => values[a]! - values[b]!);
  const half = weights.reduce((a, b) => a + b, 0) / 2;
  let passed = 0;
  for (let k = 0; k < order.length; k++) {
    passed += weights[order[k]!]!;
    if (passed > half) return values[order[k]!]!;
    if (passed === half) return (values[order[k]!]! + values[order[Math.min(k + 1, order.length - 1)]!]!) / 2;
  }
  return 0;
}

/** Median, mean and population deviation of what is known, the median standing in for what is missing. */
function standardised(values: Float64Array, weights: Float64Array, missingWeight: number): Plain {
  // The median may be one row's number.
  const fill = withoutPersonalDigits(weightedMedian(values, weights));
  let [sum, total, low, high] = [fill * missingWeight, missingWeight, Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    sum += weights[i]! * values[i]!;
    total += weights[i]!;
    low = Math.min(low, values[i]!);
    high = Math.max(high, values[i]!);
  }
  const mean = total > 0 ? sum / total : 0;
  let square = missingWeight * (fill - mean) ** 2;
  for (let i = 0; i < values.length; i++) square += weights[i]! * (values[i]! - mean) ** 2;
  // Told by its values: the computed deviation of a constant column can be 1e-17, and dividing by that makes noise big.
  const constant = !(low < high);
  return { fill, mean, scale: constant ? Infinity : Math.sqrt(square / total) };
}

/** Whether numbers of a kind enter by their logarithm, and whether they stay as they are, being 0 and 1. */
function shapeOf(kind: NumberColumn['attribute']['kind']): { readonly log: boolean; readonly plain: boolean } {
  switch (kind) {
    case 'boolean':
    case 'tactic':
      return { log: false, plain: true };
    case 'number':
      return { log: false, plain: false };
    case 'money':
      return { log: true, plain: false };
  }
}

/** Room for the known values of a column and their weights, used by one column after the other. */
type Known = Record<'values' | 'weights', Float64Array>;

function numericTerm(column: NumberColumn, frame: Frame, rows: Rows, { values, weights }: Known): NumericTerm {
  const { name, kind } = column.attribute;
  const { log, plain } = shapeOf(kind);
  let [used, known, missingWeight] = [0, 0, 0];
  for (let k = 0; k < rows.length; k++) {
    const weight = frame.weights[rows[k]!]!;
    if (weight <= 0) continue;
    used += 1;
    const value = column.values[rows[k]!]!;
    if (value !== value) {
      missingWeight += weight;
      continue;
    }
    if (!plain) {
      values[known] = log ? Math.log1p(value) : value;
      weights[known] = weight;
    }
    known += 1;
  }
  const base = { column: name, log, indicator: kind !== 'tactic' && known < used };
  if (plain) return { ...base, fill: 0, mean: 0, scale: 1 };
  return { ...base, ...standardised(values.subarray(0, known), weights.subarray(0, known), missingWeight) };
}

/**
 * Builds the design from training rows. Numbers are standardised after the median stands in for what is missing, 0/1
 * columns stay as they are, a constant number gets an infinite scale: always 0.
 */
export function designOf(frame: Frame, rows: Rows): Design {
  const known = { values: new Float64Array(rows.length), weights: new Float64Array(rows.length) };
  const numeric = frame.columns.flatMap((c) => (c.kind === 'number' ? [numericTerm(c, frame, rows, known)] : []));
  const categories = frame.columns.flatMap((c) =>
    c.kind === 'category' ? [{ column: c.attribute.name, values: c.levels.slice(0, c.listed) }] : [],
  );
  const oneHot = categories.reduce((sum, c) => sum + c.values.length + 2, 0);
  return { numeric, categories, size: numeric.length + numeric.filter((t) => t.indicator).length + oneHot };
}
