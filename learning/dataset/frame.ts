import { isMissing, type EncodedRow } from '../../shared/encoding/encode.ts';
import type { Attribute, FeatureSchema } from '../../shared/encoding/schema.ts';

/** An attribute whose column holds numbers. */
type NumericAttribute = Extract<Attribute, { kind: 'boolean' | 'number' | 'money' | 'tactic' }>;

/** Numbers of one raw column, NaN for missing. Booleans and tactics are 0 and 1. */
export interface NumberColumn {
  readonly kind: 'number';
  readonly attribute: NumericAttribute;
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
  /**
   * Rows with the same number belong together: about one incident, or of one scammer where that is known (also over
   * others in between). Folds, held-out parts and intervals go by it. A row that shares nothing has a number of its own.
   */
  readonly groups: Int32Array;
}

/** Which rows of a frame, ascending. */
export type Rows = Uint32Array;

/** A typed array in shared memory. */
export function shared<T>(make: new (buffer: SharedArrayBuffer) => T, bytesPerEntry: number, length: number): T {
  return new make(new SharedArrayBuffer(bytesPerEntry * length));
}

/** Indexes of all rows of a frame. */
export function allRows(frame: { readonly rows: number }): Rows {
  const rows = new Uint32Array(frame.rows);
  for (let i = 0; i < rows.length; i++) rows[i] = i;
  return rows;
}

/** The entries of an array that stand for some rows, in their order. */
export function valuesAt<T extends Float64Array | Int32Array | Uint8Array>(values: T, rows: ArrayLike<number>): T;
export function valuesAt(values: Float64Array | Int32Array | Uint8Array, rows: ArrayLike<number>) {
  const make = values instanceof Float64Array ? Float64Array : values instanceof Int32Array ? Int32Array : Uint8Array;
  const taken = new make(rows.length);
  for (let k = 0; k < rows.length; k++) taken[k] = values[rows[k]!]!;
  return taken;
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

/** A list of numbers that grows in place. */
interface GrowingNumbers {
  readonly push: (value: number) => void;
  readonly at: (i: number) => number;
}

function growing<A extends Float32Array | Int32Array>(make: (length: number) => A): GrowingNumbers {
  let values = make(1024);
  let length = 0;
  return {
    push(value) {
      if (length === values.length) {
        const larger = make(2 * length);
        larger.set(values);
        values = larger;
      }
      values[length++] = value;
    },
    at: (i) => values[i]!,
  };
}

/** One column while rows come in. */
interface GrowingColumn {
  readonly attribute: Attribute;
  readonly add: (value: number | string) => void;
  readonly build: (order: ArrayLike<number>) => Column;
}

function numberColumn(attribute: NumericAttribute): GrowingColumn {
  const values = growing((length) => new Float32Array(length));
  return {
    attribute,
    add: (value) => values.push(Number(value)),
    build(order) {
      const sorted = shared(Float32Array, 4, order.length);
      for (let i = 0; i < order.length; i++) sorted[i] = values.at(order[i]!);
      return { kind: 'number', attribute, values: sorted };
    },
  };
}

function codeOf(codes: Map<string, number>, value: string): number {
  if (isMissing(value)) return -1;
  const known = codes.get(value);
  if (known !== undefined) return known;
  codes.set(value, codes.size);
  return codes.size - 1;
}

function categoryColumn(attribute: CategoryColumn['attribute']): GrowingColumn {
  const known = new Map(attribute.values.map((value, i) => [value, i]));
  const listed = known.size;
  const values = growing((length) => new Int32Array(length));
  return {
    attribute,
    add: (value) => values.push(codeOf(known, String(value))),
    build(order) {
      const texts = [...known.keys()];
      // Unlisted values are numbered by their first row in the final order, which alone decides.
      const renumbered = new Map<number, number>();
      const codes = shared(Int32Array, 4, order.length);
      for (let i = 0; i < order.length; i++) {
        const code = values.at(order[i]!);
        if (code >= listed && !renumbered.has(code)) renumbered.set(code, listed + renumbered.size);
        codes[i] = renumbered.get(code) ?? code;
      }
      const unlisted = [...renumbered.keys()].map((code) => texts[code]!);
      return { kind: 'category', attribute, codes, levels: [...texts.slice(0, listed), ...unlisted], listed };
    },
  };
}

/** The column a kind of attribute is kept in. */
function growingColumn(attribute: Attribute): GrowingColumn {
  switch (attribute.kind) {
    case 'category':
      return categoryColumn(attribute);
    case 'boolean':
    case 'number':
    case 'money':
    case 'tactic':
      return numberColumn(attribute);
  }
}

/** Collects encoded rows column by column. */
interface ColumnBuilder {
  readonly add: (row: EncodedRow) => void;
  /** The columns with their rows in the given order. */
  readonly build: (order: ArrayLike<number>) => Column[];
}

/** Starts collecting rows encoded under a schema. */
export function columnBuilder(schema: FeatureSchema): ColumnBuilder {
  const columns = schema.attributes.filter((a) => a.shareable).map(growingColumn);
  return {
    add(row) {
      for (const column of columns) column.add(row[column.attribute.name]!);
    },
    build: (order) => columns.map((column) => column.build(order)),
  };
}
