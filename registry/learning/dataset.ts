import { createHash } from 'node:crypto';
import type { Facts } from '../../shared/domain/facts.ts';
import { encodeFacts, isMissing, type EncodedRow } from '../../shared/encoding/encode.ts';
import type { FeatureSchema } from '../../shared/encoding/schema.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { canonicalJson } from '../../shared/log/canonical.ts';
import type { StoredRow } from '../../shared/encoding/manifest.ts';

/** A case with its label (1 scam, 0 genuine provider): facts as they were at intake, weight 1 unless said otherwise. */
export interface LabelledRow {
  readonly facts: Facts;
  readonly label: 0 | 1;
  readonly weight?: number;
  /** Plain date. */
  readonly received: string;
  /** Cases about the same event share it, so that splits keep them together. */
  readonly incident?: string | null;
  /** Tactics noted by now, for the reference profile only: the model learns from those in `facts`, noted at intake. */
  readonly tacticsNoted?: readonly string[];
}

export interface DatasetRow {
  readonly facts: Facts;
  readonly encoded: EncodedRow;
  readonly label: 0 | 1;
  readonly weight: number;
  readonly received: string;
  readonly incident: string | null;
  readonly tacticsNoted: readonly string[];
}

/** Rows read under one schema, in an order that follows from their contents alone, and the hash of all of it. */
export interface Dataset {
  readonly schema: FeatureSchema;
  readonly rows: readonly DatasetRow[];
  readonly hash: string;
}

/** Raw columns as they are stored in JSON: null for NaN. */
export function storeRow(row: EncodedRow): StoredRow {
  return Object.fromEntries(
    Object.entries(row).map(([name, v]) => [name, typeof v === 'number' && isMissing(v) ? null : v]),
  );
}

function checked(row: LabelledRow): void {
  const weight = row.weight ?? 1;
  if ((row.label !== 0 && row.label !== 1) || !Number.isFinite(weight) || weight < 0) {
    throw new OutpostError('BAD_INPUT', 'A training row needs the label 0 or 1 and a weight of at least 0.');
  }
}

/**
 * Reads labelled cases under a schema. Rows are put in the order of received date, then contents, so that the same
 * cases give the same hash and the same model bytes however they were fetched.
 */
export function datasetOf(schema: FeatureSchema, rows: Iterable<LabelledRow>): Dataset {
  const keyed: { key: string; row: DatasetRow }[] = [];
  for (const row of rows) {
    checked(row);
    const { facts, label, received } = row;
    const [weight, incident] = [row.weight ?? 1, row.incident ?? null];
    const tacticsNoted = row.tacticsNoted ?? facts.tactics;
    const encoded = encodeFacts(schema, facts);
    const key = canonicalJson([
      received,
      storeRow(encoded),
      label,
      weight,
      incident,
      [...facts.tactics].toSorted(),
      [...tacticsNoted].toSorted(),
    ]);
    keyed.push({ key, row: { facts, encoded, label, weight, received, incident, tacticsNoted } });
  }
  keyed.sort((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key)));
  const hash = createHash('sha256').update(canonicalJson({ id: schema.id, version: schema.version }));
  for (const { key } of keyed) hash.update(`\n${key}`);
  return { schema, rows: keyed.map((k) => k.row), hash: hash.digest('hex') };
}

/**
 * Splits by received date: before `cut` for training, the rest held out. Held-out cases whose incident is also in
 * training are left out of both figures: the model has seen their twin. A null cut trains on everything.
 */
export function splitByTime(dataset: Dataset, cut: string | null): { train: DatasetRow[]; holdOut: DatasetRow[] } {
  if (cut === null) return { train: [...dataset.rows], holdOut: [] };
  const train = dataset.rows.filter((row) => row.received < cut);
  const seen = new Set(train.map((row) => row.incident).filter((id) => id !== null));
  const later = dataset.rows.filter((row) => row.received >= cut);
  return { train, holdOut: later.filter((row) => row.incident === null || !seen.has(row.incident)) };
}
