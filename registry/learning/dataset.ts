import { createHash, hash } from 'node:crypto';
import type { Facts } from '../../shared/domain/facts.ts';
import type { OutsideReason } from '../../shared/domain/outside.ts';
import { encodeFacts, isMissing, outsideReasonsOfRow, type EncodedRow } from '../../shared/encoding/encode.ts';
import type { StoredRow } from '../../shared/encoding/manifest.ts';
import type { FeatureSchema } from '../../shared/encoding/schema.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { canonicalJson } from '../../shared/log/canonical.ts';
import { columnBuilder, rowOf, shared, type Frame } from './frame.ts';
import { groupsOf } from './groups.ts';

/** What is known of a training row beside its columns. */
interface RowLabel {
  readonly label: 0 | 1;
  /** How many cases it stands for; 1 unless given. */
  readonly weight?: number;
  /** Plain date; null when the rows carry no time. */
  readonly received: string | null;
  /** Cases about the same event share it, so that splits keep them together. Only its hash is kept. */
  readonly incident?: string | null;
  /** Cases of the same scammer share it. Only its hash is kept. */
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
  readonly frame: Frame;
  /** Plain dates, null when unknown. */
  readonly received: readonly (string | null)[];
  /** Rows with the same number are about one incident; a row whose incident is unknown has a number of its own. */
  readonly incidents: Int32Array;
  /** Rows with the same number are the same scammer's; a row whose scammer is unknown has a number of its own. */
  readonly scammers: Int32Array;
  /** Hashed names of incident and scammer, null when unknown. */
  readonly names: readonly { readonly incident: string | null; readonly scammer: string | null }[];
  /** Distinct lists of tactics, and which of them each row has at intake and by now. */
  readonly tactics: {
    readonly lists: readonly (readonly string[])[];
    readonly atIntake: Int32Array;
    readonly noted: Int32Array;
  };
  readonly hash: string;
}

/** Raw columns as they are stored in JSON: null for NaN. */
export function storeRow(row: EncodedRow): StoredRow {
  return Object.fromEntries(
    Object.entries(row).map(([name, v]) => [name, typeof v === 'number' && isMissing(v) ? null : v]),
  );
}

const tokenForm = /^#[0-9a-f]{16}$/;

/** A name of an incident or scammer as a dataset keeps it: sixteen digits of its hash. A token stays as it is. */
export function groupToken(name: string): string {
  return tokenForm.test(name) ? name : `#${hash('sha256', name).slice(0, 16)}`;
}

function checked(row: RowLabel): void {
  const weight = row.weight ?? 1;
  if ((row.label !== 0 && row.label !== 1) || !Number.isFinite(weight) || weight < 0) {
    throw new OutpostError('BAD_INPUT', 'A training row needs the label 0 or 1 and a weight of at least 0.');
  }
}

/** Numbers names by their first row in an order; rows without a name get numbers of their own. */
function numbered(names: readonly (string | null)[]): Int32Array {
  const known = new Map<string, number>();
  const numbers = shared(Int32Array, 4, names.length);
  let next = 0;
  names.forEach((name, i) => {
    const found = name === null ? undefined : known.get(name);
    numbers[i] = found ?? next++;
    if (name !== null && found === undefined) known.set(name, numbers[i]!);
  });
  return numbers;
}

