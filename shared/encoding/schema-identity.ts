import { isSameSchema, type SchemaRef } from '../domain/schema-ref.ts';
import { canonicalJson, sha256Hex } from '../log/canonical.ts';
import type { Attribute, FeatureSchema } from './schema.ts';

// What was computed once: rows by the hundred thousand ask for it. It follows from the schema alone and goes with it.
const hashes = new WeakMap<FeatureSchema, string>();

/** SHA-256 of a schema's canonical JSON: with its issuer the identity it keeps in every language. */
export function schemaHash(schema: FeatureSchema): string {
  const known = hashes.get(schema);
  if (known !== undefined) return known;
  const hash = sha256Hex(canonicalJson(schema));
  hashes.set(schema, hash);
  return hash;
}

/** How a case, a score or a profile names the schema it was made under. */
export function schemaRef(schema: FeatureSchema): SchemaRef & { readonly hash: string } {
  return { id: schema.id, version: schema.version, issuer: schema.issuer, hash: schemaHash(schema) };
}

/** Whether something was made under this very schema. */
export function isUnder(schema: FeatureSchema, ref: SchemaRef): boolean {
  return isSameSchema(schemaRef(schema), ref);
}

/** What an attribute is, whatever it is called and since when it is asked: equal ones under one name are one attribute. */
function definitionOf({ since: _since, name: _name, ...definition }: Attribute): string {
  return canonicalJson(definition);
}

/** Whether two attributes have the same definition, names and first versions apart. */
export function isSameDefinition(a: Attribute, b: Attribute): boolean {
  return definitionOf(a) === definitionOf(b);
}

/** An attribute of a schema that another one of its name leaves out, or makes into something else. */
interface BrokenAttribute {
  readonly name: string;
  readonly how: 'missing' | 'changed';
}

/** What `next` does not keep of `previous` (values, unit, range, bins, tag), in the order of `previous`. */
function brokenAttributes(previous: FeatureSchema, next: FeatureSchema): BrokenAttribute[] {
  const byName = new Map(next.attributes.map((a) => [a.name, a]));
  return previous.attributes.flatMap((old): BrokenAttribute[] => {
    const now = byName.get(old.name);
    if (now === undefined) return [{ name: old.name, how: 'missing' }];
    return keepsAttribute(old, now) ? [] : [{ name: old.name, how: 'changed' }];
  });
}

/** Whether a schema has another one among its ancestors. */
export function descendsFrom(schema: FeatureSchema, ancestor: FeatureSchema): boolean {
  const hash = schemaHash(ancestor);
  return schema.ancestors.some((one) => one.hash === hash);
}

/** Something of a schema that a later version of it does not keep. */
export type SchemaBreak =
  | ({ readonly what: 'attribute' } & BrokenAttribute)
  | { readonly what: 'reference' }
  | { readonly what: 'rate'; readonly currency: string; readonly how: BrokenAttribute['how'] }
  | { readonly what: 'tactic'; readonly tactic: string }
  | { readonly what: 'synonym'; readonly spelling: string; readonly tactic: string };

/** Amounts were converted by the rates a model was trained with: bins and thresholds of money hold for these only. */
function brokenMoney({ currencies }: FeatureSchema, next: FeatureSchema): SchemaBreak | null {
  if (next.currencies.reference !== currencies.reference) return { what: 'reference' };
  const rates = next.currencies.minorPerReference;
  for (const [currency, rate] of Object.entries(currencies.minorPerReference)) {
    const how = Object.hasOwn(rates, currency) ? 'changed' : 'missing';
    if (how === 'missing' || rates[currency] !== rate) return { what: 'rate', currency, how };
  }
  return null;
}

/** What the centre has understood stays understood, and a spelling stays the tactic it was read as. */
function brokenTactics({ understoodTactics, synonyms }: FeatureSchema, next: FeatureSchema): SchemaBreak | null {
  const lost = understoodTactics.find((tag) => !next.understoodTactics.includes(tag));
  if (lost !== undefined) return { what: 'tactic', tactic: lost };
  for (const [spelling, tactic] of Object.entries(synonyms)) {
    if (!Object.hasOwn(next.synonyms, spelling) || next.synonyms[spelling] !== tactic)
      return { what: 'synonym', spelling, tactic };
  }
  return null;
}

/** The first thing of a schema that a later version of it does not keep: an attribute, money, a tactic; null when it keeps all. */
export function firstBreak(previous: FeatureSchema, next: FeatureSchema): SchemaBreak | null {
  const [attribute] = brokenAttributes(previous, next);
  if (attribute !== undefined) return { what: 'attribute', ...attribute };
  return brokenMoney(previous, next) ?? brokenTactics(previous, next);
}

/** True when `next` is a child of `previous` and keeps all of it. */
export function isAdditive(previous: FeatureSchema, next: FeatureSchema): boolean {
  if (previous.id !== next.id || next.version <= previous.version) return false;
  return next.parent === schemaHash(previous) && firstBreak(previous, next) === null;
}

/**
 * Bins are fixed for good: profiles made under two versions are added up. Ranges may only grow. What a kind has to keep
 * is said for each kind: a new one does not compile without.
 */
export function keepsAttribute(old: Attribute, now: Attribute): boolean {
  if (now.shareable !== old.shareable || now.since !== old.since) return false;
  const sameBins = (a: readonly number[], b: readonly number[]): boolean =>
    a.length === b.length && a.every((edge, i) => edge === b[i]);
  switch (old.kind) {
    case 'boolean':
      return now.kind === old.kind;
    case 'category': {
      if (now.kind !== old.kind) return false;
      const values = new Set(now.values);
      return old.values.every((value) => values.has(value));
    }
    case 'number':
      if (now.kind !== old.kind || old.unit !== now.unit) return false;
      return now.min <= old.min && now.max >= old.max && sameBins(old.bins, now.bins);
    case 'money':
      return now.kind === old.kind && sameBins(old.bins, now.bins);
    case 'tactic':
      return now.kind === old.kind && old.tag === now.tag;
    default:
      old satisfies never;
      return false;
  }
}
