import { sentence, type Sentence } from '../language/sentence.ts';

const numberForm = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** The sign before the decimals in the numbers of a file. */
export type DecimalSign = '.' | ',';

const commaForm = /^[+-]?(?:[1-9]\d{0,2}(?:\.\d{3})+|\d*)(?:,\d+)?(?:e[+-]?\d+)?$/i;

/** A number with a decimal comma, dots between thousands or none, as one with a decimal point; empty for anything else. */
export function withPoint(text: string): string {
  return commaForm.test(text) ? text.replaceAll('.', '').replace(',', '.') : '';
}

/** A number in digits, with sign, decimal sign and exponent as wanted; null for anything else and beyond float32. */
export function numberIn(cell: string, decimal: DecimalSign = '.'): number | null {
  const text = decimal === '.' ? cell.trim() : withPoint(cell.trim());
  if (!numberForm.test(text)) return null;
  return Number.isFinite(Math.fround(Number(text))) ? Number(text) : null;
}

/** The number before a percent sign, 12 for `12 %`; null for anything else. */
export function percentIn(cell: string, decimal: DecimalSign = '.'): number | null {
  const text = cell.trim();
  return text.endsWith('%') ? numberIn(text.slice(0, -1), decimal) : null;
}

/** Numbers whose dots may stand between thousands as well as before decimals: 1.440, 12.000. */
const dottedForm = /^[+-]?[1-9]\d{0,2}(?:\.\d{3})+%?$/;
/** Numbers in which a dot can only stand before decimals. */
const decimalForm = /^[+-]?(?:\d*\.\d{1,2}|\d*\.\d{4,}|0*\.\d+|\d{4,}\.\d+)%?$/;

/** What the dots of a cell mean: `either` may be thousands or decimals (1.440); null where there is nothing to ask. */
export function dotsOf(cell: string, decimal: DecimalSign = '.'): 'either' | 'decimals' | null {
  if (decimal === ',' || !cell.includes('.')) return null;
  if (dottedForm.test(cell)) return 'either';
  return decimalForm.test(cell) ? 'decimals' : null;
}

/** The number beside a currency, 12.000 for `12.000 EUR` or `€ 12.000`; null for anything else. */
export function amountIn(cell: string): string | null {
  const text = cell.replace(/^\p{Sc}\s*|\s*\p{Sc}$|^[A-Z]{3}\s+|\s*[A-Z]{3}$/u, '');
  return text !== cell && /^[+-]?\d[\d.,'’ ]*$/.test(text) ? text : null;
}

/** The currency beside a number in capitals, KWD for `12.500 KWD`; empty where there is none of three letters. */
export function currencyIn(cell: string): string {
  return /^[A-Z]{3}(?=\s)|[A-Z]{3}$/.exec(cell)?.[0] ?? '';
}

/** True for a cell that would be a number if its dots and commas stood otherwise: 1,5 where decimals stand after a point. */
export function hasOtherSigns(cell: string, decimal: DecimalSign = '.'): boolean {
  const text = cell.trim();
  if (decimal === '.') return /^[+-]?\d[\d.]*(?:,\d+)+(?:\.\d+)?$/.test(text);
  return withPoint(text) === '' && /^[+-]?\d*(?:[.,]\d+)+$/.test(text);
}

/** Why a cell of a column is no number, and what to do about it. */
export function noNumber(cell: string, column: string, decimal: DecimalSign = '.'): Sentence {
  if (/^[+-]?(?:inf(?:inity)?|∞)$/i.test(cell)) return sentence('cell.infinite', { column });
  if (numberForm.test(decimal === '.' ? cell : withPoint(cell))) return sentence('cell.beyond_float32', { column });
  if (percentIn(cell, decimal) !== null) return sentence('cell.percent', { column });
  if (hasOtherSigns(cell, decimal)) return sentence(decimal === '.' ? 'cell.comma' : 'cell.no_comma', { column });
  if (amountIn(cell) !== null) return sentence('cell.currency_in_number', { column });
  return sentence('cell.no_number', { column });
}
