import type { Db } from './db.ts';

/** The trusted model with the highest version of a feature schema, or null when there is none. */
export function newestSchemaModel(db: Db, schemaId: string): { id: string; version: number } | null {
  return (
    db
      .prepare<[string], { id: string; version: number }>(
        `SELECT id, version FROM (
           SELECT id, json_extract(CAST(manifest AS TEXT), '$.schema.version') AS version,
             json_extract(CAST(manifest AS TEXT), '$.schema.id') AS schema FROM models WHERE source <> 'file')
         WHERE schema = ? ORDER BY version DESC LIMIT 1`,
      )
      .get(schemaId) ?? null
  );
}
