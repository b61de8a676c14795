import type { Kysely } from 'kysely';
import { manifestSchema } from '../../../shared/encoding/manifest.ts';
import { schemaHash } from '../../../shared/encoding/schema-identity.ts';

/** The parts of the store this step reads and fills in. */
interface Shape {
  candidates: { manifest: string };
  schemas: { hash: string; schema: string };
}

/**
 * Every schema by its hash. Those known so far are in the candidates, of which releases are some; a manifest that can no
 * longer be read has none that anything could be read under. The hash of a schema is settled for good.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('schemas')
    .addColumn('hash', 'text', (c) => c.primaryKey())
    .addColumn('schema', 'text', (c) => c.notNull())
    .execute();
  const store = db as unknown as Kysely<Shape>;
  for (const { manifest } of await store.selectFrom('candidates').select('manifest').execute()) {
    const read = manifestSchema.safeParse(JSON.parse(manifest));
    if (!read.success) continue;
    const { schema } = read.data;
    await store
      .insertInto('schemas')
      .values({ hash: schemaHash(schema), schema: JSON.stringify(schema) })
      .onConflict((conflict) => conflict.column('hash').doNothing())
      .execute();
  }
}
