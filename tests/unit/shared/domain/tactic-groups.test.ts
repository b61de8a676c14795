import { describe, expect, test } from 'vitest';
import { editDistance, groupTactics, synonymsOf } from '../../../../shared/domain/tactic-groups.ts';
import { fc, test as prop } from '../../property.ts';

const understood = new Set(['gift_cards', 'bank_website', 'remote_access']);

describe('grouping spellings of a tactic', () => {
  test('brings the spellings of one new tactic together and leaves the others alone', () => {
    const counts = new Map([
      ['upi', 9],
      ['upi_payment', 12],
      ['upi_collect_request', 5],
      ['paid_by_upi', 3],
      ['upi_paymnet', 1],
      ['gift_cards', 40],
      ['bank_transfer', 2],
      ['bank_website', 30],
      ['qr_code', 4],
      ['crypto_payment', 2],
    ]);
    const groups = groupTactics(counts, understood);
    expect(groups.find((g) => g.spellings.includes('upi'))).toEqual({
      tag: 'upi_payment',
      spellings: ['paid_by_upi', 'upi', 'upi_collect_request', 'upi_payment', 'upi_paymnet'],
      count: 30,
    });
    expect(groups.map((g) => g.tag).sort()).toEqual([
      'bank_transfer',
      'bank_website',
      'crypto_payment',
      'gift_cards',
      'qr_code',
      'upi_payment',
    ]);
    expect(synonymsOf(groups)).toMatchObject({ upi: 'upi_payment', upi_paymnet: 'upi_payment' });
  });

  test('uses known synonyms first', () => {
    expect(
      groupTactics(
        new Map([
          ['vouchers', 2],
          ['gift_cards', 1],
        ]),
        understood,
        { vouchers: 'gift_cards' },
      ),
    ).toEqual([{ tag: 'gift_cards', spellings: ['gift_cards'], count: 3 }]);
  });

  test('has nothing to say about nothing', () => {
    expect(groupTactics(new Map(), understood)).toEqual([]);
  });

  prop(
    'does not depend on the order of the input and loses no case',
    [
      fc.array(
        fc.tuple(
          fc.constantFrom('upi', 'upi_payment', 'upi_paymnet', 'gift_cards', 'qr_code', 'bank_transfer', 'qr'),
          fc.integer({ min: 1, max: 50 }),
        ),
        { maxLength: 7 },
      ),
    ],
    (pairs) => {
      const unique = new Map(pairs);
      const groups = groupTactics(unique, understood);
      expect(groupTactics(new Map([...unique].reverse()), understood)).toEqual(groups);
      expect(groups.reduce((sum, g) => sum + g.count, 0)).toBe([...unique.values()].reduce((a, b) => a + b, 0));
    },
  );
});

test('edit distance counts a swap of neighbours as one mistake', () => {
  expect(editDistance('paymnet', 'payment')).toBe(1);
  expect(editDistance('kitten', 'sitting')).toBe(3);
  expect(editDistance('', 'abc')).toBe(3);
  expect(editDistance('ca', 'abc')).toBe(3);
});
