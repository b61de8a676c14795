import anyAscii from 'any-ascii';

/** A text with the digits of every script as 0 to 9: ९९५, full-width 995 and circled ➒➒➎ are the same number. */
export function withLatinDigits(text: string): string {
  return text.replace(/(?![0-9])\p{N}/gu, (sign) => {
    const digits = anyAscii(sign);
    return /^\d+$/.test(digits) ? digits : sign;
  });
}
