import { hasPersonalNumber } from './personal-numbers.ts';

/** A day, with or without a time, as files and columns are called after it: 2026-01-31, 20260131_1530. */
const day =
  /(?<!\d)(?:19|20)\d\d([-_.]?)(?:0[1-9]|1[0-2])\1(?:0[1-9]|[12]\d|3[01])(?:[-_T ]?(?:[01]\d|2[0-3])[-_.:]?[0-5]\d(?:[-_.:]?[0-5]\d)?)?(?!\d)/g;
const mailOrHandle = /[\p{L}\p{N}]@[\p{L}\p{N}]/u;

/** True for what a file or a column is called when it holds somebody's number, mail address or payment handle. */
export function isNamedForPerson(name: string): boolean {
  const text = name.normalize('NFKC');
  return mailOrHandle.test(text) || hasPersonalNumber(text.replaceAll(day, ' '));
}
