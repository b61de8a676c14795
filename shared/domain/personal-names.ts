import { hasPersonalNumber } from './personal-numbers.ts';
import { withoutRoundNumbers } from './round-numbers.ts';

const mailOrHandle = /[\p{L}\p{N}]@[\p{L}\p{N}]/u;

/**
 * True for what a file or a column is called when it holds somebody's number, mail address or payment handle. Days, years,
 * quarters and round numbers, as files and columns are called after, are nobody's.
 */
export function isNamedForPerson(name: string): boolean {
  const text = name.normalize('NFKC');
  return mailOrHandle.test(text) || hasPersonalNumber(text, withoutRoundNumbers);
}
