import { OutpostError } from '../../shared/errors/index.ts';
import { listed, sentence } from '../../shared/language/sentence.ts';

/** Columns that are appended, in this order. */
export const appended = ['score', 'verdict', 'outside_model', 'reasons', 'model_version'] as const;

const prefix = 'outpost_';

/**
 * Names under which the columns are appended: `appended`, or the same after `outpost_` when the model itself reads a
 * column of such a name (`read`, as the header spells them). Throws BAD_CSV when the file has one of the names already.
 */
export function scoreColumnNames(header: readonly string[], read: readonly string[]): string[] {
  const names: readonly string[] = appended;
  const chosen = names.some((name) => read.includes(name)) ? names.map((name) => `${prefix}${name}`) : names;
  const taken = chosen.filter((name) => header.includes(name));
  if (taken.length === 0) return [...chosen];
  throw new OutpostError('BAD_CSV', sentence('outpost.column_taken', { names: listed(taken) }));
}

/**
 * A probability in the fewest digits that read back as the same float32, which is what models give. Fewer would turn
 * 0.9999997 into certainty.
 */
export function shownScore(score: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(score.toPrecision(digits));
    if (Math.fround(short) === Math.fround(score)) return short;
  }
  return Number(score.toPrecision(9));
}
