import { OutpostError } from '../errors/index.ts';
import type { ColumnValue, EncodedRow } from './encode.ts';
import type { Binding, StoredRow } from './manifest.ts';
import { sentence } from '../language/sentence.ts';

/** One input of the graph for a batch: `rows x width` floats in row order, or `rows` strings. */
export interface TensorData {
  readonly name: string;
  readonly width: number;
  readonly data: Float32Array | string[];
}

/** Names of the raw columns a model reads, in the order its binding lists them. */
export function boundColumns(binding: Binding): string[] {
  return binding.layout === 'matrix' ? [...binding.columns] : binding.columns.map((c) => c.attribute);
}

/** A row as JSON keeps it back as raw columns; a missing value becomes NaN or the empty string by its column's type. */
export function fromStored(binding: Binding, stored: StoredRow): EncodedRow {
  const strings =
    binding.layout === 'matrix' ? [] : binding.columns.filter((c) => c.type === 'string').map((c) => c.attribute);
  const row: Record<string, ColumnValue> = {};
  for (const name of boundColumns(binding)) row[name] = stored[name] ?? (strings.includes(name) ? '' : NaN);
  return row;
}

function numberOf(value: ColumnValue | undefined, name: string): number {
  if (typeof value === 'number') return value;
  throw new OutpostError('BAD_INPUT', sentence('encoding.column_no_number', { name }));
}

function textOf(value: ColumnValue | undefined, name: string): string {
  if (typeof value === 'string') return value;
  throw new OutpostError('BAD_INPUT', sentence('encoding.column_no_text', { name }));
}

function floats(rows: readonly EncodedRow[], names: readonly string[]): Float32Array<ArrayBuffer> {
  const data = new Float32Array(rows.length * names.length);
  let at = 0;
  for (const row of rows) for (const name of names) data[at++] = numberOf(row[name], name);
  return data;
}

/** A column of a batch: the value of each of its rows. */
type ValuesOf = (name: string) => readonly { readonly value: ColumnValue }[];

/** `packRows` for a batch that is there column by column. */
export function packColumns(binding: Binding, rows: number, valuesOf: ValuesOf): TensorData[] {
  const numbersInto = (data: Float32Array, name: string, first: number, step: number): void => {
    const values = valuesOf(name);
    for (let i = 0; i < rows; i++) data[first + i * step] = numberOf(values[i]!.value, name);
  };
  if (binding.layout === 'matrix') {
    const width = binding.columns.length;
    const data = new Float32Array(rows * width);
    binding.columns.forEach((name, at) => numbersInto(data, name, at, width));
    return [{ name: binding.input, width, data }];
  }
  return binding.columns.map(({ attribute, input, type }) => {
    if (type === 'string')
      return { name: input, width: 1, data: valuesOf(attribute).map(({ value }) => textOf(value, attribute)) };
    const data = new Float32Array(rows);
    numbersInto(data, attribute, 0, 1);
    return { name: input, width: 1, data };
  });
}

/** The same batch with one of its bound columns unknown in every row; `column` counts in the order of `boundColumns`. */
export function withoutColumn(inputs: readonly TensorData[], column: number): TensorData[] {
  let first = 0;
  return inputs.map((input) => {
    const at = column - first;
    first += input.width;
    if (at < 0 || at >= input.width) return input;
    if (!(input.data instanceof Float32Array)) return { ...input, data: input.data.map(() => '') };
    const data = input.data.slice();
    for (let i = at; i < data.length; i += input.width) data[i] = NaN;
    return { ...input, data };
  });
}

/** Turns rows into the graph's inputs as the manifest binds them. Throws BAD_INPUT for a column of the wrong type. */
export function packRows(binding: Binding, rows: readonly EncodedRow[]): TensorData[] {
  if (binding.layout === 'matrix') {
    return [{ name: binding.input, width: binding.columns.length, data: floats(rows, binding.columns) }];
  }
  return binding.columns.map(({ attribute, input, type }) => ({
    name: input,
    width: 1,
    data: type === 'string' ? rows.map((row) => textOf(row[attribute], attribute)) : floats(rows, [attribute]),
  }));
}
