/** What spreadsheets read as the start of a formula, also behind blanks and invisible signs, and in full width. */
const FORMULA = /^[\s\p{Cf}]*[=+\-@\t\r＝＋－＠]/u;

/** A telephone number or a plain number: its sign belongs to it, and no spreadsheet runs it. */
const NUMBER = /^[+-]?[\d(][\d\s().,/\u00a0-]*%?$/u;

/**
 * A text of ours as a cell that spreadsheets show and never run as a formula (CWE-1236): an apostrophe is put before what
 * would be one. Telephone numbers keep their plus, numbers their sign.
 */
export function safeCell(text: string): string {
  return FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
}
