import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip, gunzipSync, gzipSync } from 'node:zlib';
import { z } from 'zod';
import { columnType } from '../../shared/encoding/encode.ts';
import { featureSchemaSchema, type Attribute } from '../../shared/encoding/schema.ts';
import { downgradeSchema, schemaOfFormat1Schema, upgradeSchema } from '../../shared/encoding/schema-format-1.ts';
import { schemaTextsSchema } from '../../shared/encoding/schema-texts.ts';
import { spellingsSchema } from '../../shared/encoding/unknown-spellings.ts';
import { profileSchema } from '../../shared/encoding/profile.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { canonicalJson, type Json } from '../../shared/log/canonical.ts';
import { dateSchema, hashSchema } from '../../shared/log/event.ts';
import { datasetBuilder, type Dataset, type DatasetFormat } from './dataset.ts';
import type { Column } from './frame.ts';
import { jsonTexts } from './json-texts.ts';
import { effectiveCount } from '../statistics/effective-sample-size.ts';
import { textsBeside } from './texts-beside.ts';
import { profileOfDataset } from './profile.ts';
import { quoted, sentence, sentenceSchema, type Sentence } from '../../shared/language/sentence.ts';

/** A sentence; before format 3 its English words. */
const saidOrWritten = z.union([sentenceSchema, z.string().transform(quoted)]);

/** Where the rows of a dataset come from. */
const provenanceSchema = z.strictObject({
  /** `file`: a CSV file; `feedback`: outcomes a registry collected. */
  from: z.enum(['file', 'feedback']),
  name: z.string().max(200),
  /** SHA-256 of the file. */
  sha256: hashSchema.nullable(),
  /** Columns of the file and what became of them. */
  columns: z.array(z.strictObject({ header: z.string(), attribute: z.string().nullable(), why: saidOrWritten })),
  /** Rows left out, by reason: before format 3 in English. */
  rejected: z.union([
    z.array(z.strictObject({ why: sentenceSchema, rows: z.int().min(0) })),
    z
      .record(z.string(), z.int().min(0))
      .transform((reasons) => Object.entries(reasons).map(([text, rows]) => ({ why: quoted(text), rows }))),
  ]),
  unlabelled: z.int().min(0),
  simulated: z.boolean(),
  /** Further spellings of unknown in the file. */
  missing: spellingsSchema.optional(),
});
export type Provenance = z.infer<typeof provenanceSchema>;

const headFields = {
  hash: hashSchema,
  rows: z.int().min(0),
  scams: z.int().min(0),
  /** Sum and largest of the rows' weights, and how many equally weighted rows tell as much (Kish 1965). */
  weights: z.strictObject({ sum: z.number(), largest: z.number(), effective: z.number() }),
  /** Weighted counts of all rows by the fixed bins of the schema, without scores; absent in the first snapshots. */
  profile: profileSchema.optional(),
  provenance: provenanceSchema,
};

/** 1: names of incidents and scammers are hashed; 2: they are numbers; 3: reasons are sentences as data. */
const earlierHeadSchema = z
  .strictObject({
    format: z.enum(['outpost.dataset/1', 'outpost.dataset/2', 'outpost.dataset/3']),
    ...headFields,
    schema: schemaOfFormat1Schema,
  })
  .transform((head) => ({ ...head, ...upgradeSchema(head.schema) }));

/** 4: the words of a schema stand beside it, and are no part of the hash. */
const headSchema = z.discriminatedUnion('format', [
  z.strictObject({
    format: z.literal('outpost.dataset/4'),
    ...headFields,
    schema: featureSchemaSchema,
    texts: z.array(schemaTextsSchema).max(50),
  }),
  earlierHeadSchema,
]);
/** First line of a snapshot. */
export type SnapshotHead = z.output<typeof headSchema>;

/** How the rows of a snapshot are written, by its format. */
const rowFormats = {
  'outpost.dataset/1': 1,
  'outpost.dataset/2': 3,
  'outpost.dataset/3': 3,
  'outpost.dataset/4': 4,
} as const satisfies Record<SnapshotHead['format'], DatasetFormat>;
const headFormats = {
  1: 'outpost.dataset/1',
  3: 'outpost.dataset/3',
  4: 'outpost.dataset/4',
} as const satisfies Record<DatasetFormat, SnapshotHead['format']>;

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
const [hashedRow, numberedRow] = [rowSchemaOf(hashedName.nullable()), rowSchemaOf(numberedName.nullable())];
const rowSchemas = { 1: hashedRow, 3: numberedRow, 4: numberedRow };

