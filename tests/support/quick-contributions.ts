import { logOdds } from '../../electron/commands/score-reasons.ts';
import type { Contribution } from '../../electron/backend/inference/inference.ts';
import { isMissing, type EncodedRow } from '../../shared/encoding/encode.ts';
import type { Manifest } from '../../shared/encoding/manifest.ts';
import { boundColumns } from '../../shared/encoding/pack.ts';

/** What quick reasons are made of, row by row and answer by answer: the largest absolute value first. */
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
