import { isMissing, type EncodedRow } from '../../../shared/encoding/encode.ts';
import type { Manifest } from '../../../shared/encoding/manifest.ts';
import { boundColumns } from '../../../shared/encoding/pack.ts';
import type { Contribution } from '../inference/inference.ts';

/** Contributions below this, in log-odds, are not worth a word: at most 2.5 points in a hundred. */
export const smallestQuickReason = 0.1;

/** Log-odds of a float32 probability; one that is rounded to 0 or 1 counts as the nearest that is not. */
export function logOdds(score: number): number {
  const p = Math.min(1 - 1e-7, Math.max(1e-7, score));
  return Math.log(p / (1 - p));
}

/**
 * Cheap contributions for long lists: for each answered column, the log-odds of the score minus those of the score
 * were it unknown. One extra run per answer instead of thousands, but answers that stand for each other share less
 * fairly than in a full explanation, and the parts do not add up to the score. Log-odds, because at a score near 1 no
 * single answer moves the probability. Largest absolute value first.
 */
export async function quickContributions(
  manifest: Manifest,
  rows: readonly EncodedRow[],
  scores: readonly number[],
  scoreRows: (rows: readonly EncodedRow[]) => Promise<readonly number[]>,
): Promise<Contribution[][]> {
  const columns = boundColumns(manifest.binding);
  const asked: { of: number; attribute: string }[] = [];
  const variants: EncodedRow[] = [];
  rows.forEach((row, of) => {
    for (const attribute of columns) {
      const value = row[attribute];
      if (value === undefined || isMissing(value)) continue;
      asked.push({ of, attribute });
      variants.push({ ...row, [attribute]: typeof value === 'string' ? '' : NaN });
    }
  });
  const without = variants.length === 0 ? [] : await scoreRows(variants);
  const found: Contribution[][] = rows.map(() => []);
  asked.forEach(({ of, attribute }, i) =>
    found[of]!.push({ attribute, value: logOdds(scores[of]!) - logOdds(without[i]!) }),
  );
  return found.map((list) => list.toSorted((a, b) => Math.abs(b.value) - Math.abs(a.value)));
}
