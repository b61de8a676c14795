import type { EncodedRow } from '../../shared/encoding/encode.ts';
import type { Attribute, FeatureSchema } from '../../shared/encoding/schema.ts';

/** How one float column becomes a term: `((x, or log1p x, or fill when missing) - mean) / scale`. */
export interface NumericTerm {
  readonly column: string;
  readonly log: boolean;
  readonly fill: number;
  readonly mean: number;
  readonly scale: number;
  /** Whether a 0/1 term "missing" stands beside it. Not for tactics: recorded or not recorded is all they say. */
  readonly indicator: boolean;
}

/** One-hot terms of a string column: one per value, then one for missing. Values not listed give zeros everywhere. */
export interface CategoryTerm {
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

function transformed(term: { log: boolean }, value: number): number {
  return term.log ? Math.log1p(value) : value;
}

function numericTerm(attribute: Attribute, rows: readonly EncodedRow[], weights: readonly number[]): NumericTerm {
  const log = attribute.kind === 'money';
  const tactic = attribute.kind === 'tactic';
  let [sum, square, total] = [0, 0, 0];
  const values = rows.map((row) => transformed({ log }, Number(row[attribute.name])));
  const known = values.map((v) => (tactic && Number.isNaN(v) ? 0 : v));
  known.forEach((v, i) => {
    if (Number.isNaN(v)) return;
    sum += weights[i]! * v;
    total += weights[i]!;
  });
  const mean = total > 0 ? sum / total : 0;
  known.forEach((v, i) => {
    if (!Number.isNaN(v)) square += weights[i]! * (v - mean) ** 2;
  });
  const deviation = total > 0 ? Math.sqrt(square / total) : 0;
  // A constant column can show a deviation of 1e-17; dividing by that would turn rounding noise into a feature.
  const constant = deviation <= 1e-9 * Math.max(1, Math.abs(mean));
  return {
    column: attribute.name,
    log,
    fill: tactic ? 0 : mean,
    mean,
    scale: constant ? Infinity : deviation,
    indicator: !tactic,
  };
}

/** Builds the design from the training rows (weights at least 0). A constant column gets an infinite scale: always 0. */
export function designOf(schema: FeatureSchema, rows: readonly EncodedRow[], weights: readonly number[]): Design {
  const read = schema.attributes.filter((a) => a.shareable);
  const numeric = read.filter((a) => a.kind !== 'category').map((a) => numericTerm(a, rows, weights));
  const categories = read.flatMap((a) =>
    a.kind === 'category' ? [{ column: a.name, values: a.values.map((v) => v.value) }] : [],
  );
  const oneHot = categories.reduce((sum, c) => sum + c.values.length + 1, 0);
  return { numeric, categories, size: numeric.length + numeric.filter((t) => t.indicator).length + oneHot };
}

/** Writes one row of the design into `out` at `offset`. */
export function writeDesignRow(design: Design, row: EncodedRow, out: Float64Array, offset: number): void {
  let indicator = offset + design.numeric.length;
  design.numeric.forEach((term, j) => {
    const value = transformed(term, Number(row[term.column]));
    const missing = Number.isNaN(value);
    out[offset + j] = ((missing ? term.fill : value) - term.mean) / term.scale;
    if (term.indicator) out[indicator++] = Number(missing);
  });
  let at = indicator;
  for (const { column, values } of design.categories) {
    const value = String(row[column]);
    const index = value === '' ? values.length : values.indexOf(value);
    if (index >= 0) out[at + index] = 1;
    at += values.length + 1;
  }
}

/** Dense row-major design matrix of the rows. */
export function designMatrix(design: Design, rows: readonly EncodedRow[]): Float64Array {
  const x = new Float64Array(rows.length * design.size);
  rows.forEach((row, i) => writeDesignRow(design, row, x, i * design.size));
  return x;
}
