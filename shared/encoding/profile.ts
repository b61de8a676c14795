import { z } from 'zod';
import { schemaRefSchema } from '../domain/schema-ref.ts';

const count = z.number().min(0);

/** Binned counts of one attribute: one count per fixed bin or value, then those outside all of them and the missing. */
const attributeProfileSchema = z.strictObject({
  /** Bin or value names in schema order; for numbers `<b1`, `b1..b2`, …, `>=bk`. */
  bins: z.array(z.string()),
  counts: z.array(count),
  other: count,
  missing: count,
});
export type AttributeProfile = z.infer<typeof attributeProfileSchema>;

/** Mergeable counts over a set of cases under one schema version; the sum of two profiles is the profile of the union. */
export const profileSchema = z.strictObject({
  schema: schemaRefSchema,
  rows: count,
  attributes: z.record(z.string(), attributeProfileSchema),
  /** Scores in 20 bins of width 0.05. */
  scores: z.array(count).length(20),
  /** Canonical tag -> cases naming it. */
  tactics: z.record(z.string(), count),
});
export type Profile = z.infer<typeof profileSchema>;
