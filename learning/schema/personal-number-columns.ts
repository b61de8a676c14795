import { isPersonalNumber } from '../../shared/domain/personal-numbers.ts';
import type { ColumnFacts } from './columns.ts';

/** Share of a column's numbers that are as long as one another where they are numbers of people. */
const alikeShare = 0.9;
/** Share of them that end in no nought, which a number with a point loses; and a little for chance. */
const unshortenedShare = 0.8;
/** Digits before and after the point in telephone numbers that are written with one: 555.1234, 555.1234567, 98100.00001. */
const dottedForms: ReadonlySet<string> = new Set(['3.4', '3.7', '4.6', '5.5']);

/** Texts by how often they come, the most frequent first. */
function mostFrequent(texts: readonly string[]): { readonly text: string; readonly n: number } {
  const counts = [...Map.groupBy(texts, (text) => text)].map(([text, all]) => ({ text, n: all.length }));
  return counts.reduce((most, next) => (next.n > most.n ? next : most), { text: '', n: 0 });
}

/** Nine in ten have seven digits or more and are as long as one another, and fewer than half are round. */
function areLongNumbers(sample: readonly number[]): boolean {
  const long = sample.filter(isPersonalNumber);
  if (long.length < alikeShare * sample.length) return false;
  const { n } = mostFrequent(long.map((value) => String(String(Math.abs(value)).length)));
  const round = long.filter((value) => value % 100 === 0).length;
  return n >= alikeShare * long.length && 2 * round < long.length;
}

/** Written with a point where telephone numbers have one, all with as many digits before it and none with more after it. */
function areDottedNumbers(sample: readonly number[]): boolean {
  const parts = sample.map((value) => String(Math.abs(value)).split('.'));
  const before = mostFrequent(parts.map(([whole = '']) => String(whole.length)));
  const after = mostFrequent(parts.map(([, rest = '']) => String(rest.length)));
  if (!dottedForms.has(`${before.text}.${after.text}`)) return false;
  const longer = parts.some(([, rest = '']) => rest.length > Number(after.text));
  return !longer && before.n >= alikeShare * sample.length && after.n >= unshortenedShare * sample.length;
}

/** Whether the numbers of a column are those of telephones or accounts. Amounts and measures differ in length, or are round. */
export function areNumbersOfPeople({ whole, sample }: Pick<ColumnFacts, 'whole' | 'sample'>): boolean {
  return whole ? areLongNumbers(sample) : areDottedNumbers(sample);
}