/** What a snapshot says of its dataset. */
export function headOf(dataset: Dataset, provenance: Provenance): SnapshotHead {
  const { frame, hash, schema, texts } = dataset;
  const weights = Array.from(frame.weights);
  return {
    format: headFormats[dataset.format],
    hash,
    schema,
    texts: [...texts],
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

/** The English words a snapshot of the first formats held. */
function written({ args }: Sentence): string {
  return typeof args['text'] === 'string' ? args['text'] : '';
}

/** A head as it is stored: the first formats have schemas of the first format, the very first words in place of sentences. */
function storedHead(head: SnapshotHead): Json {
  if (head.format === 'outpost.dataset/4') return head as unknown as Json;
  const { texts: _texts, profile, ...rest } = head;
  const { id, version } = head.schema;
  const counts = profile && { profile: { ...profile, schema: { id, version } } };
  const earlier = { ...rest, ...counts, schema: downgradeSchema(head) };
  if (head.format !== 'outpost.dataset/1') return earlier as unknown as Json;
  const { columns, rejected, ...others } = head.provenance;
  const provenance = {
    ...others,
    columns: columns.map(({ why, ...column }) => ({ ...column, why: written(why) })),
    rejected: Object.fromEntries(rejected.map(({ why, rows }) => [written(why), rows])),
  };
  return { ...earlier, provenance } as unknown as Json;
}

function storedName(name: string | null | undefined, format: DatasetFormat): string | number | null {
  return name === null || name === undefined ? null : format === 1 ? name : Number(name);
}

const linesPerChunk = 10_000;
const level = 6;

/** The value of a row in a column, as JSON has it. */
function valueReader(column: Column): (i: number) => number | string {
  if (column.kind === 'number') return (i) => column.values[i]!;
  const { codes, levels } = column;
  return (i) => (codes[i] === -1 ? '' : levels[codes[i]!]!);
}

/** The lines of a snapshot, some thousand at a time. */
function* chunksOf(dataset: Dataset, head: SnapshotHead): Generator<Buffer> {
  const { frame, names, received, tactics, format } = dataset;
  yield Buffer.from(`${canonicalJson(storedHead(head))}\n`);
  const read = frame.columns.map(valueReader);
  const [json, lists] = [jsonTexts(), tactics.lists.map((list) => JSON.stringify(list))];
  for (let start = 0; start < frame.rows; start += linesPerChunk) {
    const end = Math.min(frame.rows, start + linesPerChunk);
    let text = '';
    for (let i = start; i < end; i++) {
      const [incident, scammer] = [names[i]!.incident, names[i]!.scammer].map((name) =>
        JSON.stringify(storedName(name, format)),
      );
      const about = [frame.labels[i]!, json(frame.weights[i]!), incident, scammer].join(',');
      const tags = `${lists[tactics.atIntake[i]!]!},${lists[tactics.noted[i]!]!}`;
      // As `JSON.stringify` has it, which would spell out every number again.
      text += `[${JSON.stringify(received[i]!)},[${read.map((of) => json(of(i))).join(',')}],${about},${tags}]\n`;
    }
    yield Buffer.from(text);
  }
}

/**
 * A dataset as it stands, for good: gzip'd lines of JSON, what it is first, then one row each. Incidents and scammers are
 * numbers by their first row: a hash of a telephone number could be guessed. No reference, name or narrative is in it. The
 * same dataset and provenance give the same bytes.
 */
export function writeSnapshot(dataset: Dataset, provenance: Provenance): Uint8Array {
  return new Uint8Array(gzipSync(Buffer.concat([...chunksOf(dataset, headOf(dataset, provenance))]), { level }));
}

/** `writeSnapshot`, with its head, that leaves others their turns: for beside something that is waited for. */
export async function writeSnapshotInTurns(dataset: Dataset, head: SnapshotHead): Promise<Uint8Array> {
  const packed: Buffer[] = [];
  await pipeline(
    Readable.from(chunksOf(dataset, head)),
    createGzip({ level }),
    async (pieces: AsyncIterable<Buffer>) => {
      for await (const piece of pieces) packed.push(piece);
    },
  );
  return new Uint8Array(Buffer.concat(packed));
}

function bad(cause?: unknown): OutpostError {
  return new OutpostError('BAD_INPUT', sentence('dataset.dataset_damaged'), { cause });
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

/** A dataset with what its file says of where it comes from. */
export interface Snapshot {
  readonly dataset: Dataset;
  readonly head: SnapshotHead;
}

/** Reads a snapshot and checks that its rows are those its hash names, and its words those of its schema. Throws BAD_INPUT for anything else. */
export function readSnapshot(bytes: Uint8Array): Snapshot {
  const lines = linesOf(bytes);
  const head = headSchema.safeParse(lines.next().value);
  if (!head.success) throw bad(head.error);
  const { schema, hash } = head.data;
  const texts = textsBeside(head.data, 'dataset');
  const read = schema.attributes.filter((a) => a.shareable);
  const format = rowFormats[head.data.format];
  const builder = datasetBuilder(schema, texts, format);
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
  return { dataset, head: { ...head.data, texts } };
}
