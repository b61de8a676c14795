import { z } from 'zod';
import { featureSchemaSchema } from './schema.ts';
import { schemaOfFormat1Schema, upgradeSchema } from './schema-format-1.ts';
import { schemaHash } from './schema-identity.ts';
import { schemaTextsSchema, type DescribedSchema } from './schema-texts.ts';

/** Companions as people write them: which schema they are of follows from where they stand. */
const withTexts = z
  .strictObject({
    schema: featureSchemaSchema,
    texts: z.array(schemaTextsSchema.pick({ language: true, attributes: true })).max(50),
  })
  .transform(({ schema, texts }): DescribedSchema => {
    const hash = schemaHash(schema);
    return { schema, texts: texts.map((one) => ({ format: 'outpost.schema-texts/1', schema: hash, ...one })) };
  });

const bySchemaFormat = z.discriminatedUnion('format', [
  featureSchemaSchema.transform((schema): DescribedSchema => ({ schema, texts: [] })),
  schemaOfFormat1Schema.transform(upgradeSchema),
]);

/** Reads a feature schema of either format, or one with its companions beside it. */
export const describedSchemaSchema: z.ZodType<DescribedSchema> = z.unknown().transform((value, context) => {
  const beside = typeof value === 'object' && value !== null && !('format' in value) && 'texts' in value;
  const read = (beside ? withTexts : bySchemaFormat).safeParse(value);
  if (read.success) return read.data;
  context.issues.push(...read.error.issues.map((issue) => ({ ...issue, input: value }) as never));
  return z.NEVER;
});
