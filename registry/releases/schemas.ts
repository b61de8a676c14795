import { appSchemas } from '../../shared/encoding/complaints.ts';
import type { SchemaByHash } from '../../shared/encoding/read-under.ts';
import { featureSchemaSchema, type FeatureSchema } from '../../shared/encoding/schema.ts';
import { schemaHash } from '../../shared/encoding/schema-identity.ts';
import type { AnyStore } from '../storage/db/tables.ts';

/** Keeps a schema under its hash for good; one that is kept already stays as it is. */
export async function keepSchema(db: AnyStore, schema: FeatureSchema): Promise<void> {
  await db
    .insertInto('schemas')
    .values({ hash: schemaHash(schema), schema: JSON.stringify(schema) })
    .onConflict((conflict) => conflict.column('hash').doNothing())
    .execute();
}

/** A look-up by hash among all schemas that were ever proposed or issued here, and those of the app. */
export async function knownSchemas(db: AnyStore): Promise<SchemaByHash> {
  const rows = await db.selectFrom('schemas').selectAll().execute();
  const kept = rows.map(({ hash, schema }) => [hash, featureSchemaSchema.parse(JSON.parse(schema))] as const);
  const known = new Map([...appSchemas.map((one) => [schemaHash(one), one] as const), ...kept]);
  return (hash) => known.get(hash) ?? null;
}
