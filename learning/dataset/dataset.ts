import { createHash, hash } from 'node:crypto';
import type { Facts } from '../../shared/domain/facts.ts';
import { encodeFacts, isMissing, type EncodedRow } from '../../shared/encoding/encode.ts';
import type { StoredRow } from '../../shared/encoding/manifest.ts';
import type { FeatureSchema } from '../../shared/encoding/schema.ts';
import { downgradeSchema } from '../../shared/encoding/schema-format-1.ts';
import type { DescribedSchema, SchemaTexts } from '../../shared/encoding/schema-texts.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { canonicalJson, type Json } from '../../shared/log/canonical.ts';
import { canonicalOrder, type OrderedRow } from './canonical-order.ts';
import { columnBuilder, rowOf, shared, type Frame } from './frame.ts';
import { groupsOf, numbered } from './groups.ts';
import { jsonTexts } from './json-texts.ts';
import { sentence } from '../../shared/language/sentence.ts';

/** What is known of a training row beside its columns. */
interface RowLabel {
  readonly label: 0 | 1;
  /** How many cases it stands for; 1 unless given. */
  readonly weight?: number;
  /** Plain date; null when the rows carry no time. */
  readonly received: string | null;
  /** Cases about the same event share it, so that splits keep them together. The name itself is not kept. */
  readonly incident?: string | null;
  /** Cases of the same scammer share it. The name itself is not kept. */
  readonly scammer?: string | null;
}

/** A case with its label (1 scam, 0 genuine provider): facts as they were at intake. */
export interface LabelledRow extends RowLabel {
  readonly facts: Facts;
  /** Tactics noted by now, for the reference profile only: the model learns from those in `facts`, noted at intake. */
  readonly tacticsNoted?: readonly string[];
}

/** A labelled case whose received date is known. */
export type DatedRow = LabelledRow & { readonly received: string };

/** A training row as raw columns. */
export interface EncodedLabelledRow extends RowLabel {
  readonly encoded: EncodedRow;
  /** Tactics noted at intake, and those noted by now. */
  readonly tactics: readonly string[];
  readonly tacticsNoted: readonly string[];
}

/**
 * Labelled cases read under one schema, in an order that follows from their contents alone, and the hash of all of it.
 * Arrays have one entry per row.
 */
export interface Dataset {
  readonly schema: FeatureSchema;
  /** What its attributes are called; no part of the hash. */
  readonly texts: readonly SchemaTexts[];
  readonly frame: Frame;
  /** Plain dates, null when unknown. */
  readonly received: readonly (string | null)[];
  /** Rows with the same number are about one incident; a row whose incident is unknown has a number of its own. */
  readonly incidents: Int32Array;
  /** Rows with the same number are the same scammer's; a row whose scammer is unknown has a number of its own. */
  readonly scammers: Int32Array;
  /**
   * What incidents and scammers are called here, null when unknown: numbers from 0 in the order of their first row, which
   * say nothing about the names they came with. In datasets of the first format, hashes of those.
   */
  readonly names: readonly { readonly incident: string | null; readonly scammer: string | null }[];
  /** Distinct lists of tactics, and which of them each row has at intake and by now. */
  readonly tactics: {
    readonly lists: readonly (readonly string[])[];
    readonly atIntake: Int32Array;
    readonly noted: Int32Array;
  };
  readonly hash: string;
  /** 1 and 3: a dataset of an earlier version, kept as it was, so that its hash stays what it is. */
  readonly format: DatasetFormat;
}

/** Number of the format a dataset is kept in; rows of the second format are those of the third. */
export type DatasetFormat = 1 | 3 | 4;

/** What training reads of a dataset: all but the names of incidents and scammers, whose numbers are enough. */
export type TrainingRows = Omit<Dataset, 'names'>;

/** Raw columns as they are stored in JSON: null for NaN. */
export function storeRow(row: EncodedRow): StoredRow {
  return Object.fromEntries(
    Object.entries(row).map(([name, v]) => [name, typeof v === 'number' && isMissing(v) ? null : v]),
  );
}

