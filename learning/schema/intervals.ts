import { withLatinDigits } from '../../shared/domain/digits.ts';

/** Two numbers in a text, with what stands around them, and the distance of two neighbours. */
interface Interval {
  readonly text: string;
  readonly around: string;
  readonly low: number;
  readonly high: number;
  readonly unit: number;
}

/** A number that does not begin with a nought it does not need, as telephone numbers do. */
const number = '(0|[1-9]\\d*)(\\.\\d+)?';
const twoNumbers = new RegExp(`^([^\\d]{0,12}?)${number}(\\D{1,12}?)${number}([^\\d]{0,12})$`);

function intervalOf(text: string): Interval | null {
  const plain = withLatinDigits(text.normalize('NFKC'))
    .replaceAll(/[\p{Pd}\u2212]/gu, '-')
    .replaceAll(/(?<=\d)[,'’ ](?=\d{3}(?!\d))/g, '');
  const found = twoNumbers.exec(plain);
  if (found === null) return null;
  const [, before = '', lowWhole = '', lowRest = '', between = '', highWhole = '', highRest = '', after = ''] = found;
  const [low, high] = [Number(lowWhole + lowRest), Number(highWhole + highRest)];
  const unit = 10 ** -Math.max(0, Math.max(lowRest.length, highRest.length) - 1);
  return low < high ? { text, around: [before, between, after].join('N'), low, high, unit } : null;
}

/** Whether one ends where the next begins: 5,000 to 9,999 and 10,000 to 14,999, (17.5, 29] and (29, 40]. */
function meets(one: Interval, next: Interval): boolean {
  const gap = next.low - one.high;
  const unit = Math.max(one.unit, next.unit);
  return gap > -unit / 2 && gap < 1.5 * unit;
}

/** Whether intervals follow each other without overlap and more of them meet than not: so do bins, and no telephone numbers. */
function areBins(intervals: readonly Interval[]): boolean {
  const sorted = intervals.toSorted((a, b) => a.low - b.low || a.high - b.high);
  const pairs = sorted.slice(1).map((next, k) => [sorted[k]!, next] as const);
  if (!pairs.every(([one, next]) => next.low - one.high > -Math.max(one.unit, next.unit) / 2)) return false;
  const met = pairs.filter(([one, next]) => meets(one, next)).length;
  return met > 0 && 2 * met >= pairs.length;
}

/**
 * Those of a column's texts that are bins of numbers (50000-99999 beside 100000-149999), written alike and following each
 * other. A text with as many digits that stands alone may be a telephone number.
 */
export function binTexts(texts: Iterable<string>): ReadonlySet<string> {
  const alike = Map.groupBy(
    [...texts].map(intervalOf).filter((interval) => interval !== null),
    ({ around }) => around,
  );
  const bins = [...alike.values()].filter((intervals) => intervals.length > 1 && areBins(intervals));
  return new Set(bins.flat().map(({ text }) => text));
}
