import { isMissing, type EncodedRow } from '../../shared/encoding/encode.ts';
import type { Attribute, FeatureSchema } from '../../shared/encoding/schema.ts';

/** Numbers of one raw column, NaN for missing. Booleans and tactics are 0 and 1. */
export interface NumberColumn {
  readonly kind: 'number';
  readonly attribute: Attribute;
  readonly values: Float32Array;
}

/**
 * Texts of one raw column as indexes into `levels`: first the `listed` values of the schema in its order, then unlisted
 * ones in the order of their first row; -1 for missing.
 */
export interface CategoryColumn {
  readonly kind: 'category';
  readonly attribute: Attribute & { readonly kind: 'category' };
  readonly codes: Int32Array;
  readonly levels: readonly string[];
  readonly listed: number;
}

export type Column = NumberColumn | CategoryColumn;

/**
 * Labelled cases column by column: what trainers read. One column per shareable attribute of the schema, in its order.
 * All arrays have `rows` entries and lie in shared memory, so that worker threads read them without a copy.
 */
export interface Frame {
  readonly schema: FeatureSchema;
  readonly rows: number;
  readonly columns: readonly Column[];
  /** 1 scam, 0 genuine provider. */
  readonly labels: Uint8Array;
  /** At least 0: how many cases a row stands for. */
  readonly weights: Float64Array;
  /** Rows with the same number are about one incident; a row whose incident is unknown has a number of its own. */
  readonly incidents: Int32Array;
}

/** Which rows of a frame, ascending. */
export type Rows = Uint32Array;

/** A typed array in shared memory. */
export function shared<T>(make: new (buffer: SharedArrayBuffer) => T, bytesPerEntry: number, length: number): T {
  return new make(new SharedArrayBuffer(bytesPerEntry * length));
}

/** Indexes of all rows of a frame. */
export function allRows(frame: { readonly rows: number }): Rows {
  return Uint32Array.from({ length: frame.rows }, (_, i) => i);
}

/** Raw columns of one row, as `encodeFacts` gives them. */
export function rowOf(frame: Pick<Frame, 'columns'>, i: number): EncodedRow {
  const row: Record<string, number | string> = {};
  for (const column of frame.columns) {
    if (column.kind === 'number') row[column.attribute.name] = column.values[i]!;
    else row[column.attribute.name] = column.codes[i] === -1 ? '' : column.levels[column.codes[i]!]!;
  }
  return row;
}

interface Growing {
  readonly attribute: Attribute;
  readonly values: number[];
  /** Level -> code; null for number columns. */
  readonly codes: Map<string, number> | null;
}

/** Collects encoded rows column by column. */
export interface ColumnBuilder {
  readonly add: (row: EncodedRow) => void;
  /** The columns with their rows in the given order. */
  readonly build: (order: ArrayLike<number>) => Column[];
}

function codeOf(codes: Map<string, number>, value: string): number {
  if (isMissing(value)) return -1;
  const known = codes.get(value);
  if (known !== undefined) return known;
  codes.set(value, codes.size);
  return codes.size - 1;
}

/** Codes of unlisted values are renumbered by their first row in the final order, which alone decides. */
function categoryColumn(
  attribute: CategoryColumn['attribute'],
  growing: Growing,
  order: ArrayLike<number>,
): CategoryColumn {
  const listed = attribute.values.length;
  const known = [...growing.codes!.keys()];
  const renumbered = new Map<number, number>();
  const codes = shared(Int32Array, 4, order.length);
  for (let i = 0; i < order.length; i++) {
    const code = growing.values[order[i]!]!;
    if (code < listed) {
      codes[i] = code;
      continue;
    }
    if (!renumbered.has(code)) renumbered.set(code, listed + renumbered.size);
    codes[i] = renumbered.get(code)!;
  }
  return {
    kind: 'category',
    attribute,
    codes,
    levels: [...known.slice(0, listed), ...[...renumbered.keys()].map((code) => known[code]!)],
    listed,
  };
}

/** Starts collecting rows encoded under a schema. */
export function columnBuilder(schema: FeatureSchema): ColumnBuilder {
  const columns: Growing[] = schema.attributes
    .filter((a) => a.shareable)
    .map((attribute) => ({
      attribute,
      values: [],
      codes: attribute.kind === 'category' ? new Map(attribute.values.map((v, i) => [v.value, i])) : null,
    }));
  return {
    add(row) {
      for (const { attribute, values, codes } of columns) {
        const value = row[attribute.name]!;
        values.push(codes === null ? Number(value) : codeOf(codes, String(value)));
      }
    },
    build: (order) =>
      columns.map((growing): Column => {
        const { attribute, values } = growing;
        if (attribute.kind === 'category') return categoryColumn(attribute, growing, order);
        const sorted = shared(Float32Array, 4, order.length);
        for (let i = 0; i < order.length; i++) sorted[i] = values[order[i]!]!;
        return { kind: 'number', attribute, values: sorted };
      }),
  };
}
