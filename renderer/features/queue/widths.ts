import type { CaseRow } from '../../../shared/contract/views.ts';
import { currencySign, shortAge } from '../../language/format.ts';
import type { Say } from '../../language/language.ts';
import { referenceLength } from './items.ts';

const standings = ['scam', 'unclear', 'not_scam', 'outside', 'later', 'none'] as const;
const day = 86_400_000;

/** Room a letter takes in a row and in the head of the list, in CSS pixels. */
const letter = { row: 6.8, verdict: 6.5, reference: 8.7, head: 5.8 };
/** The least room of a column: what English words and usual amounts need. */
const least = { verdict: 76, stake: 58, age: 34 };
/** The mark before a verdict, with its distance. */
const mark = 24;

/**
 * Widths of the columns whose contents are the same for all rows of a language, as CSS variables of the list. Rows are
 * drawn one by one, so that no column can follow its longest cell by itself.
 */
export function columnWidths(
  rows: readonly CaseRow[],
  currency: string | null,
  language: { readonly say: Say; readonly locale: string },
): Readonly<Record<`--${string}`, string>> {
  const { say, locale } = language;
  const verdict = Math.max(...standings.map((one) => say(`window_verdict.short_${one}`).length));
  const sign = currency === null ? '' : ` ${currencySign(locale, currency)}`;
  const stake = `${say('window_queue.columns_stake')}${sign}`.length;
  const age = Math.max(
    say(shortAge(0, 999 * day)).length * letter.row,
    say('window_queue.columns_age').length * letter.head,
  );
  const pixels = (width: number): string => `${Math.round(width)}px`;
  return {
    '--ref': pixels(referenceLength(rows) * letter.reference),
    '--verdict': pixels(Math.max(least.verdict, mark + verdict * letter.verdict)),
    '--stake': pixels(Math.max(least.stake, stake * letter.head)),
    '--age': pixels(Math.max(least.age, age)),
  };
}
