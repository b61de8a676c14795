import { manifestSchema } from '../../../shared/encoding/manifest.ts';
import { schemaHash } from '../../../shared/encoding/schema-identity.ts';
import type { Db } from '../store/db.ts';

/**
 * Every schema by its hash, also of models that are removed. Those known so far are in the stored manifests; one that can
 * no longer be read has none that a case could be read under. The hash of a schema is settled for good.
 */
export const migration = {
  version: 10,
  name: 'schemas',
  up(db: Db): void {
    db.exec('CREATE TABLE schemas (hash TEXT PRIMARY KEY, schema TEXT NOT NULL) STRICT, WITHOUT ROWID;');
    const keep = db.prepare('INSERT OR IGNORE INTO schemas VALUES (?, ?)');
    const rows = db.prepare<[], { manifest: string }>('SELECT CAST(manifest AS TEXT) AS manifest FROM models').all();
    for (const { manifest } of rows) {
      const read = manifestSchema.safeParse(JSON.parse(manifest));
      if (read.success) keep.run(schemaHash(read.data.schema), JSON.stringify(read.data.schema));
    }
  },
};
