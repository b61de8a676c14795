import { z } from 'zod';
import { longestListed } from '../domain/tactics.ts';
import { attributeKinds, attributeNameSchema, featureSchemaSchema, refuseRepeats, schemaFields } from './schema.ts';
import type { Attribute, FeatureSchema } from './schema.ts';
import type { SchemaIssuer } from '../domain/schema-ref.ts';
import { complaintsSchema } from './complaints.ts';
import { schemaHash } from './schema-identity.ts';
import type { AttributeTexts, DescribedSchema } from './schema-texts.ts';

const text = z.string().min(1).max(200);
const says = z.strictObject({ yes: text, no: text });
const common = {
  name: attributeNameSchema,
  label: text,
  question: text,
  group: z.enum(['telling', 'contact', 'money', 'more']),
  shareable: z.boolean(),
  since: z.int().min(1),
};

const attributeSchema = z.discriminatedUnion('kind', [
  z.strictObject({ ...common, kind: z.literal('boolean'), says }),
  z.strictObject({
    ...common,
    kind: z.literal('category'),
    values: z
      .array(z.strictObject({ value: z.string().min(1).max(longestListed), label: text }))
      .min(1)
      .max(1000),
  }),
  z.strictObject({ ...common, kind: z.literal('number'), ...attributeKinds.number }),
  z.strictObject({ ...common, kind: z.literal('money'), ...attributeKinds.money }),
  z.strictObject({ ...common, kind: z.literal('tactic'), ...attributeKinds.tactic, says }),
]);
type AttributeOfFormat1 = z.infer<typeof attributeSchema>;

/** A feature schema of the first format: its English texts stand among the definitions, and it names no issuer. */
export const schemaOfFormat1Schema = z
  .strictObject({
    format: z.literal('outpost.feature-schema/1'),
    ...schemaFields,
    attributes: z.array(attributeSchema).min(1).max(500),
  })
  .superRefine(refuseRepeats);
export type SchemaOfFormat1 = z.infer<typeof schemaOfFormat1Schema>;

/** First letter in lower case, unless an abbreviation begins there. */
function lower(label: string): string {
  if (/^\p{Lu}{2}/u.test(label)) return label;
  return label.charAt(0).toLowerCase() + label.slice(1);
}

function textsOf(attribute: AttributeOfFormat1): AttributeTexts {
  const { label, question } = attribute;
  // A column of a file, and nothing more, had its header for both: it keeps its spelling.
  const texts = { label, question, name: label === question ? label : lower(label) };
  if (attribute.kind === 'category')
    return { ...texts, values: Object.fromEntries(attribute.values.map((v) => [v.value, v.label])) };
  if (attribute.kind === 'boolean' || attribute.kind === 'tactic') return { ...texts, ...attribute.says };
  if (attribute.kind === 'money' || attribute.unit === '') return texts;
  return { ...texts, unit: { one: attribute.unit.replace(/s$/, ''), other: attribute.unit } };
}

function definitionOf(attribute: AttributeOfFormat1): Attribute {
  const { label: _label, question: _question, ...rest } = attribute;
  if (rest.kind === 'category') return { ...rest, values: rest.values.map(({ value }) => value) };
  if (rest.kind !== 'boolean' && rest.kind !== 'tactic') return rest;
  const { says: _says, ...definition } = rest;
  return definition;
}

/**
 * A schema of the first format as one of the second with its English companion. Only the very one that came with the app is
 * the app's own; of every other the issuer is not known.
 */
export function upgradeSchema(schema: SchemaOfFormat1): DescribedSchema {
  const read = (issuer: SchemaIssuer): FeatureSchema =>
    featureSchemaSchema.parse({
      ...schema,
      format: 'outpost.feature-schema/2',
      issuer,
      parent: null,
      ancestors: [],
      attributes: schema.attributes.map(definitionOf),
    });
  const own = read('outpost');
  const upgraded = schemaHash(own) === schemaHash(complaintsSchema) ? own : read(null);
  const attributes = Object.fromEntries(schema.attributes.map((one) => [one.name, textsOf(one)]));
  const bare = schema.attributes.every(({ label, question }) => label === question);
  const companion = { format: 'outpost.schema-texts/1', schema: schemaHash(upgraded), attributes } as const;
  return { schema: upgraded, texts: [{ ...companion, language: bare ? 'und' : 'en' }] };
}

function oldAttribute(attribute: Attribute, texts: AttributeTexts): unknown {
  const { label, question, yes, no, values } = texts;
  const common = { ...attribute, label, question };
  if (attribute.kind === 'category')
    return { ...common, values: attribute.values.map((value) => ({ value, label: values?.[value] ?? value })) };
  return attribute.kind === 'boolean' || attribute.kind === 'tactic' ? { ...common, says: { yes, no } } : common;
}

/** What `upgradeSchema` was given: hashes of what was kept under the first format are over that. */
export function downgradeSchema({ schema, texts }: DescribedSchema): unknown {
  const { issuer: _issuer, parent: _parent, ancestors: _ancestors, ...rest } = schema;
  const words = texts[0]?.attributes ?? {};
  return {
    ...rest,
    format: 'outpost.feature-schema/1',
    attributes: schema.attributes.map((one) => oldAttribute(one, words[one.name]!)),
  };
}