function checked(row: RowLabel): void {
  const weight = row.weight ?? 1;
  if ((row.label !== 0 && row.label !== 1) || !Number.isFinite(weight) || weight < 0) {
    throw new OutpostError('BAD_INPUT', sentence('dataset.training_row_needs_label_0_or'));
  }
}

/** The texts of a list in order, each once. */
function distinct(list: readonly string[]): readonly string[] {
  return list.length < 2 ? list : [...new Set(list)].toSorted();
}

/** Lists of distinct texts, given as JSON, each kept once. */
function lists(): { readonly add: (json: string) => number; readonly all: () => string[][] } {
  const known = new Map<string, number>();
  return {
    add(json) {
      const found = known.get(json);
      if (found !== undefined) return found;
      known.set(json, known.size);
      return known.size - 1;
    },
    all: () => [...known.keys()].map((key) => JSON.parse(key) as string[]),
  };
}

/** Takes rows one by one and makes a dataset of them; memory grows by some ten bytes per column and row. */
export interface DatasetBuilder {
  readonly add: (row: LabelledRow) => void;
  readonly addEncoded: (row: EncodedLabelledRow) => void;
  readonly build: () => Dataset;
}

interface Kept extends OrderedRow {
  readonly label: 0 | 1;
  readonly weight: number;
  readonly tactics: number;
  readonly noted: number;
}

/** Names by the order of their first row. */
function renamed(names: readonly (string | null)[]): (string | null)[] {
  const known = new Map<string, string>();
  return names.map((name) => {
    if (name !== null && !known.has(name)) known.set(name, String(known.size));
    return name === null ? null : known.get(name)!;
  });
}

function namesOf(kept: readonly Kept[], format: DatasetFormat): Dataset['names'] {
  if (format === 1) return kept.map(({ incident, scammer }) => ({ incident, scammer }));
  const [incidents, scammers] = [renamed(kept.map((r) => r.incident)), renamed(kept.map((r) => r.scammer))];
  return incidents.map((incident, i) => ({ incident, scammer: scammers[i]! }));
}

/** Characters handed to a hash at a time. */
const hashedAtOnce = 65_536;

function hashOf(
  described: DescribedSchema,
  kept: readonly Kept[],
  names: Dataset['names'],
  format: DatasetFormat,
): string {
  // Before the fourth format the words of a schema were part of it.
  const schema = (format === 4 ? described.schema : downgradeSchema(described)) as Json;
  const all = createHash('sha256').update(canonicalJson({ schema, rows: kept.length }));
  let text = '';
  kept.forEach(({ digest, late }, i) => {
    const { incident, scammer } = names[i]!;
    // In the first format the digest of a row covers the names of its groups.
    text += digest + (format === 1 ? late : JSON.stringify([late, incident, scammer]));
    if (text.length < hashedAtOnce) return;
    all.update(text);
    text = '';
  });
  return all.update(text).digest('hex');
}

function assembled(
  { schema, texts }: DescribedSchema,
  kept: readonly Kept[],
  columns: Frame['columns'],
  tagLists: string[][],
  format: DatasetFormat,
): Dataset {
  const labels = shared(Uint8Array, 1, kept.length);
  const weights = shared(Float64Array, 8, kept.length);
  const atIntake = shared(Int32Array, 4, kept.length);
  const noted = shared(Int32Array, 4, kept.length);
  const names = namesOf(kept, format);
  kept.forEach((row, i) => {
    labels[i] = row.label;
    weights[i] = row.weight;
    atIntake[i] = row.tactics;
    noted[i] = row.noted;
  });
  const incidents = numbered(kept.map((r) => r.incident));
  const scammers = numbered(kept.map((r) => r.scammer));
  const groups = groupsOf(kept.length, [incidents, scammers]);
  return {
    schema,
    texts,
    frame: { schema, rows: kept.length, columns, labels, weights, groups },
    received: kept.map((r) => r.received),
    incidents,
    scammers,
    names,
    tactics: { lists: tagLists, atIntake, noted },
    hash: hashOf({ schema, texts }, kept, names, format),
    format,
  };
}

