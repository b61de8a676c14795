import type { SchemaIssuer } from '../../../shared/domain/schema-ref.ts';
import { appSchemas } from '../../../shared/encoding/complaints.ts';
import type { SchemaByHash } from '../../../shared/encoding/read-under.ts';
import { featureSchemaSchema, type FeatureSchema } from '../../../shared/encoding/schema.ts';
import { schemaHash } from '../../../shared/encoding/schema-identity.ts';
import type { Db } from './db.ts';

/** Keeps a schema under its hash for good, whatever becomes of the model that came with it. */
export function keepSchema(db: Db, schema: FeatureSchema): void {
  db.prepare('INSERT OR IGNORE INTO schemas (hash, schema) VALUES (?, ?)').run(
    schemaHash(schema),
    JSON.stringify(schema),
  );
}

function findSchema(db: Db, hash: string): FeatureSchema | null {
  const own = appSchemas.find((one) => schemaHash(one) === hash);
  if (own !== undefined) return own;
  const row = db.prepare<[string], { schema: string }>('SELECT schema FROM schemas WHERE hash = ?').get(hash);
  return row === undefined ? null : featureSchemaSchema.parse(JSON.parse(row.schema));
}

/** A look-up by hash among all schemas that came here, and those of the app. */
export function schemasOf(db: Db): SchemaByHash {
  return (hash) => findSchema(db, hash);
}

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
