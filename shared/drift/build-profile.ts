import type { Facts } from '../domain/facts.ts';
import { isSameSchema } from '../domain/schema-ref.ts';
import { normaliseTactic } from '../domain/tactics.ts';
import { encodeFacts, isMissing, type ColumnValue, type EncodedRow } from '../encoding/encode.ts';
import type { Attribute, FeatureSchema } from '../encoding/schema.ts';
import { schemaRef } from '../encoding/schema-identity.ts';
import { OutpostError } from '../errors/index.ts';
import type { AttributeProfile, Profile } from '../encoding/profile.ts';
import { inOneGo, stepCases, type Steps } from './steps.ts';
import { sentence } from '../language/sentence.ts';

/** A case as a profile counts it: its facts, its score (null when it has none) and its weight (1 unless given). */
interface ProfiledCase {
  readonly facts: Facts;
  readonly score?: number | null;
  readonly weight?: number;
}

/** Names of the fixed bins of an attribute, in the order of its counts. */
export function binNames(attribute: Attribute): string[] {
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

/** A case already encoded: its raw columns and the tactics recorded for it. */
interface EncodedCase {
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

/** `profileOf` for cases that are already encoded. */
export function profileOfEncoded(schema: FeatureSchema, cases: Iterable<EncodedCase>): Profile {
  const profile = emptyProfile(schema);
  for (const entry of cases) addCase(profile, schema, entry);
  return profile;
}

/** Adds cases to a profile, a number of them at a time. */
export function* addInSteps(profile: Profile, schema: FeatureSchema, cases: Iterable<ProfiledCase>): Steps<void> {
  let left = stepCases;
  for (const { facts, ...rest } of cases) {
    addCase(profile, schema, { row: encodeFacts(schema, facts), tactics: facts.tactics, ...rest });
    left -= 1;
    if (left > 0) continue;
    left = stepCases;
    yield;
  }
}

/** Binned counts over cases: fixed bins of the schema, 20 score bins, canonical tactic tags. */
export function profileOf(schema: FeatureSchema, cases: Iterable<ProfiledCase>): Profile {
  const profile = emptyProfile(schema);
  inOneGo(addInSteps(profile, schema, cases));
  return profile;
}

function mergeAttribute(name: string, a: AttributeProfile, b: AttributeProfile): AttributeProfile {
  if (a.bins.length !== b.bins.length || a.bins.some((bin, i) => bin !== b.bins[i])) {
    throw new OutpostError('BAD_INPUT', sentence('drift.bins_differ', { name }));
  }
  return {
    bins: a.bins,
    counts: a.counts.map((n, i) => n + b.counts[i]!),
    other: a.other + b.other,
    missing: a.missing + b.missing,
  };
}

/**
 * Sum of two profiles of the same schema version: the profile of all cases of both. BAD_INPUT when versions or bins
 * differ, because their counts would not mean the same.
 */
export function mergeProfiles(a: Profile, b: Profile): Profile {
  if (!isSameSchema(a.schema, b.schema)) {
    throw new OutpostError('BAD_INPUT', sentence('drift.profiles_different_schema_versions_cannot_added'));
  }
  const attributes: Record<string, AttributeProfile> = {};
  for (const name of new Set([...Object.keys(a.attributes), ...Object.keys(b.attributes)])) {
    const [left, right] = [a.attributes[name], b.attributes[name]];
    attributes[name] = left && right ? mergeAttribute(name, left, right) : (left ?? right)!;
  }
  const tactics = { ...a.tactics };
  for (const [tag, n] of Object.entries(b.tactics))
    tactics[tag] = (Object.hasOwn(tactics, tag) ? tactics[tag]! : 0) + n;
  return {
    schema: a.schema,
    rows: a.rows + b.rows,
    attributes,
    scores: a.scores.map((n, i) => n + b.scores[i]!),
    tactics,
  };
}
