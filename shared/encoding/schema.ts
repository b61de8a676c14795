import { z } from 'zod';
import { schemaIssuerSchema } from '../domain/schema-ref.ts';
import { longestListed } from '../domain/tactics.ts';
import { saying } from '../errors/issues.ts';
import { sentence } from '../language/sentence.ts';
import { hashSchema } from '../log/event.ts';

export const attributeNameSchema = z.string().regex(/^[a-z][a-z0-9_]{0,59}$/);

const common = {
  name: attributeNameSchema,
  /** Section of the intake form. */
  group: z.enum(['telling', 'contact', 'money', 'more']),
  /** False: stays on the laptop and never feeds a model. */
  shareable: z.boolean(),
  /** Version of the schema, or of one it descends from, that introduced the attribute. */
  since: z.int().min(1),
};

/** Prefix of an attribute of the app whose plain name an organisation uses for something else. */
export const appPrefix = 'outpost_';

/** Fields each kind of attribute has beside the common ones. */
export const attributeKinds = {
  boolean: {},
  category: { values: z.array(z.string().min(1).max(longestListed)).min(1).max(1000) },
  number: {
    unit: z.string().max(20),
    min: z.number(),
    max: z.number(),
    /** Fixed inner bin edges for profiles, ascending. */
    bins: z.array(z.number()).min(1).max(50),
  },
  /** Edges in major units of the reference currency. */
  money: { bins: z.array(z.number()).min(1).max(50) },
  tactic: { tag: z.string().min(1).max(40) },
};

const attributeSchema = z.discriminatedUnion('kind', [
  z.strictObject({ ...common, kind: z.literal('boolean'), ...attributeKinds.boolean }),
  z.strictObject({ ...common, kind: z.literal('category'), ...attributeKinds.category }),
  z.strictObject({ ...common, kind: z.literal('number'), ...attributeKinds.number }),
  z.strictObject({ ...common, kind: z.literal('money'), ...attributeKinds.money }),
  z.strictObject({ ...common, kind: z.literal('tactic'), ...attributeKinds.tactic }),
]);
export type Attribute = z.infer<typeof attributeSchema>;

/** Fields of a schema that both formats share. */
export const schemaFields = {
  id: z.string().min(1).max(60),
  version: z.int().min(1),
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
};

/** Refuses a schema of which two attributes share a name. */
export function refuseRepeats(
  { attributes }: { readonly attributes: readonly { readonly name: string }[] },
  context: z.RefinementCtx,
): void {
  const at = attributes.findIndex(({ name }, i) => attributes.findIndex((other) => other.name === name) < i);
  if (at === -1) return;
  const { error, params } = saying(sentence('schema.name_again', { name: attributes[at]!.name }));
  context.addIssue({ code: 'custom', path: ['attributes', at, 'name'], message: error(), params });
}

/**
 * The feature schema: what the intake asks and models may read. It holds definitions only; what an attribute is called is
 * said by its companions (`schemaTextsSchema`), so that a translation changes no identity. Versions are additive:
 * attributes and values are added, never renamed, retyped or removed.
 */
export const featureSchemaSchema = z
  .strictObject({
    format: z.literal('outpost.feature-schema/2'),
    ...schemaFields,
    issuer: schemaIssuerSchema,
    /** Hash of the schema it extends; null for a first one, or where that was not recorded. */
    parent: hashSchema.nullable(),
    /** All schemas it descends from, the first of them first, its parent last: what their forms asked is known. */
    ancestors: z.array(z.strictObject({ hash: hashSchema, version: z.int().min(1) })).max(10_000),
    attributes: z.array(attributeSchema).min(1).max(500),
  })
  .superRefine(refuseRepeats)
  .refine(({ parent, ancestors }) => (ancestors.at(-1)?.hash ?? null) === parent, {
    path: ['ancestors'],
    ...saying(sentence('schema.parent_not_last')),
  });
export type FeatureSchema = z.infer<typeof featureSchemaSchema>;
