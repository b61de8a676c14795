import { z } from 'zod';
import { longestListed } from '../domain/tactics.ts';

const name = z.string().regex(/^[a-z][a-z0-9_]{0,59}$/);
const text = z.string().min(1).max(200);
const common = {
  name,
  /** Short noun phrase for tables and charts. */
  label: text,
  /** The question of the intake form. */
  question: text,
  /** Section of the intake form. */
  group: z.enum(['telling', 'contact', 'money', 'more']),
  /** False: stays on the laptop and never feeds a model. */
  shareable: z.boolean(),
  /** Schema version that introduced the attribute. */
  since: z.int().min(1),
};

export const attributeSchema = z.discriminatedUnion('kind', [
  z.strictObject({ ...common, kind: z.literal('boolean'), says: z.strictObject({ yes: text, no: text }) }),
  z.strictObject({
    ...common,
    kind: z.literal('category'),
    values: z
      .array(z.strictObject({ value: z.string().min(1).max(longestListed), label: text }))
      .min(1)
      .max(1000),
  }),
  z.strictObject({
    ...common,
    kind: z.literal('number'),
    unit: z.string().max(20),
    min: z.number(),
    max: z.number(),
    /** Fixed inner bin edges for profiles, ascending. */
    bins: z.array(z.number()).min(1).max(50),
  }),
  z.strictObject({
    ...common,
    kind: z.literal('money'),
    /** Edges in major units of the reference currency. */
    bins: z.array(z.number()).min(1).max(50),
  }),
  z.strictObject({
    ...common,
    kind: z.literal('tactic'),
    tag: z.string().min(1).max(40),
    says: z.strictObject({ yes: text, no: text }),
  }),
]);
export type Attribute = z.infer<typeof attributeSchema>;

/**
 * The feature schema: what the intake asks and models may read. Versions are additive: attributes and values are
 * added, never renamed, retyped or removed, so that every version ever issued stays readable.
 */
export const featureSchemaSchema = z
  .strictObject({
    format: z.literal('outpost.feature-schema/1'),
    id: z.string().min(1).max(60),
    version: z.int().min(1),
    attributes: z.array(attributeSchema).min(1).max(500),
    /** Dated conversion: minor units of a currency for one major unit of the reference currency. */
    currencies: z.strictObject({
      reference: z.string().length(3),
      asOf: z.iso.date(),
      minorPerReference: z.record(z.string().regex(/^[A-Z]{3}$/), z.number().positive()),
    }),
    /** Tags the centre has listed as understood, whether or not they are features. */
    understoodTactics: z.array(z.string().max(40)),
    /** Spelling -> canonical tag. */
    synonyms: z.record(z.string(), z.string().max(40)),
  })
  .refine((s) => new Set(s.attributes.map((a) => a.name)).size === s.attributes.length, 'attribute names repeat');
export type FeatureSchema = z.infer<typeof featureSchemaSchema>;

/** True when `next` keeps every attribute of `previous` (values, unit, range, bins, tag) and only adds. */
export function isAdditive(previous: FeatureSchema, next: FeatureSchema): boolean {
  if (previous.id !== next.id || next.version <= previous.version) return false;
  const byName = new Map(next.attributes.map((a) => [a.name, a]));
  return previous.attributes.every((old) => {
    const now = byName.get(old.name);
    return now !== undefined && keeps(old, now);
  });
}

/**
 * Bins are fixed for good: profiles made under two versions are added up. Ranges may only grow. What a kind has to keep
 * is said for each kind: a new one does not compile without.
 */
function keeps(old: Attribute, now: Attribute): boolean {
  if (now.shareable !== old.shareable || now.since !== old.since) return false;
  const sameBins = (a: readonly number[], b: readonly number[]): boolean =>
    a.length === b.length && a.every((edge, i) => edge === b[i]);
  switch (old.kind) {
    case 'boolean':
      return now.kind === old.kind;
    case 'category': {
      if (now.kind !== old.kind) return false;
      const values = new Set(now.values.map((v) => v.value));
      return old.values.every((v) => values.has(v.value));
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
