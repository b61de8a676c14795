import { binTexts } from './intervals.ts';
import { versionTexts } from './versions.ts';

/** Those of a column's texts with many digits that are nobody's, as the others show: bins of numbers and versions. */
export function measureTexts(texts: readonly string[]): ReadonlySet<string> {
  return new Set([...binTexts(texts), ...versionTexts(texts)]);
}
