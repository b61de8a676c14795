import type { SchemaIssuer } from '../../../shared/domain/schema-ref.ts';
import type { Db } from './db.ts';

/** A manifest of the first format names no issuer; the first version was the app's own. */
const ISSUER = `CASE
  WHEN json_extract(CAST(manifest AS TEXT), '$.schema.format') = 'outpost.feature-schema/1'
    AND json_extract(CAST(manifest AS TEXT), '$.schema.version') = 1
    AND json_extract(CAST(manifest AS TEXT), '$.schema.id') = 'complaints' THEN 'outpost'
  ELSE json_extract(CAST(manifest AS TEXT), '$.schema.issuer') END`;

/**
 * The trusted model with the newest feature schema of a name, or null when there is none: one of a registry before the
 * app's own, then by version.
 */
export function newestSchemaModel(
  db: Db,
  schemaId: string,
): { readonly id: string; readonly version: number; readonly issuer: SchemaIssuer } | null {
  return (
    db
      .prepare<[string], { id: string; version: number; issuer: SchemaIssuer }>(
        `SELECT id, version, issuer FROM (
           SELECT id, json_extract(CAST(manifest AS TEXT), '$.schema.version') AS version,
             ${ISSUER} AS issuer,
             json_extract(CAST(manifest AS TEXT), '$.schema.id') AS schema FROM models WHERE source <> 'file')
         WHERE schema = ? ORDER BY issuer IS 'outpost', issuer IS NULL, version DESC LIMIT 1`,
      )
      .get(schemaId) ?? null
  );
}
