import { OutpostError } from '../errors/index.ts';
import type { ColumnValue, EncodedRow } from './encode.ts';
import type { Binding, StoredRow } from './manifest.ts';

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

function numberAt(row: EncodedRow, name: string): number {
  const value = row[name];
  if (typeof value === 'number') return value;
  throw new OutpostError('BAD_INPUT', `The column ${name} is no number in a row that should be scored.`);
}

function textAt(row: EncodedRow, name: string): string {
  const value = row[name];
  if (typeof value === 'string') return value;
  throw new OutpostError('BAD_INPUT', `The column ${name} is no text in a row that should be scored.`);
}

function floats(rows: readonly EncodedRow[], names: readonly string[]): Float32Array<ArrayBuffer> {
  const data = new Float32Array(rows.length * names.length);
  let at = 0;
  for (const row of rows) for (const name of names) data[at++] = numberAt(row, name);
  return data;
}

/** Turns rows into the graph's inputs as the manifest binds them. Throws BAD_INPUT for a column of the wrong type. */
export function packRows(binding: Binding, rows: readonly EncodedRow[]): TensorData[] {
  if (binding.layout === 'matrix') {
    return [{ name: binding.input, width: binding.columns.length, data: floats(rows, binding.columns) }];
  }
  return binding.columns.map(({ attribute, input, type }) => ({
    name: input,
    width: 1,
    data: type === 'string' ? rows.map((row) => textAt(row, attribute)) : floats(rows, [attribute]),
  }));
}
