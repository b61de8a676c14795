import { withLatinDigits } from './digits.ts';

/**
 * Digits from which a text is taken for somebody's number: local telephone numbers have seven, and account, card and
 * identity numbers more.
 */
export const fewestDigits = 7;
/** From here on a number has so many digits. */
const fewestNumber = 10 ** (fewestDigits - 1);
/** Numbers of accounts have no more than twenty digits; what is larger is a measure. */
const mostNumber = 1e20;
/** What is kept of such a number: 5551234 is told as 5551000, which is an area at most. */
const keptDigits = 4;

/** Numerals that Chinese and Japanese write in place of digits, by value. */
const numerals = '〇一二三四五六七八九';
const anyNumeral = new RegExp(`[${numerals}]`, 'g');

function withoutNumerals(text: string): string {
  return text.replaceAll('零', '0').replace(anyNumeral, (sign) => String(numerals.indexOf(sign)));
}

/**
 * True for a text that may hold somebody's number: it has seven digits or more in all, however they are spaced, bracketed or
 * joined, in any script. One text alone cannot tell 2345-6789 from a range: see `intervals` in `learning/schema`.
 */
export function hasPersonalNumber(text: string): boolean {
  return withoutNumerals(withLatinDigits(text.normalize('NFKC'))).replaceAll(/\D/g, '').length >= fewestDigits;
}

/** Whether a number may be somebody's by its digits: seven or more before the point. */
export function isPersonalNumber(value: number): boolean {
  return Math.abs(value) >= fewestNumber && Math.abs(value) < mostNumber;
}

/** A number as it may stand in a model: from a million on rounded to four digits, so that it is nobody's. */
export function withoutPersonalDigits(value: number): number {
  return isPersonalNumber(value) ? Number(value.toPrecision(keptDigits)) : value;
}
