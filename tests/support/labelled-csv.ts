import { withCompanions } from '../../shared/encoding/companions.ts';
import { eachLabelledRow, type LabelledColumns, type ReadFile } from '../../learning/data/read-training.ts';
import type { LabelledRow } from '../../learning/dataset/dataset.ts';
import type { FeatureSchema } from '../../shared/encoding/schema.ts';

/** `eachLabelledRow` for small files: all rows at once. */
export async function readLabelledCsv(
  file: string,
  schema: FeatureSchema,
  columns: LabelledColumns,
): Promise<ReadFile & { readonly rows: LabelledRow[] }> {
  const rows: LabelledRow[] = [];
  const read = await eachLabelledRow(file, withCompanions(schema), columns, () => (row) => void rows.push(row));
  return { ...read, rows };
}
