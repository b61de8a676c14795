import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isNamedForPerson } from '../../../../shared/domain/personal-names.ts';
import { hasPersonalNumber, withoutPersonalDigits } from '../../../../shared/domain/personal-numbers.ts';
import { whyNotListable, whyNotShareable } from '../../../../shared/domain/tactics.ts';

/** What people file things under, which has digits and is nobody's. */
const codes = [
  ...['S72.001A', 'E11.9', 'U07.1', 'Z99.89XA', 'NAICS 541511', 'HS 8517.13', 'tract 4501.02', 'SW1A 1AA', '110001'],
  ...['iPhone12Pro256GB', 'RTX3080Ti', 'Windows10Pro64bit', 'ISO8859-15', 'USB3.2 Gen2x2', 'HTTP/1.1', '7th-8th'],
  ...['09:00-17:30', 'Mon 08:00 to 12:00', '2025-2026', '2024/2025'],
  ...['one of 100000', 'two to three times', 'seven, eight or nine', '12.5 %', '10 to 19 of 20'],
] as const;

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
    '零壹贰叁肆伍陆',
    '贰零叁零肆零伍',
    '\u{e0039}\u{e0038}\u{e0031}\u{e0030}\u{e0030}\u{e0030}\u{e0031}',
    '\u{11de1}\u{11de2}\u{11de3}\u{11de4}\u{11de5}\u{11de6}\u{11de7}',
    '98OOO OOOO1',
    'five five five one two three four',
    'fivefivefiveonetwothreefour',
    'call nine eight one zero 5551',
    'double five one two three four five',
    'पांच पांच पांच एक दो तीन चार',
    'nau aath ek shunya shunya ek do',
    'ABCPE1234K',
    'abcpe1234k',
    'QQ 12 34 56 C',
    'QQ123456C',
    'MH-12-AB-1234',
    'MH12AB1234',
    'C01X00T47',
    '09:00-17:30 12345',
    '10.20.113.250',
    '9.0.81055.51234',
    '555.0.1234',
    '49.0.89.12345',
    // A version only beside others of its column.
    'Chrome 120.0.6099.71',
    '10.0.19045',
  ])('is seen in %s', (text) => {
    expect(hasPersonalNumber(text)).toBe(true);
    expect(whyNotListable(text)).toBe('digits');
  });

  it.each(['2026', '500-999', '0.3333', 'level 2', '24/7', '10 to 19 years', 'iPhone 12 Pro', '2021/22', ...codes])(
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

  it('is not a number that is kept to four digits from a million on, else to six', () => {
    expect(
      [5_551_234, -9_810_000_001, 999_999, 123_456, 555.1234567, 0.123456789, 1.5551234567, 12.25, NaN].map(
        withoutPersonalDigits,
      ),
    ).toEqual([5_551_000, -9_810_000_000, 999_999, 123_456, 555.123, 0.123457, 1.55512, 12.25, NaN]);
    expect(withoutPersonalDigits(1.7976931348623157e308)).toBe(1.7976931348623157e308);
  });
});

/** What columns and files are called, which has seven digits or more and is nobody's. */
const roundNames = [
  ...['income above 1000000', 'amount_1000000', 'amount_1000000.0', '1,000,000 or more', '10,00,000 up', '1250000+'],
  ...['income 50000-99999', '1000001-5000000', '१०००००० से अधिक', 'income_1000000_2020', '1 000 000'],
  ...['2019 2020 2021', 'sales 2019to2021', 'FY2025 vs FY2026', 'cases 2024-2025-2026', 'cases_2024/25_2025/26'],
  ...['Q1 2025 to Q3 2026', '2025Q1-2026Q3', '2025-01 to 2025-03', 'balance 31.12.2025'],
] as const;

describe('what a file or a column is called', () => {
  it.each([
    ...['calls of 9810012345', 'ravi@okbank', 'tel 555-0107', '20260131 5550107', '٠٥٥٥٥٥٠١٠٧', '+49 170 1234567'],
    ...['call 98100 12345', '555-1000', '98000 10000', '+49 170 1000000', '0800 000000', '2019 3000', '555 2019 000'],
    ...['MH12AB2019', 'ABCPE2000K', 'tel 1234500', '2012-12 55555', '(0141) 2000 2001', '1000000@okbank', '555.0.1234'],
  ])('names somebody: %s', (name) => expect(isNamedForPerson(name)).toBe(true));
  it.each([
    ...['cases-20260131', '2026-01-31_1530 export', 'price @ 5', 'age', 'node.js', '2026-01', 'F_123456'],
    ...roundNames,
  ])('names nobody: %s', (name) => expect(isNamedForPerson(name)).toBe(false));

  it('names nobody by any number of up to three digits and noughts', () => {
    const noughts = fc.integer({ min: 4, max: 12 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 999 }), noughts, fc.constantFrom('', ' ', '_'), (digits, zeros, gap) => {
        expect(isNamedForPerson(`above${gap}${digits}${'0'.repeat(zeros)}`)).toBe(false);
        expect(isNamedForPerson(`above${gap}${digits}${'0'.repeat(zeros)}5551`)).toBe(true);
      }),
    );
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
      'look at page',
      'polka dot it',
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
      'ravi at bank dot com',
      'ravi[at]bank[dot]com',
      'ravi (at) bank.co.in',
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
