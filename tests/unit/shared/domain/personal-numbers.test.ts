import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasPersonalNumber, withoutPersonalDigits } from '../../../../shared/domain/personal-numbers.ts';
import { whyNotListable, whyNotShareable } from '../../../../shared/domain/tactics.ts';

describe('a number of somebody', () => {
  it.each([
    '(555) 123-4567',
    '0141/5550107',
    '555\u2011123\u20114567',
    '555\u00a0123\u202f4567',
    '+49 (0)141 / 555 01 07',
    '९८१००-००००१',
    '٠٥٥ ٥٥٥ ٠١٠٧',
    '5 5 5 1 2 3 4 5 6 7',
    '555.123.4567',
    '555-0107',
    '0555 010',
    'acct 4111_1111_1111_1111',
    '9810000001.0',
    '12\u200b34\u200b56\u200b78\u200b90',
    'tel:555·123·4567',
    '+1.5551234567',
    '+49.3012345678',
    '800-5551200',
    '800-5551299',
    '12301-45699',
    '9123 4567',
    '22 33 44 55',
    '2345-6789',
    '98100001',
    '5550107',
    '٠.٥٥٥١٢٣٤',
    '➊➋➌ ➍➎➏ ➐',
    '⑤⑤⑤-⓪①⓪⑦',
    '一三八零零零零',
  ])('is seen in %s', (text) => {
    expect(hasPersonalNumber(text)).toBe(true);
    expect(whyNotListable(text)).toBe('digits');
  });

  it.each(['2026', '500-999', '0.3333', 'level 2', '24/7', '10 to 19 years', 'iPhone 12 Pro', '2021/22'])(
    'is not seen in %s',
    (text) => {
      expect(hasPersonalNumber(text)).toBe(false);
      expect(whyNotListable(text)).toBeNull();
    },
  );

  it('is seen however its digits are spaced, bracketed and written', () => {
    const zeros = [0x30, 0x660, 0x966, 0x9e6, 0xff10].map(
      (at) => (digit: string) => String.fromCodePoint(at + Number(digit)),
    );
    const between = fc.constantFrom('', ' ', '-', '/', '.', ') ', ' (', '\u2011', '\u00a0', '_', ' - ');
    const digits = fc.stringMatching(/^\d{7,13}$/);
    fc.assert(
      fc.property(
        digits,
        fc.constantFrom(...zeros),
        fc.array(between, { minLength: 13, maxLength: 13 }),
        (n, as, gaps) => {
          const text = [...n].map((digit, k) => as(digit) + (k < n.length - 1 && k % 3 === 2 ? gaps[k]! : '')).join('');
          expect(whyNotListable(text)).toBe('digits');
        },
      ),
    );
  });

  it('is not a number that is told to four digits', () => {
    expect(
      [5_551_234, -9_810_000_001, 999_999.5, 0.123456789, 1.7976931348623157e308].map(withoutPersonalDigits),
    ).toEqual([5_551_000, -9_810_000_000, 999_999.5, 0.123456789, 1.7976931348623157e308]);
  });
});

describe('the filter of listed texts', () => {
  it('takes words with a dot for words, and addresses for addresses', () => {
    for (const word of [
      'high.school',
      'node.js',
      'St.Louis',
      'Some-college.degree',
      'vs.none',
      'B.Sc.',
      'M.Sc.',
      'p.m.',
    ])
      expect(whyNotListable(word)).toBeNull();
    for (const address of [
      'help-desk.com',
      'a@b',
      'https://x',
      'www.shop',
      'bank.co.in',
      'amt.gov.uk/steuer',
      't.me/help',
      'help\u200b-desk．com',
    ])
      expect(whyNotListable(address)).toBe('address');
  });

  it('lists long texts that are shared, up to 80 letters', () => {
    const subject = 'Credit reporting, credit repair services, or other personal consumer reports';
    expect(subject.length).toBeGreaterThan(60);
    expect(whyNotListable(subject)).toBeNull();
    expect(whyNotListable('x'.repeat(81))).toBe('too_long');
  });

  it('lets no bracketed number of four digits leave a laptop', () => {
    for (const text of ['paid (12) 34', 'code 12/34', 'acct 1)2)3)4', 'paid ➊➋➌➍'])
      expect(whyNotShareable(text)).toBe('digits');
    expect(whyNotShareable('help 24/7')).toBeNull();
  });
});
