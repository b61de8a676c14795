import { cellText } from './cell-text.ts';
import { csvReader } from './csv-facts.ts';
import { dotsOf } from './csv-numbers.ts';
import type { FeatureSchema } from './schema.ts';

/** Rows of a file that show what its columns hold. */
export const showingRows = 1000;

/**
 * Attributes whose cells in the first rows of a file show that a dot stands before decimals (12.5, 0.125), so that 1.440
 * there can only be a bit more than one.
 */
export function decimalColumns(
  schema: FeatureSchema,
  header: readonly string[],
  rows: readonly (readonly string[])[],
): ReadonlySet<string> {
  const { mapped } = csvReader(schema, header);
  const numbers = schema.attributes.filter(({ kind, name }) => kind === 'number' && mapped.has(name));
  const shown = rows.slice(0, showingRows);
  const shows = (at: number): boolean => shown.some((cells) => dotsOf(cellText(cells[at] ?? '')) === 'decimals');
  return new Set(numbers.map(({ name }) => name).filter((name) => shows(mapped.get(name)!)));
}
