import type { AttributeValue, Facts } from '../domain/facts.ts';
import type { OutsideReason } from '../domain/outside-reasons.ts';
import { normaliseTactic } from '../domain/tactics.ts';
import type { Attribute, FeatureSchema } from './schema.ts';
import { schemaHash } from './schema-identity.ts';

/** Value of a raw column: float32 range number with NaN for missing, or a string with '' for missing. */
export type ColumnValue = number | string;
/** One case as named raw columns, one per attribute of the schema. */
export type EncodedRow = Readonly<Record<string, ColumnValue>>;

/** ONNX-side type of an attribute's column. */
export function columnType(attribute: Attribute): 'float' | 'string' {
  switch (attribute.kind) {
    case 'category':
      return 'string';
    case 'boolean':
    case 'number':
    case 'money':
    case 'tactic':
      return 'float';
  }
}

/** The column value of an attribute of which nothing is known. */
export function unknownOf(attribute: Attribute): ColumnValue {
  return columnType(attribute) === 'string' ? '' : NaN;
}

/** Money in major units of the schema's reference currency, NaN when the currency is not in its table. */
function toReferenceUnits(schema: FeatureSchema, amount: number, currency: string): number {
  const rate = schema.currencies.minorPerReference[currency];
  return rate === undefined ? NaN : amount / rate;
}

/**
 * Whether the form a case was taken in with offered an attribute: that of this schema does, and of those it descends from
 * the ones since it came. Of any other form nothing is known, and what a form did not offer is unknown, never no. Cases
 * recorded before schemas had hashes are read by version.
 */
function wasAsked(schema: FeatureSchema, { since }: Attribute, { schema: form }: Facts): boolean {
  if (form.hash === undefined) return form.version >= since;
  if (form.hash === schemaHash(schema)) return true;
  const ancestor = schema.ancestors.find(({ hash }) => hash === form.hash);
  return ancestor !== undefined && ancestor.version >= since;
}

function encodeTactic(schema: FeatureSchema, attribute: Attribute & { kind: 'tactic' }, facts: Facts): number {
  const recorded = facts.tactics.some((t) => normaliseTactic(t, schema.synonyms) === attribute.tag);
  if (recorded) return 1;
  if (facts.attributes[attribute.name] === null) return NaN; // said to be unknown
  return wasAsked(schema, attribute, facts) ? 0 : NaN;
}

function encodeValue(schema: FeatureSchema, attribute: Attribute, facts: Facts): ColumnValue {
  const value: AttributeValue | undefined = facts.attributes[attribute.name];
  switch (attribute.kind) {
    case 'boolean':
      return typeof value === 'boolean' ? Number(value) : NaN;
    case 'category':
      return typeof value === 'string' ? value : '';
    case 'number':
      return typeof value === 'number' ? Math.fround(value) : NaN;
    case 'money':
      if (value === null || typeof value !== 'object') return NaN;
      return Math.fround(toReferenceUnits(schema, value.amount, value.currency));
    case 'tactic':
      return encodeTactic(schema, attribute, facts);
  }
}

/**
 * Turns the facts of a case into one raw column per shareable attribute. Nothing is imputed or scaled here: that is
 * inside the model's graph. Values of the wrong kind count as missing.
 */
export function encodeFacts(schema: FeatureSchema, facts: Facts): EncodedRow {
  const row: Record<string, ColumnValue> = {};
  for (const attribute of schema.attributes) {
    if (!attribute.shareable) continue;
    row[attribute.name] = encodeValue(schema, attribute, facts);
  }
  return row;
}

/** True when a column value is missing (NaN or the empty string). */
export function isMissing(value: ColumnValue): boolean {
  return typeof value === 'number' ? Number.isNaN(value) : value === '';
}

/** What decides whether a row is outside: the largest share of missing columns, and the columns that are read (all). */
export interface OutsideRule {
  readonly maxMissingShare: number;
  readonly columns?: readonly string[];
}

/**
 * Why a case is outside what a model knows: category values its schema does not list, a larger share of its columns
 * missing than `maxMissingShare`, or recorded tactics the centre has not listed as understood. Empty when inside.
 * Tactic columns do not count towards the missing share: they are recorded or not.
 */
export function outsideReasons(schema: FeatureSchema, facts: Facts, rule: OutsideRule): OutsideReason[] {
  return outsideReasonsOfRow(schema, encodeFacts(schema, facts), facts.tactics, rule);
}

/** `outsideReasons` of a case that is already encoded, with the tactics recorded for it. */
export function outsideReasonsOfRow(
  schema: FeatureSchema,
  row: EncodedRow,
  tactics: readonly string[],
  { maxMissingShare, columns }: OutsideRule,
): OutsideReason[] {
  const read = new Set(columns ?? Object.keys(row));
  const reasons: OutsideReason[] = [];
  let asked = 0;
  let missing = 0;
  for (const attribute of schema.attributes) {
    const value = row[attribute.name];
    if (value === undefined || !read.has(attribute.name) || attribute.kind === 'tactic') continue;
    asked += 1;
    if (isMissing(value)) missing += 1;
    else if (attribute.kind === 'category' && !attribute.values.includes(String(value))) {
      reasons.push({ kind: 'unseen_value', attribute: attribute.name, value: String(value) });
    }
  }
  const share = asked === 0 ? 0 : missing / asked;
  if (share > maxMissingShare) reasons.push({ kind: 'missing', share });
  const understood = new Set(schema.understoodTactics);
  for (const tag of new Set(tactics.map((t) => normaliseTactic(t, schema.synonyms)))) {
    if (!understood.has(tag)) reasons.push({ kind: 'tactic', tag });
  }
  return reasons;
}
