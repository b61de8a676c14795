import { withCompanions } from '../../shared/encoding/companions.ts';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importDataset, type ImportResult } from '../../registry/cases/import-csv.ts';
import type { Store } from '../../registry/storage/db/tables.ts';
import { complaintsSchema } from '../../shared/encoding/complaints.ts';

/** Takes the cases of a CSV text into a registry, as a file of that name under the schema of complaints. */
export async function importText(db: Store, name: string, text: Iterable<string>): Promise<ImportResult> {
  const folder = mkdtempSync(join(tmpdir(), 'outpost-import-'));
  try {
    const file = join(folder, name);
    writeFileSync(file, [...text].join(''));
    return await importDataset(db, withCompanions(complaintsSchema), { name, file }, Date.parse('2100-12-31'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
