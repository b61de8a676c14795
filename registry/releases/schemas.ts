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

const hashesAtATime = 500;

/** A look-up by some hashes among all schemas that were ever proposed or issued here, and those of the app. */
export async function knownSchemas(db: AnyStore, hashes: Iterable<string>): Promise<SchemaByHash> {
  const known = new Map(appSchemas.map((one) => [schemaHash(one), one]));
  const wanted = [...new Set(hashes)].filter((hash) => !known.has(hash));
  for (let i = 0; i < wanted.length; i += hashesAtATime) {
    const some = wanted.slice(i, i + hashesAtATime);
    const rows = await db.selectFrom('schemas').selectAll().where('hash', 'in', some).execute();
    for (const { hash, schema } of rows) known.set(hash, featureSchemaSchema.parse(JSON.parse(schema)));
  }
  return (hash) => known.get(hash) ?? null;
}
