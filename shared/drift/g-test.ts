import { chiSquareUpperTail } from '../metrics/special-functions.ts';

interface GTest {
  readonly g: number;
  readonly df: number;
  readonly p: number;
}

/**
 * Likelihood-ratio test that two sets of counts over the same bins come from one distribution (Sokal & Rohlf, ch. 17),
 * with Williams' correction for small counts. Empty bins are left out; with fewer than two bins or an empty side p is 1.
 * On numbers this is a test of their binned form.
 */
export function gTest(reference: readonly number[], current: readonly number[]): GTest {
  const used = reference.map((_, i) => i).filter((i) => reference[i]! + current[i]! > 0);
  const rows = [reference, current].map((counts) => used.map((i) => counts[i]!));
  const totals = rows.map((row) => row.reduce((a, b) => a + b, 0));
  const n = totals[0]! + totals[1]!;
  const df = used.length - 1;
  if (df < 1 || totals.includes(0)) return { g: 0, df: 0, p: 1 };
  let g = 0;
  let inverse = 0;
  used.forEach((_, j) => {
    const column = rows[0]![j]! + rows[1]![j]!;
    inverse += n / column;
    for (const [side, row] of rows.entries()) {
      const count = row[j]!;
      if (count > 0) g += 2 * count * Math.log((count * n) / (column * totals[side]!));
    }
  });
  const correction = 1 + ((n / totals[0]! + n / totals[1]! - 1) * (inverse - 1)) / (6 * n * df);
  const corrected = Math.max(0, g) / correction;
  return { g: corrected, df, p: chiSquareUpperTail(corrected, df) };
}
