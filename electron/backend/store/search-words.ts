import { withLatinDigits } from '../../../shared/domain/digits.ts';
import type { PrivateCase } from '../../../shared/log/payloads.ts';

/** Digits that are looked for as one number, however they were spaced. */
const fewestDigits = 5;

/** Every ending of a number with at least five digits: it is found with and without country and trunk code. */
function endings(digits: string): string[] {
  return Array.from({ length: Math.max(0, digits.length - fewestDigits + 1) }, (_, start) => digits.slice(start));
}

/** What the indicators of a case are found by: as they were given, as they are compared, and numbers from any digit on. */
export function indicatorWords(indicators: PrivateCase['indicators']): string {
  return indicators
    .flatMap(({ kind, value, given }) => {
      const digits = withLatinDigits(value).replace(/\D/g, '');
      return [given, value, ...(kind === 'phone' || kind === 'session' ? endings(digits) : [])];
    })
    .join(' ');
}

const word = /[\p{L}\p{Mn}\p{Mc}\p{N}\p{Co}]+/gu;
/** Digits with what people put between them; a plus or zeros in front. */
const number = /\+?\d(?:[\s()./\u2010-\u2015-]*\d){4,}/g;
/** Digits of a country code at most (ITU-T E.164). */
const countryDigits = 3;
/** Fewest digits that are taken for a number without its country code. */
const nationalDigits = 7;

function prefixes(text: string, most: number): string[] {
  return (text.match(word) ?? []).slice(0, most).map((one) => `"${one}"*`);
}

/** A number as one word; one with a country code also as it is written inside its country. */
function spellings(typed: string): string[] {
  const digits = typed.replace(/\D/g, '');
  const joined = digits.replace(/^0+/, '');
  if (joined.length < fewestDigits) return [];
  const international = typed.startsWith('+') || digits.startsWith('00');
  const cuts = international ? Array.from({ length: countryDigits }, (_, cut) => joined.slice(cut + 1)) : [];
  return [joined, ...cuts.filter((one) => one.length >= nationalDigits)].map((one) => `"${one}"*`);
}

/** A number as one word, and as the words it was typed as: references hold digits with signs between them too. */
function numberExpression(typed: string): string {
  const apart = prefixes(typed, 20);
  const together = spellings(typed).filter((one) => one !== apart[0] || apart.length > 1);
  return together.length === 0 ? apart.join(' ') : `(${together.join(' OR ')} OR (${apart.join(' AND ')}))`;
}

function wordsExpression(text: string): string | null {
  const numbers = text.match(number) ?? [];
  const rest = text.replace(number, ' ');
  const parts = [...prefixes(rest, 20), ...numbers.slice(0, 3).map(numberExpression)];
  if (parts.length === 0) return null;
  return numbers.length === 0 ? parts.join(' ') : parts.join(' AND ');
}

const webAddress = /\b(?:https?:\/\/|www\.)\S+/gi;

/** Web addresses by their host, as indicators are compared: the page of a site is often another each time. */
function byHost(address: string): string {
  return address
    .replace(/^https?:\/\//i, '')
    .replace(/^www\./i, '')
    .replace(/[/?#:].*$/, '');
}

/**
 * FTS5 expression of what somebody typed: every word must occur, the last ones may be unfinished; null for nothing. Web
 * addresses are looked for by their host, payment handles also run together, digits in any script.
 */
export function searchExpression(typed: string): string | null {
  const text = withLatinDigits(typed.normalize('NFKC')).replace(webAddress, byHost);
  const joined = text.includes('@') ? text.replace(/\s+/g, '') : text;
  const ways = new Set([wordsExpression(text), wordsExpression(joined)]);
  const expressions = [...ways].filter((one) => one !== null);
  if (expressions.length < 2) return expressions[0] ?? null;
  return expressions.map((one) => `(${one})`).join(' OR ');
}