/** Lists of texts, each kept once. */
function lists(): { readonly add: (list: readonly string[]) => number; readonly all: () => string[][] } {
  const known = new Map<string, number>();
  return {
    add(list) {
      const key = JSON.stringify([...new Set(list)].toSorted());
      const at = known.get(key) ?? known.size;
      known.set(key, at);
      return at;
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

interface Kept {
  readonly received: string | null;
  readonly label: 0 | 1;
  readonly weight: number;
  readonly incident: string | null;
  readonly scammer: string | null;
  readonly tactics: number;
  readonly noted: number;
  /** Hash of all a model learns from, and of what was noted later beside it. */
  readonly digest: string;
  readonly late: string;
}

function before(a: Kept, b: Kept): number {
  const [left, right] = [a.received ?? '', b.received ?? ''];
  if (left !== right) return left < right ? -1 : 1;
  // What was noted later comes last: it may not change the order of what is learned, nor the last digits of a sum.
  if (a.digest !== b.digest) return a.digest < b.digest ? -1 : 1;
  return a.late < b.late ? -1 : Number(a.late > b.late);
}

function assembled(
  schema: FeatureSchema,
  kept: readonly Kept[],
  columns: Frame['columns'],
  tagLists: string[][],
): Dataset {
  const labels = shared(Uint8Array, 1, kept.length);
  const weights = shared(Float64Array, 8, kept.length);
  const atIntake = shared(Int32Array, 4, kept.length);
  const noted = shared(Int32Array, 4, kept.length);
  const all = createHash('sha256').update(canonicalJson({ schema, rows: kept.length }));
  kept.forEach((row, i) => {
    labels[i] = row.label;
    weights[i] = row.weight;
    atIntake[i] = row.tactics;
    noted[i] = row.noted;
    all.update(row.digest).update(row.late);
  });
  const incidents = numbered(kept.map((r) => r.incident));
  const scammers = numbered(kept.map((r) => r.scammer));
  const groups = groupsOf(kept.length, [incidents, scammers]);
  return {
    schema,
    frame: { schema, rows: kept.length, columns, labels, weights, groups },
    received: kept.map((r) => r.received),
    incidents,
    scammers,
    names: kept.map(({ incident, scammer }) => ({ incident, scammer })),
    tactics: { lists: tagLists, atIntake, noted },
    hash: all.digest('hex'),
  };
}

/** Starts a dataset under a schema. `add` throws BAD_INPUT for a label or weight that is none. */
export function datasetBuilder(schema: FeatureSchema): DatasetBuilder {
  const columns = columnBuilder(schema);
  const names = schema.attributes.filter((a) => a.shareable).map((a) => a.name);
  const tags = lists();
  const kept: Kept[] = [];
  const addEncoded = (row: EncodedLabelledRow): void => {
    checked(row);
    const { encoded, label, received, weight = 1 } = row;
    const incident = row.incident ? groupToken(row.incident) : null;
    const scammer = row.scammer ? groupToken(row.scammer) : null;
    const [tactics, noted] = [row.tactics, row.tacticsNoted].map((list) => [...new Set(list)].toSorted()) as [
      string[],
      string[],
    ];
    const values = names.map((name) => encoded[name]!);
    const digest = hash('sha256', JSON.stringify([received, values, label, weight, incident, scammer, tactics]));
    const late = noted.join(' ');
    columns.add(encoded);
    const lists = { tactics: tags.add(tactics), noted: tags.add(noted) };
    kept.push({ received, label, weight, incident, scammer, ...lists, digest, late });
  };
  return {
    addEncoded,
    add: ({ facts, tacticsNoted = facts.tactics, ...rest }) =>
      addEncoded({ ...rest, encoded: encodeFacts(schema, facts), tactics: facts.tactics, tacticsNoted }),
    build() {
      const order = Uint32Array.from(kept.keys()).sort((a, b) => before(kept[a]!, kept[b]!));
      return assembled(
        schema,
        Array.from(order, (i) => kept[i]!),
        columns.build(order),
        tags.all(),
      );
    },
  };
}

/**
 * Reads labelled cases under a schema. Rows are put in the order of received date, then contents, so that the same
 * cases give the same hash and the same model bytes however they were fetched.
 */
export function datasetOf(schema: FeatureSchema, rows: Iterable<LabelledRow>): Dataset {
  const builder = datasetBuilder(schema);
  for (const row of rows) builder.add(row);
  return builder.build();
}

/** One row of a dataset as it came in, with hashed names. */
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

/** Why each of the given rows is outside what a model of this schema knows, in their order; empty lists when inside. */
export function outsideOf(dataset: Dataset, rows: ArrayLike<number>, maxMissingShare: number): OutsideReason[][] {
  const { schema, frame, tactics } = dataset;
  const noted = (i: number): readonly string[] => tactics.lists[tactics.atIntake[i]!]!;
  return Array.from(rows, (i) => outsideReasonsOfRow(schema, rowOf(frame, i), noted(i), { maxMissingShare }));
}
