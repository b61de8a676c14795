import { wordsOf } from '../../../../shared/encoding/attribute-words.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Explanation } from '../../../../shared/contract/views.ts';
import type { AttributeValue } from '../../../../shared/domain/facts.ts';
import { complaintsSchema } from '../../../../shared/encoding/complaints.ts';
import type { Attribute } from '../../../../shared/encoding/schema.ts';
import { factOrder, foldOf } from '../../../../renderer/features/case/fact-order.ts';
import { valueText } from '../../../../renderer/features/case/value.ts';
import { inEnglish } from '../../../support/saying.ts';
import { savedOn } from '../../../../renderer/features/case/outcome-draft.ts';
import { barsOf, pointsText, roundedPoints } from '../../../../renderer/features/case/waterfall.ts';
import { csvOf } from '../../../../renderer/transport/csv.ts';
import en from '../../../../shared/language/en.json' with { type: 'json' };
import { sentence } from '../../../../shared/language/sentence.ts';

const labels = { base: 'Base rate', rest: (count: number) => `${count} others`, score: 'Score', words: inEnglish };

function explanation(base: number, values: readonly number[], rest: number): Explanation {
  const parts = values.map((value, index) => ({
    attribute: `a${index}`,
    label: `A ${index}`,
    phrase: `fact ${index}`,
    value,
  }));
  const score = base + values.reduce((sum, value) => sum + value, 0) + rest;
  return {
    base,
    score,
    parts,
    rest: { count: 9, value: rest },
    sentence: sentence('explanation.nothing_known'),
    changes: [],
  };
}

describe('the outcome a choice is saved on', () => {
  it('is the one it was begun on, also when a newer one arrived', () => {
    expect(savedOn('first', 'second', false)).toBe('first');
    expect(savedOn(null, 'first', false)).toBeNull();
    expect(savedOn(undefined, 'first', false)).toBe('first');
  });

  it('is the newer one once the person puts theirs in its place', () => {
    expect(savedOn('first', 'second', true)).toBe('second');
    expect(savedOn(null, 'first', true)).toBe('first');
  });
});

describe('the bars of an explanation', () => {
  it('each start where the one above ended', () => {
    const { bars } = barsOf(explanation(0.74, [0.12, 0.07, -0.11], 0.06), labels);
    expect(bars.map((bar) => bar.value)).toEqual(['74\u00a0%', '+12', '+7', '−11', '+6', '88\u00a0%']);
    for (const [index, bar] of bars.entries()) {
      if (index > 0 && bar.from !== null) expect(bar.from).toBeCloseTo(bars[index - 1]!.to!, 6);
    }
  });

  it('stay inside the drawing also where the running sum leaves 0 to 100 %', () => {
    const shares = fc.double({ min: -0.5, max: 0.5, noNaN: true });
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.array(shares, { maxLength: 5 }),
        shares,
        (base, values, rest) => {
          const exact = explanation(base, values, rest);
          fc.pre(exact.score >= 0 && exact.score <= 1);
          for (const bar of barsOf(exact, labels).bars) {
            expect(bar.x).toBeGreaterThanOrEqual(-1e-9);
            if (bar.width > 0.6) expect(bar.x + bar.width).toBeLessThanOrEqual(100 + 1e-9);
          }
        },
      ),
    );
  });

  it('add up in whole points as shown', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -90, max: 90 }), { minLength: 1, maxLength: 6 }), (thousandths) => {
        const changes = thousandths.map((value) => value / 1000);
        const score = 0.5 + changes.reduce((sum, value) => sum + value, 0);
        fc.pre(score >= 0 && score <= 1);
        const shown = roundedPoints(0.5, score, changes);
        expect(50 + shown.reduce((sum, value) => sum + value, 0)).toBe(Math.round(score * 100));
      }),
    );
  });

  it('use a true minus sign', () => {
    expect([pointsText(-3.2), pointsText(0.4), pointsText(7)]).toEqual(['−3', '0', '+7']);
  });
});

describe('an exported table', () => {
  it('quotes what needs it and runs nothing as a formula', () => {
    const csv = csvOf({
      head: ['tactic', 'cases'],
      rows: [
        ['=1+1', 3],
        ['say "hello", twice', -2],
      ],
    });
    expect(csv).toBe('tactic,cases\r\n\'=1+1,3\r\n"say ""hello"", twice",-2\r\n');
  });
});

it('values of facts are said with their units and currencies', () => {
  const by = (name: string): Attribute => complaintsSchema.attributes.find((one) => one.name === name)!;
  const shown = (name: string, value: AttributeValue | undefined): string =>
    inEnglish(valueText(by(name), wordsOf({ schema: complaintsSchema, texts: [] }, by(name)), value));
  expect(shown('money_asked', { amount: 4_800_000, currency: 'INR' })).toBe('48,000 INR');
  expect(shown('money_asked', { amount: 1050, currency: 'EUR' })).toBe('10.50 EUR');
  expect(shown('contact_minutes', 52)).toBe('52 min');
  expect(shown('days_until_report', 1)).toBe('1 day');
  expect(shown('money_paid', undefined)).toBe('Unknown');
  expect(shown('asked_remote_access', true)).toBe('Yes');
  expect(shown('location_of_call', 'abroad')).toMatch(/abroad/);
});

describe('the facts summed up', () => {
  it('say yes first, then money and other values, then no, and keep what is unknown apart', () => {
    const { known, unknown } = factOrder(complaintsSchema.attributes, {
      contact_channel: 'phone',
      gift_cards_asked: false,
      money_paid: true,
      money_asked: { amount: 4_800_000, currency: 'INR' },
      asked_remote_access: true,
      told_to_keep_secret: null,
    });
    expect(known.map(({ name }) => name)).toEqual([
      'asked_remote_access',
      'money_paid',
      'money_asked',
      'contact_channel',
      'gift_cards_asked',
    ]);
    expect(unknown.map(({ name }) => name)).toContain('told_to_keep_secret');
    expect(known.length + unknown.length).toBe(complaintsSchema.attributes.length);
  });

  it('take four rows of two, fewer beside facts that take a row for themselves', () => {
    const folds = (wide: number) => Array.from({ length: 9 }, (_, index) => foldOf(index, wide));
    expect(folds(0)).toEqual([null, null, null, null, null, 'second', 'second', 'second', 'rest']);
    expect(folds(1).filter((fold) => fold !== 'rest')).toHaveLength(6);
    expect(folds(2).filter((fold) => fold !== 'rest')).toHaveLength(4);
  });
});

it('no two facts of a case are called the same', () => {
  const own = ['taken_in', 'received', 'contact', 'tactics', 'unknown', 'left_out'].map(
    (name) => en[`window_case.${name}` as 'window_case.contact'],
  );
  const asked = complaintsSchema.attributes.map((one) =>
    inEnglish(wordsOf({ schema: complaintsSchema, texts: [] }, one).label),
  );
  const labels = [...own, en['window_intake.paid_at'], ...asked].map((label) => label.toLowerCase());
  expect(labels.filter((label, at) => labels.indexOf(label) !== at)).toEqual([]);
});
