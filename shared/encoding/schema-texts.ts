import { z } from 'zod';
import { longestListed } from '../domain/tactics.ts';
import { hashSchema } from '../log/event.ts';
import { attributeNameSchema, type FeatureSchema } from './schema.ts';

const text = z.string().min(1).max(200);

/** The words of one attribute in one language. */
const attributeTextsSchema = z.strictObject({
  /** Short noun phrase for tables and charts. */
  label: text,
  /** The question of the intake form. */
  question: text,
  /** What it is called within a sentence: `length of the contact`. */
  name: text,
  /** A yes or no as a phrase: `asked for remote access`. */
  yes: text.optional(),
  no: text.optional(),
  /** Value of a category -> its words. */
  values: z.record(z.string().max(longestListed), text).optional(),
  /** Words of the unit after one and after other numbers. */
  unit: z.strictObject({ one: z.string().max(20), other: z.string().max(20) }).optional(),
});
export type AttributeTexts = z.infer<typeof attributeTextsSchema>;

/**
 * Companion of a feature schema in one language (BCP 47; `und` for names taken from a file as they are): what its
 * attributes are called. It is keyed by the schema's hash and signed with the manifest that carries it.
 */
export const schemaTextsSchema = z.strictObject({
  format: z.literal('outpost.schema-texts/1'),
  schema: hashSchema,
  language: z.string().min(2).max(35),
  attributes: z.record(attributeNameSchema, attributeTextsSchema),
});
export type SchemaTexts = z.infer<typeof schemaTextsSchema>;

/** A schema with the companions that say what its attributes are called. */
export interface DescribedSchema {
  readonly schema: FeatureSchema;
  readonly texts: readonly SchemaTexts[];
}
