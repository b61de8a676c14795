import anyAscii from 'any-ascii';

/** A text with the digits of every script as 0 to 9: ९९५ and full-width 995 are the same number. */
export function withLatinDigits(text: string): string {
  return text.replace(/\p{Nd}/gu, (digit) => anyAscii(digit));
}
