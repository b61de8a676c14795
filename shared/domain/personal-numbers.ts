import { withLatinDigits } from './digits.ts';
import { hasSpelledNumber } from './spelled-numbers.ts';

/**
 * Digits from which a text is taken for somebody's number: local telephone numbers have seven, and account, card and
 * identity numbers more.
 */
const fewestDigits = 7;
/** From here on a number has so many digits. */
const fewestNumber = 10 ** (fewestDigits - 1);
/** Numbers of accounts have no more than twenty digits; what is larger is a measure. */
const mostNumber = 1e20;
/** What is kept of such a number: 5551234 is kept as 5551000, which is an area at most. */
const keptDigits = 4;

/** Numerals that Chinese and Japanese write in place of digits, by value, as on cheques too. */
const numerals: ReadonlyMap<string, string> = new Map(
  ['〇零', '一壹壱', '二贰貳弐', '三叁參参', '四肆', '五伍', '六陆陸', '七柒漆', '八捌', '九玖'].flatMap(
    (signs, value) => Array.from(signs, (sign) => [sign, String(value)] as const),
  ),
);
const anyNumeral = new RegExp(`[${[...numerals.keys()].join('')}]`, 'gu');
/** Tag characters, which are not seen and spell ASCII (Unicode 23.9). */
const tagSigns = /[\u{e0020}-\u{e007e}]/gu;
/** A word of digits and letters that are written in their place: 98OOO, O2l. */
const likeDigits = /(?<![\p{L}\p{N}])[Oo]*\d[\dOoIl|S]*(?![\p{L}\p{N}])/gu;

/** A text with every sign that people write or read for a digit as that digit. */
function withPlainDigits(text: string): string {
  const shown = text.replace(tagSigns, (sign) => String.fromCodePoint(sign.codePointAt(0)! - 0xe0000));
  return withLatinDigits(shown.normalize('NFKC'))
    .replace(anyNumeral, (sign) => numerals.get(sign)!)
    .replace(likeDigits, (word) => word.replaceAll(/[Oo]/g, '0').replaceAll(/[Il|]/g, '1').replaceAll('S', '5'));
}

/**
 * Numbers that identify a person with fewer than seven digits: Indian tax numbers and number plates, British insurance
 * numbers.
 */
const identities =
  /(?<![\p{L}\p{N}])(?:[a-z]{5}-?\d{4}-?[a-z]|[a-z]{2}-?\d{1,2}-?[a-z]{1,3}-?\d{4}|[a-z]{2}[ -]?(?:\d{2}[ -]?){3}[a-d])(?![\p{L}\p{N}])/iu;
/** A word that letters and digits alternate in, as passport and identity numbers do; words of a language are longer. */
const codeWord =
  /(?<![\p{L}\p{N}])(?=(?:[a-z]*\d){6})(?=[a-z\d]{9})(?![a-z]*[a-z]{6})[a-z]*\d+[a-z]+[a-z\d]*(?![\p{L}\p{N}])/iu;

/** A time of the day. */
const time = /(?<![\d:])(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?(?![\d:])/g;
const years = /^\D*(?:19|20)\d\d\s*[-/\p{Pd}]\s*(?:19|20)\d\d\D*$/u;

/** A text without what has many digits and is nobody's: up to two times of the day, a span of years. */
function withoutMeasures(text: string): string {
  if (years.test(text)) return '';
  const times = text.match(time)?.length ?? 0;
  const isTimes = times > 0 && times <= 2 && !/\p{N}/u.test(text.replaceAll(time, ''));
  return isTimes ? '' : text;
}

/**
 * True for a text that may hold somebody's number: it has seven digits or more in all, however they are spaced, bracketed or
 * joined, in any script or in words, or reads like an identity number. `without` takes out digits that count for nothing
 * where the text stands. One text alone cannot tell 2345-6789 from a range, nor 555.0.1234 from a version: see `intervals`
 * and `versions` in `learning/schema`.
 */
export function hasPersonalNumber(text: string, without: (plain: string) => string = (plain) => plain): boolean {
  const plain = withPlainDigits(text);
  const digits = withoutMeasures(without(plain)).match(/\p{N}/gu) ?? [];
  if (digits.length >= fewestDigits || identities.test(plain)) return true;
  // 2019to2021 is no code: all its digits are years.
  return (digits.length > 0 && codeWord.test(plain)) || hasSpelledNumber(plain, fewestDigits);
}

/** Whether a number may be somebody's by its digits: seven or more before the point. */
export function isPersonalNumber(value: number): boolean {
  return Math.abs(value) >= fewestNumber && Math.abs(value) < mostNumber;
}

/**
 * A number as it may stand in a model: from a million on rounded to four digits, else to six, wherever its point stands, so
 * that it is nobody's: 555.1234567 is a telephone number too.
 */
export function withoutPersonalDigits(value: number): number {
  if (isPersonalNumber(value)) return Number(value.toPrecision(keptDigits));
  // Up to a million whole numbers have six digits, and halves and tenths of small ones are quickly found.
  if (Number.isInteger(value) || !Number.isFinite(value)) return value;
  if (Number.isInteger(value * 100) && Math.abs(value) < 10 ** (fewestDigits - 3)) return value;
  return Number(value.toPrecision(fewestDigits - 1));
}
