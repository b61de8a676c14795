import { z } from 'zod';

const hashSchema = z.string().regex(/^[0-9a-f]{64}$/);

/** Who issues a feature schema: the app itself, a registry by the hash of its first root, or nobody (made from a file). */
export const schemaIssuerSchema = z.union([z.literal('outpost'), hashSchema, z.null()]);
export type SchemaIssuer = z.infer<typeof schemaIssuerSchema>;

/**
 * The feature schema something was read under. Issuer and hash are its identity, the version a label within the issuer;
 * both are absent in what was recorded before schemas had them.
 */
export const schemaRefSchema = z.strictObject({
  id: z.string().max(60),
  version: z.int().min(1),
  issuer: schemaIssuerSchema.optional(),
  hash: hashSchema.optional(),
});
export type SchemaRef = z.infer<typeof schemaRefSchema>;

/** Whether both name one schema: by their hashes, or by name and version where one was recorded before hashes. */
export function isSameSchema(a: SchemaRef, b: SchemaRef): boolean {
  if (a.hash !== undefined && b.hash !== undefined) return a.hash === b.hash;
  if (a.issuer !== undefined && b.issuer !== undefined && a.issuer !== b.issuer) return false;
  return a.id === b.id && a.version === b.version;
}
