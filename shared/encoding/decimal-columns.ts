import { cellText } from './cell-text.ts';
import { csvReader } from './csv-facts.ts';
import { dotsOf } from './csv-numbers.ts';
import type { FeatureSchema } from './schema.ts';

/** Rows of a file that show what its columns hold; where they are long, as many as have so many characters. */
export const showingRows = 1000;
const showingCharacters = 100_000;

/** Looks at the first rows of a file, below its header. */
interface DecimalsWatcher {
  /** Looks at a row; false when it was the last one to look at. */
  readonly see: (cells: readonly string[]) => boolean;
  /** Attributes whose cells show that a dot stands before decimals (12.5, 0.125): 1.440 there is a bit more than one. */
  readonly found: () => ReadonlySet<string>;
}

/** Starts looking for columns whose dots stand before decimals. */
export function watchDecimals(schema: FeatureSchema, header: readonly string[]): DecimalsWatcher {
  const { mapped } = csvReader(schema, header);
  const numbers = schema.attributes.filter(({ kind, name }) => kind === 'number' && mapped.has(name));
  const found = new Set<string>();
  let [rows, characters] = [0, 0];
  return {
    see(cells) {
      if (rows < showingRows && characters < showingCharacters) {
        for (const { name } of numbers)
          if (dotsOf(cellText(cells[mapped.get(name)!] ?? '')) === 'decimals') found.add(name);
        rows += 1;
        for (const cell of cells) characters += cell.length;
      }
      return rows < showingRows && characters < showingCharacters;
    },
    found: () => found,
  };
}
