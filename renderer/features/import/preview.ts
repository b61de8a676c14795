import type { StagedImport } from '../../../shared/contract/imports.ts';
import type { Sentence } from '../../../shared/language/sentence.ts';

/** A row that becomes no case. */
export interface RefusedRow {
  readonly line: number;
  readonly cells: readonly string[];
  readonly problems: readonly { readonly column: string | null; readonly why: Sentence }[];
}

type PreviewRow = StagedImport['preview'][number];

/** Columns of the preview, in their order, that some row has something in. */
const previewColumns = [
  'received',
  'reference',
  'resident',
  'place',
  'indicators',
  'tactics',
  'answers',
  'outcome',
  'narrative',
] as const;
export type PreviewColumn = (typeof previewColumns)[number];

/** True when a row has something in a column. */
function fills(row: PreviewRow, column: PreviewColumn): boolean {
  const value = row[column];
  if (value === null || value === 0) return false;
  return typeof value === 'number' || value.length > 0;
}

/** The columns worth showing for these rows: an empty one says nothing. */
export function filledColumns(rows: readonly PreviewRow[]): PreviewColumn[] {
  return previewColumns.filter((column) => rows.some((row) => fills(row, column)));
}

/** Rows a second and milliseconds left by the share done so far; null as long as nothing can be said. */
export function paceOf(
  { rows, share, started }: { readonly rows: number; readonly share: number; readonly started: number },
  now: number,
): { readonly rate: number; readonly left: number } | null {
  const passed = now - started;
  if (rows === 0 || share <= 0 || passed < 1_000) return null;
  return { rate: Math.round((rows * 1_000) / passed), left: Math.max(0, (passed * (1 - share)) / share) };
}
