import { gunzipSync, gzipSync } from 'node:zlib';
import { z } from 'zod';
import { columnType } from '../../shared/encoding/encode.ts';
import { featureSchemaSchema, type Attribute, type FeatureSchema } from '../../shared/encoding/schema.ts';
import { profileSchema } from '../../shared/encoding/profile.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { canonicalJson } from '../../shared/log/canonical.ts';
import { dateSchema, hashSchema } from '../../shared/log/event.ts';
import { datasetBuilder, recordOf, type Dataset, type DatasetFormat } from './dataset.ts';
import { effectiveCount } from '../statistics/effective-sample-size.ts';
import { profileOfDataset } from './profile.ts';

/** Where the rows of a dataset come from. */
export const provenanceSchema = z.strictObject({
  /** `file`: a CSV file; `feedback`: outcomes a registry collected. */
  from: z.enum(['file', 'feedback']),
  name: z.string().max(200),
  /** SHA-256 of the file. */
  sha256: hashSchema.nullable(),
  /** Columns of the file and what became of them. */
  columns: z.array(z.strictObject({ header: z.string(), attribute: z.string().nullable(), why: z.string() })),
  /** Rows left out, by reason. */
  rejected: z.record(z.string(), z.int().min(0)),
  unlabelled: z.int().min(0),
  simulated: z.boolean(),
});
export type Provenance = z.infer<typeof provenanceSchema>;

const headSchema = z.strictObject({
  /** 1: names of incidents and scammers are hashed; 2: they are numbers. */
  format: z.enum(['outpost.dataset/1', 'outpost.dataset/2']),
  hash: hashSchema,
  schema: featureSchemaSchema,
  rows: z.int().min(0),
  scams: z.int().min(0),
  /** Sum and largest of the rows' weights, and how many equally weighted rows tell as much (Kish 1965). */
  weights: z.strictObject({ sum: z.number(), largest: z.number(), effective: z.number() }),
  /** Weighted counts of all rows by the fixed bins of the schema, without scores; absent in the first snapshots. */
  profile: profileSchema.optional(),
  provenance: provenanceSchema,
});
/** First line of a snapshot. */
export type SnapshotHead = z.infer<typeof headSchema>;

const texts = z.array(z.string().max(40)).max(1000);

function rowSchemaOf<T extends z.ZodType<string | null>>(name: T) {
  return z.tuple([
    dateSchema.nullable(),
    z.array(z.union([z.number(), z.string(), z.null()])),
    z.union([z.literal(0), z.literal(1)]),
    z.number().min(0),
    name,
    name,
    texts,
    texts,
  ]);
}

const hashedName = z.string().regex(/^#[0-9a-f]{16}$/);
const numberedName = z.int().min(0).transform(String);
const rowSchemas = { 1: rowSchemaOf(hashedName.nullable()), 2: rowSchemaOf(numberedName.nullable()) };

/** What a snapshot says of its dataset. */
export function headOf(dataset: Dataset, provenance: Provenance): SnapshotHead {
  const { frame, hash, schema } = dataset;
  const weights = Array.from(frame.weights);
  return {
    format: `outpost.dataset/${dataset.format}`,
    hash,
    schema,
    rows: frame.rows,
    scams: frame.labels.reduce((sum, label) => sum + label, 0),
    weights: {
      sum: weights.reduce((a, b) => a + b, 0),
      largest: weights.reduce((a, b) => Math.max(a, b), 0),
      effective: effectiveCount(weights),
    },
    profile: profileOfDataset(dataset),
    provenance,
  };
}

function columnNames(schema: FeatureSchema): string[] {
  return schema.attributes.filter((a) => a.shareable).map((a) => a.name);
}

function storedName(name: string | null | undefined, format: DatasetFormat): string | number | null {
  return name === null || name === undefined ? null : format === 1 ? name : Number(name);
}

const linesPerChunk = 10_000;

/**
 * A dataset as it stands, for good: gzip'd lines of JSON, what it is first, then one row each. Incidents and scammers are
 * numbers by their first row: a hash of a telephone number could be guessed. No reference, name or narrative is in it. The
 * same dataset and provenance give the same bytes.
 */
export function writeSnapshot(dataset: Dataset, provenance: Provenance): Uint8Array {
  const attributes = columnNames(dataset.schema);
  const chunks: Buffer[] = [Buffer.from(`${canonicalJson(headOf(dataset, provenance))}\n`)];
  for (let start = 0; start < dataset.frame.rows; start += linesPerChunk) {
    const end = Math.min(dataset.frame.rows, start + linesPerChunk);
    let text = '';
    for (let i = start; i < end; i++) {
      const { encoded, received, label, weight, tactics, tacticsNoted, ...names } = recordOf(dataset, i);
      const [incident, scammer] = [names.incident, names.scammer].map((name) => storedName(name, dataset.format));
      const values = attributes.map((name) => encoded[name]!);
      text += `${JSON.stringify([received, values, label, weight, incident, scammer, tactics, tacticsNoted])}\n`;
    }
    chunks.push(Buffer.from(text));
  }
  return new Uint8Array(gzipSync(Buffer.concat(chunks), { level: 6 }));
}

function bad(cause?: unknown): OutpostError {
  return new OutpostError('BAD_INPUT', 'The dataset is damaged, or it is none. Build it again.', { cause });
}

function* linesOf(bytes: Uint8Array): Generator<unknown> {
  let text: Buffer;
  try {
    text = gunzipSync(bytes);
  } catch (cause) {
    throw bad(cause);
  }
  for (let start = 0; start < text.length;) {
    const end = text.indexOf(10, start);
    if (end === -1) throw bad();
    try {
      yield JSON.parse(text.toString('utf8', start, end));
    } catch (cause) {
      throw bad(cause);
    }
    start = end + 1;
  }
}

/** A raw column value back from JSON, where null stands for NaN. */
function storedValue(attribute: Attribute, value: number | string | null): number | string {
  const isText = columnType(attribute) === 'string';
  if (value === null && !isText) return NaN;
  if (value === null || isText !== (typeof value === 'string')) throw bad();
  return value;
}

/** Reads a snapshot and checks that its rows are those its hash names. Throws BAD_INPUT for anything else. */
export function readSnapshot(bytes: Uint8Array): { dataset: Dataset; head: SnapshotHead } {
  const lines = linesOf(bytes);
  const head = headSchema.safeParse(lines.next().value);
  if (!head.success) throw bad(head.error);
  const { schema, hash } = head.data;
  const read = schema.attributes.filter((a) => a.shareable);
  const format = head.data.format === 'outpost.dataset/1' ? 1 : 2;
  const builder = datasetBuilder(schema, format);
  for (const line of lines) {
    const row = rowSchemas[format].safeParse(line);
    if (!row.success || row.data[1].length !== read.length) throw bad(row.error);
    const [received, values, label, weight, incident, scammer, tactics, tacticsNoted] = row.data;
    const encoded = Object.fromEntries(
      read.map((attribute, i) => [attribute.name, storedValue(attribute, values[i]!)]),
    );
    builder.addEncoded({ encoded, received, label, weight, incident, scammer, tactics, tacticsNoted });
  }
  const dataset = builder.build();
  if (dataset.hash !== hash) throw bad();
  return { dataset, head: head.data };
}
