import type { Attribute, FeatureSchema } from '../../shared/encoding/schema.ts';
import { columnBuilder, shared, type Frame, type Rows } from '../../learning/dataset/frame.ts';
import { referenceFigures, referenceRows } from './reference-data.ts';

/** A reference set as a frame, with its split S and the figures computed elsewhere. */
interface ReferenceFrame {
  readonly frame: Frame;
  readonly train: Rows;
  readonly test: Rows;
  readonly reference: Record<string, any>;
}

function attributeOf(name: string, kind: string, levels: readonly string[]): Attribute {
  const common = { name, group: 'more', shareable: true, since: 1 } as const;
  if (kind === 'number') return { ...common, kind, unit: '', min: -3e38, max: 3e38, bins: [0] };
  if (kind === 'boolean') return { ...common, kind };
  return { ...common, kind: 'category', values: [...levels] };
}

/** Reads a reference set under a schema of its kinds, text values listed as the training part has them, in their order. */
export function referenceFrame(set: string): ReferenceFrame {
  const reference = referenceFigures(set);
  const rows = referenceRows(set, set);
  const held = new Set(
    referenceRows(set, 'predictions')
      .filter((r) => r['split'] === 'S')
      .map((r) => Number(r['row'])),
  );
  const order = Uint32Array.from(rows.keys());
  const [train, test] = [order.filter((i) => !held.has(i)), order.filter((i) => held.has(i))];
  const levels = (c: string): string[] => [...new Set(Array.from(train, (i) => rows[i]![c]!))].filter((v) => v !== '');
  const schema: FeatureSchema = {
    format: 'outpost.feature-schema/2',
    id: set,
    issuer: null,
    version: 1,
    parent: null,
    ancestors: [],
    attributes: [
      ...reference['numeric'].map((c: string) => attributeOf(c, 'number', [])),
      ...reference['boolean'].map((c: string) => attributeOf(c, 'boolean', [])),
      ...Object.keys(reference['categorical']).map((c) => attributeOf(c, 'category', levels(c).toSorted())),
    ],
    currencies: { reference: 'USD', asOf: '2026-01-01', minorPerReference: { USD: 100 } },
    understoodTactics: [],
    synonyms: {},
  };
  const builder = columnBuilder(schema);
  for (const row of rows) {
    const cell = (a: Attribute): number | string => {
      const text = row[a.name]!;
      if (a.kind === 'category') return text;
      return text === '' ? NaN : Math.fround(Number(text));
    };
    builder.add(Object.fromEntries(schema.attributes.map((a) => [a.name, cell(a)])));
  }
  const labels = shared(Uint8Array, 1, rows.length);
  const weights = shared(Float64Array, 8, rows.length).fill(1);
  const groups = shared(Int32Array, 4, rows.length);
  rows.forEach((row, i) => {
    labels[i] = Number(row['y']);
    groups[i] = i;
  });
  return {
    frame: { schema, rows: rows.length, columns: builder.build(order), labels, weights, groups },
    train,
    test,
    reference,
  };
}
