import { withLatinDigits } from './digits.ts';

/** Digits from which a text is taken for somebody's number: telephone, account, card or identity numbers have nine or more. */
const fewestDigits = 9;
/** Local telephone numbers have seven or eight: they are told by how they are written. */
const localNumber = /^\D*[+(0]|\(\d+\)|(?<!\d)\d{3}[-. ]\d{4}(?!\d)/;
/** The digits of 0.333333333 are nobody's; those of 9810000001.0, as spreadsheets write numbers, may be. */
const fraction = /^[+-]?\d{0,3}\.\d+$/;
/** Two whole numbers with a sign or a word between them, as in 50000-99999 or $50,000 to $74,999. */
const range = /^\D{0,3}(\d+)\D{0,3}(?:-|to|bis|a|à|până)\D{0,3}(\d+)\D{0,12}$/i;

/** A text with hyphens, blanks and digits of every kind as the plain ones, without invisible signs. */
function plain(text: string): string {
  return withLatinDigits(text.normalize('NFKC'))
    .replaceAll(/[\p{Cf}\p{Cc}]/gu, '')
    .replaceAll(/[\p{Pd}\u2212\u2043]/gu, '-')
    .replaceAll(/[\p{Zs}\s]+/gu, ' ')
    .trim();
}

/** True for two rising numbers of which both are round, as the ends of a bin are: 50000-99999, 1001 to 2000. */
function isRange(text: string): boolean {
  const ends = range.exec(text.replaceAll(/(?<=\d)[,' ](?=\d{3}(?!\d))/g, ''));
  if (ends === null) return false;
  const [low = '', high = ''] = ends.slice(1);
  return /0[01]$/.test(low) && /(?:99|0[01])$/.test(high) && Number(low) < Number(high) && !low.startsWith('0');
}

/**
 * True for a text that may hold somebody's number, by the digits in all of it, however they are spaced, bracketed or
 * joined, in any script. Fractions and ranges between round numbers are none.
 */
export function hasPersonalNumber(text: string): boolean {
  const shown = plain(text);
  const digits = shown.replaceAll(/\D/g, '').length;
  if (digits < 7 || fraction.test(shown) || isRange(shown)) return false;
  return digits >= fewestDigits || localNumber.test(shown);
}
