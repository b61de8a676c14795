import { normaliseTactic } from '../domain/tactics.ts';
import { isMissing, type ColumnValue, type EncodedRow } from '../encoding/encode.ts';
import type { Attribute, FeatureSchema } from '../encoding/schema.ts';
import { schemaRef } from '../encoding/schema-identity.ts';
import type { AttributeProfile, Profile } from '../encoding/profile.ts';
import { stepCases, type Steps } from './steps.ts';

/** Names of the fixed bins of an attribute, in the order of its counts. */
function binNames(attribute: Attribute): string[] {
  switch (attribute.kind) {
    case 'boolean':
    case 'tactic':
      return ['no', 'yes'];
    case 'category':
      return [...attribute.values];
    case 'number':
    case 'money': {
      const { bins } = attribute;
      return [`<${bins[0]}`, ...bins.slice(1).map((b, i) => `${bins[i]}..${b}`), `>=${bins.at(-1)}`];
    }
  }
}

function edgesBelow(edges: readonly number[], value: number): number {
  let below = 0;
  for (const edge of edges) if (value >= edge) below += 1;
  return below;
}

/** Index of a raw column value among the bins of its attribute: -1 outside all of them, null when missing. */
function binOf(attribute: Attribute, value: ColumnValue): number | null {
  if (isMissing(value)) return null;
  switch (attribute.kind) {
    case 'boolean':
    case 'tactic':
      return value === 0 || value === 1 ? value : -1;
    case 'category':
      return attribute.values.indexOf(String(value));
    case 'number':
    case 'money':
      return edgesBelow(attribute.bins, Number(value));
  }
}

/** Counts numbers of one attribute, NaN for missing, with their weights: `binOf` for a whole column. */
export function countNumbers(
  attribute: Exclude<Attribute, { kind: 'category' }>,
  profile: AttributeProfile,
  values: (k: number) => number,
  weights: Float64Array,
): void {
  const edges = attribute.kind === 'number' || attribute.kind === 'money' ? attribute.bins : null;
  const { counts } = profile;
  for (let k = 0; k < weights.length; k++) {
    const value = values(k);
    if (Number.isNaN(value)) profile.missing += weights[k]!;
    else if (edges !== null) counts[edgesBelow(edges, value)]! += weights[k]!;
    else if (value === 0 || value === 1) counts[value]! += weights[k]!;
    else profile.other += weights[k]!;
  }
}

/** A profile of no cases under a schema. */
export function emptyProfile(schema: FeatureSchema): Profile {
  const attributes: Record<string, AttributeProfile> = {};
  for (const attribute of schema.attributes) {
    if (!attribute.shareable) continue;
    const bins = binNames(attribute);
    attributes[attribute.name] = { bins, counts: bins.map(() => 0), other: 0, missing: 0 };
  }
  return {
    schema: schemaRef(schema),
    rows: 0,
    attributes,
    scores: Array<number>(20).fill(0),
    tactics: {},
  };
}

/** A case as a profile counts it: its raw columns, the tactics recorded for it, its score (null: none) and weight (1). */
export interface EncodedCase {
  readonly row: EncodedRow;
  readonly tactics: readonly string[];
  readonly score?: number | null;
  readonly weight?: number;
}

function addCase(profile: Profile, schema: FeatureSchema, { row, tactics, score, weight = 1 }: EncodedCase): void {
  profile.rows += weight;
  for (const attribute of schema.attributes) {
    const counts = profile.attributes[attribute.name];
    const value = row[attribute.name];
    if (!counts || value === undefined) continue;
    const bin = binOf(attribute, value);
    if (bin === null) counts.missing += weight;
    else if (bin < 0) counts.other += weight;
    else counts.counts[bin]! += weight;
  }
  if (score !== null && score !== undefined) profile.scores[Math.min(19, Math.floor(score * 20))]! += weight;
  for (const tag of new Set(tactics.map((t) => normaliseTactic(t, schema.synonyms)))) {
    profile.tactics[tag] = (Object.hasOwn(profile.tactics, tag) ? profile.tactics[tag]! : 0) + weight;
  }
}

/** Adds cases to a profile, a number of them at a time: fixed bins of the schema, 20 score bins, canonical tactic tags. */
export function* addInSteps(profile: Profile, schema: FeatureSchema, cases: Iterable<EncodedCase>): Steps<void> {
  let left = stepCases;
  for (const entry of cases) {
    addCase(profile, schema, entry);
    left -= 1;
    if (left > 0) continue;
    left = stepCases;
    yield;
  }
}
