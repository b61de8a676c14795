import { columnBuilder, type Frame } from '../../../../../learning/dataset/frame.ts';
import { complaintsSchema } from '../../../../../shared/encoding/complaints.ts';
import type { EncodedRow } from '../../../../../shared/encoding/encode.ts';
import type { Attribute, FeatureSchema } from '../../../../../shared/encoding/schema.ts';

/** Columns of a made schema: `number`, `tactic`, or the listed values of a category. */
export type Kinds = Readonly<Record<string, 'number' | 'tactic' | readonly string[]>>;

function attributeOf(name: string, kind: Kinds[string]): Attribute {
  const common = { name, group: 'more', shareable: true, since: 1 } as const;
  if (kind === 'number') return { ...common, kind, unit: '', min: -1e9, max: 1e9, bins: [0] };
  if (kind === 'tactic') return { ...common, kind, tag: name };
  return { ...common, kind: 'category', values: [...kind] };
}

export function schemaOf(kinds: Kinds): FeatureSchema {
  return { ...complaintsSchema, attributes: Object.entries(kinds).map(([name, kind]) => attributeOf(name, kind)) };
}

/** A frame of rows under a made schema; every row weighs 1 and is a group of its own unless given otherwise. */
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