/** How rows of a builder are put in order: `stored` ones have theirs, with the names a dataset of that format gives. */
function orderOf(kept: readonly Kept[], stored: DatasetFormat | null): Uint32Array {
  return stored === null ? canonicalOrder(kept) : Uint32Array.from(kept.keys());
}

/**
 * Starts a dataset under a schema. `add` throws BAD_INPUT for a label or weight that is none. `stored`: the rows are those
 * of a kept dataset of that format, in its order.
 */
export function datasetBuilder(
  schema: FeatureSchema,
  texts: readonly SchemaTexts[] = [],
  stored: DatasetFormat | null = null,
): DatasetBuilder {
  const columns = columnBuilder(schema);
  const names = schema.attributes.filter((a) => a.shareable).map((a) => a.name);
  const tags = lists();
  const json = jsonTexts();
  const kept: Kept[] = [];
  const addEncoded = (row: EncodedLabelledRow): void => {
    checked(row);
    const { encoded, label, received, weight = 1 } = row;
    const [incident, scammer] = [row.incident || null, row.scammer || null];
    const tactics = distinct(row.tactics);
    const same = row.tacticsNoted === row.tactics;
    const noted = same ? tactics : distinct(row.tacticsNoted);
    const tacticsJson = tactics.length === 0 ? '[]' : JSON.stringify(tactics);
    let values = '';
    for (const name of names) values += values === '' ? json(encoded[name]!) : `,${json(encoded[name]!)}`;
    const groups = stored === 1 ? [incident, scammer].map((name) => `${JSON.stringify(name)},`).join('') : '';
    // As `JSON.stringify` has it, which would spell out every number again.
    const day = received === null ? 'null' : json(received);
    const digest = hash('sha256', `[${day},[${values}],${label},${json(weight)},${groups}${tacticsJson}]`);
    const late = noted.join(' ');
    columns.add(encoded);
    const atIntake = tags.add(tacticsJson);
    const lists = { tactics: atIntake, noted: same ? atIntake : tags.add(JSON.stringify(noted)) };
    kept.push({ received, label, weight, incident, scammer, ...lists, digest, late });
  };
  return {
    addEncoded,
    add: ({ facts, tacticsNoted = facts.tactics, ...rest }) =>
      addEncoded({ ...rest, encoded: encodeFacts(schema, facts), tactics: facts.tactics, tacticsNoted }),
    build() {
      const order = orderOf(kept, stored);
      const ordered = Array.from(order, (i) => kept[i]!);
      return assembled({ schema, texts }, ordered, columns.build(order), tags.all(), stored ?? 4);
    },
  };
}

/**
 * Reads labelled cases under a schema. Rows are put in the order of received date, then contents, so that the same
 * cases give the same hash and the same model bytes however they were fetched.
 */
export function datasetOf(
  schema: FeatureSchema,
  rows: Iterable<LabelledRow>,
  texts: readonly SchemaTexts[] = [],
): Dataset {
  const builder = datasetBuilder(schema, texts);
  for (const row of rows) builder.add(row);
  return builder.build();
}

/** A dataset as this version builds it: one of an earlier format gets another hash, and loses the hashes of names. */
export function renewed(dataset: Dataset): Dataset {
  if (dataset.format === 4) return dataset;
  const builder = datasetBuilder(dataset.schema, dataset.texts);
  for (let i = 0; i < dataset.frame.rows; i++) builder.addEncoded(recordOf(dataset, i));
  return builder.build();
}

/** One row of a dataset as it came in, but for the names of its groups. */
export function recordOf(dataset: Dataset, i: number): EncodedLabelledRow {
  const { frame, names, tactics } = dataset;
  return {
    encoded: rowOf(frame, i),
    label: frame.labels[i] === 1 ? 1 : 0,
    weight: frame.weights[i]!,
    received: dataset.received[i]!,
    ...names[i]!,
    tactics: tactics.lists[tactics.atIntake[i]!]!,
    tacticsNoted: tactics.lists[tactics.noted[i]!]!,
  };
}
