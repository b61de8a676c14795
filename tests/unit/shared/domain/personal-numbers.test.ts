import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasPersonalNumber } from '../../../../shared/domain/personal-numbers.ts';
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
  ])('is seen in %s', (text) => {
    expect(hasPersonalNumber(text)).toBe(true);
    expect(whyNotListable(text)).toBe('digits');
  });

  it.each([
    '2026',
    '50000-99999',
    '$50,000 to $74,999',
    '1001 – 2000',
    '0.333333333',
    'level 2',
    '24/7',
    '10 to 19 years',
    'iPhone 12 Pro',
    '2021/22',
  ])('is not seen in %s', (text) => {
    expect(hasPersonalNumber(text)).toBe(false);
    expect(whyNotListable(text)).toBeNull();
  });

  it('is seen however its digits are spaced, bracketed and written', () => {
    const zeros = [0x30, 0x660, 0x966, 0x9e6, 0xff10].map(
      (at) => (digit: string) => String.fromCodePoint(at + Number(digit)),
    );
    const between = fc.constantFrom('', ' ', '-', '/', '.', ') ', ' (', '\u2011', '\u00a0', '_', ' - ');
    const digits = fc.stringMatching(/^[1-9]\d{9,12}$/);
    fc.assert(
      fc.property(
        digits,
        fc.constantFrom(...zeros),
        fc.array(between, { minLength: 13, maxLength: 13 }),
        (n, as, gaps) => {
          // A fraction or a range between round numbers is no number of anybody.
          fc.pre(!/0[01]/.test(n) && !/99/.test(n));
          const text = [...n].map((digit, k) => as(digit) + (k < n.length - 1 && k % 3 === 2 ? gaps[k]! : '')).join('');
          fc.pre(!/^\p{Nd}{0,3}\.\p{Nd}+$/u.test(text.normalize('NFKC')));
          expect(hasPersonalNumber(text)).toBe(true);
        },
      ),
    );
  });
});

describe('the filter of listed texts', () => {
  it('takes words with a dot for words, and addresses for addresses', () => {
    for (const word of ['high.school', 'node.js', 'St.Louis', 'Some-college.degree', 'vs.none'])
      expect(whyNotListable(word)).toBeNull();
    for (const address of ['help-desk.com', 'a@b', 'https://x', 'www.shop', 'bank.co.in', 'amt.gov.uk/steuer'])
      expect(whyNotListable(address)).toBe('address');
  });

  it('lists long texts that are shared, up to 80 letters', () => {
    const subject = 'Credit reporting, credit repair services, or other personal consumer reports';
    expect(subject.length).toBeGreaterThan(60);
    expect(whyNotListable(subject)).toBeNull();
    expect(whyNotListable('x'.repeat(81))).toBe('too_long');
  });

  it('lets no bracketed number of four digits leave a laptop', () => {
    for (const text of ['paid (12) 34', 'code 12/34', 'acct 1)2)3)4']) expect(whyNotShareable(text)).toBe('digits');
    expect(whyNotShareable('help 24/7')).toBeNull();
  });
});
