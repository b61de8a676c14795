import { z } from 'zod';
import { longestListed } from './tactics.ts';
import { moneySchema } from './money.ts';
import { schemaRefSchema } from './schema-ref.ts';

/** Value of one attribute: yes/no, category value, number, money. An absent or null value is unknown, never no. */
export const attributeValueSchema = z.union([
  z.boolean(),
  z.string().max(longestListed),
  z.number(),
  moneySchema,
  z.null(),
]);
export type AttributeValue = z.infer<typeof attributeValueSchema>;

/**
 * What a model may learn from: the shareable attributes and the tactic tags that passed the leaving filter,
 * read under a version of the feature schema. A tactic that is a feature is recorded or not; null under its attribute's
 * name says that even this is unknown.
 */
export const factsSchema = z.strictObject({
  schema: schemaRefSchema,
  attributes: z.record(z.string().max(60), attributeValueSchema),
  tactics: z.array(z.string().max(40)).max(50),
});
export type Facts = z.infer<typeof factsSchema>;
