/** A day, with or without a time: 2026-01-31, 20260131_1530, 31.01.2026. */
const day =
  /(?<!\d)(?:(?:19|20)\d\d([-_.]?)(?:0[1-9]|1[0-2])\1(?:0[1-9]|[12]\d|3[01])|(?:0[1-9]|[12]\d|3[01])([-_./])(?:0[1-9]|1[0-2])\2(?:19|20)\d\d)(?:[-_T ]?(?:[01]\d|2[0-3])[-_.:]?[0-5]\d(?:[-_.:]?[0-5]\d)?)?(?!\d)/g;
/** A quarter or half of a year: Q3, 1Q25, H2, and T4 as in French. */
const quarter = /(?<!\p{L})[QHT][1-4](?!\p{N})|(?<!\p{N})[1-4]Q(?!\p{L})/giu;
/** Digits that no letter parts. */
const between = /[^\p{L}]*\p{Nd}[^\p{L}]*/gu;
/** Thousands or lakhs with a sign between them: 1,000,000, 1.000.000, 10,00,000. */
const grouped =
  /(?<!\d[.,'’ _]?)[1-9]\d{0,2}(?:([.,'’ \u00a0\u202f_])\d{3})(?:\1\d{3})*(?!\d)|(?<!\d,?)[1-9]\d?(?:,\d\d)+,\d{3}(?!\d)/g;

/** A year, its month, or a span to the next: 2026, 2026-01, 202601, 2025/26. */
const yearForm = String.raw`(?:19|20)\d\d(?:[-_./]?(?:0[1-9]|1[0-2])|[-/\p{Pd}]\d\d)?`;
const oneNumber = new RegExp(String.raw`(?<!\d)(?:${yearForm}|\d+)(?!\d)`, 'gu');
const year = new RegExp(`^${yearForm}$`, 'u');
/** Up to three digits, then noughts only. */
const round = /^(?:0|[1-9]\d{0,2}0{3,})$/;
/** Where an interval begins and ends beside a round number: 1000001, 4999999. */
const afterRound = /^[1-9]\d{0,2}0{2,}1$/;
const beforeRound = /^[1-9]\d{0,2}9{3,}$/;
/** So many digits are an amount beside a year; 2019 3000 may be a telephone number. */
const fewestOfAmount = 6;

/** One number, or some from low to high, all round, but for the ends of an interval: 50000-99999. */
function areRound(numbers: readonly string[]): boolean {
  const rises = numbers.slice(1).every((next, k) => Number(next) > Number(numbers[k]));
  const [low = '', high = ''] = numbers;
  if (!rises) return false;
  if (numbers.every((number) => round.test(number))) return true;
  const isLow = round.test(low) || afterRound.test(low);
  return numbers.length === 2 && isLow && (round.test(high) || beforeRound.test(high));
}

/** Whether digits between two letters are years and round numbers, with one digit beside them at most: 1000000.1. */
function areNobodys(text: string): boolean {
  if (/\+\s*\d/.test(text)) return false;
  const all = text.replaceAll(grouped, (number) => number.replaceAll(/\D/g, '')).match(oneNumber) ?? [];
  if (areRound(all)) return true;
  const [years, others] = [all.filter((one) => year.test(one)), all.filter((one) => !year.test(one))];
  const amounts = others.filter((one) => one.length > 1);
  if (others.length - amounts.length > 1 || years.length + amounts.length === 0) return false;
  return areRound(amounts) && amounts.every((amount) => amount.length >= fewestOfAmount);
}

/**
 * A text, its digits being Latin, without those that tell nobody: days, quarters, and where nothing else stands beside them
 * years and numbers of which only the first three digits are no noughts, such as 1000000.
 */
export function withoutRoundNumbers(text: string): string {
  return text
    .replaceAll(day, ' ')
    .replaceAll(quarter, ' Q ')
    .replaceAll(between, (digits) => (areNobodys(digits) ? ' ' : digits));
}
