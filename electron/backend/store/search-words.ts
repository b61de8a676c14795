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
      const digits = value.replace(/\P{Nd}/gu, '');
      return [given, value, ...(kind === 'phone' || kind === 'session' ? endings(digits) : [])];
    })
    .join(' ');
}

const word = /[\p{L}\p{Mn}\p{Mc}\p{N}\p{Co}]+/gu;
/** Digits with what people put between them; a plus or zeros in front. */
const number = /\+?\p{Nd}(?:[\s()./\u2010-\u2015-]*\p{Nd}){4,}/gu;

function prefixes(text: string, most: number): string[] {
  return (text.match(word) ?? []).slice(0, most).map((one) => `"${one}"*`);
}

/** A number as one word, and as the words it was typed as: references hold digits with signs between them too. */
function numberExpression(typed: string): string {
  const joined = typed.replace(/\P{Nd}/gu, '').replace(/^0+/, '');
  const apart = prefixes(typed, 20);
  const together = joined.length < fewestDigits || apart[0] === `"${joined}"*` ? [] : [`"${joined}"*`];
  return together.length === 0 ? apart.join(' ') : `(${together[0]} OR (${apart.join(' AND ')}))`;
}

/** FTS5 expression of what somebody typed: every word must occur, the last ones may be unfinished; null for nothing. */
export function searchExpression(typed: string): string | null {
  const text = typed.normalize('NFKC');
  const numbers = text.match(number) ?? [];
  const rest = text.replace(number, ' ');
  const parts = [...prefixes(rest, 20), ...numbers.slice(0, 3).map(numberExpression)];
  if (parts.length === 0) return null;
  return numbers.length === 0 ? parts.join(' ') : parts.join(' AND ');
}
