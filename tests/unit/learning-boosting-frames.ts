import { columnBuilder, type Frame } from '../../registry/learning/frame.ts';
import { complaintsSchema } from '../../shared/encoding/complaints.ts';
import type { EncodedRow } from '../../shared/encoding/encode.ts';
import type { Attribute, FeatureSchema } from '../../shared/encoding/schema.ts';
import { referenceFigures, referenceRows } from '../support/reference-data.ts';

/** Columns of a made schema: `number`, `tactic`, or the listed values of a category. */
export type Kinds = Readonly<Record<string, 'number' | 'tactic' | readonly string[]>>;

function attributeOf(name: string, kind: Kinds[string]): Attribute {
  const common = { name, label: name, question: name, group: 'more', shareable: true, since: 1 } as const;
  if (kind === 'number') return { ...common, kind, unit: '', min: -1e9, max: 1e9, bins: [0] };
  if (kind === 'tactic') return { ...common, kind, tag: name, says: { yes: 'yes', no: 'no' } };
  return { ...common, kind: 'category', values: kind.map((value) => ({ value, label: value })) };
}

export function schemaOf(kinds: Kinds): FeatureSchema {
  return { ...complaintsSchema, attributes: Object.entries(kinds).map(([name, kind]) => attributeOf(name, kind)) };
}

/** A frame of rows under a made schema; every row weighs 1 and is a group of its own unless told otherwise. */
export function frameOf(
  kinds: Kinds,
  rows: readonly EncodedRow[],
  labels: readonly number[],
  extra: { weights?: readonly number[]; groups?: readonly number[] } = {},
): Frame {
  const schema = schemaOf(kinds);
  const builder = columnBuilder(schema);
  for (const row of rows) builder.add(row);
  return {
    schema,
    rows: rows.length,
    columns: builder.build(Uint32Array.from(rows.keys())),
    labels: Uint8Array.from(labels),
    weights: Float64Array.from(extra.weights ?? rows.map(() => 1)),
    groups: Int32Array.from(extra.groups ?? rows.keys()),
  };
}

/** A public set as a frame, with the rows of its split S. */
export function referenceFrame(set: string): { frame: Frame; train: Uint32Array; held: Uint32Array; figures: any } {
  const figures = referenceFigures(set);
  const rows = referenceRows(set, set);
  const test = new Set(
    referenceRows(set, 'predictions')
      .filter((r) => r['split'] === 'S')
      .map((r) => Number(r['row'])),
  );
  const index = Uint32Array.from(rows.keys());
  const train = index.filter((i) => !test.has(i));
  const numbers: string[] = [...figures['numeric'], ...figures['boolean']];
  const categories = Object.keys(figures['categorical']);
  const levels = (name: string) => [...new Set(Array.from(train, (i) => rows[i]![name]!))].filter((v) => v !== '');
  const kinds: Kinds = {
    ...Object.fromEntries(numbers.map((name) => [name, 'number' as const])),
    ...Object.fromEntries(categories.map((name) => [name, levels(name).toSorted()])),
  };
  const encoded = rows.map((row) => ({
    ...Object.fromEntries(numbers.map((name) => [name, row[name] === '' ? NaN : Number(row[name])])),
    ...Object.fromEntries(categories.map((name) => [name, row[name]!])),
  }));
  const frame = frameOf(
    kinds,
    encoded,
    rows.map((row) => Number(row['y'])),
  );
  return { frame, train, held: index.filter((i) => test.has(i)), figures };
}
