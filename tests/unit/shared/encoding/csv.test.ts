import { withCompanions } from '../../../../shared/encoding/companions.ts';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { caseColumns, csvOf, storyColumns } from '../../../../learning/simulate/csv.ts';
import { simulateCases } from '../../../../learning/simulate/index.ts';
import { complaintsSchema } from '../../../../shared/encoding/complaints.ts';
import { factsFromCsvRow, otherValue } from '../../../../shared/encoding/csv-facts.ts';
import { encodeFacts } from '../../../../shared/encoding/encode.ts';
import type { FeatureSchema } from '../../../../shared/encoding/schema.ts';

const read = (record: Record<string, string>, schema: FeatureSchema = complaintsSchema) =>
  factsFromCsvRow(withCompanions(schema), record, ['reference', 'y']);

describe('facts from a CSV row', () => {
  it('come back as they were written, for every simulated case', () => {
    const cases = [...simulateCases({ cases: 400, seed: 2, from: '2026-06-01', days: 60, changeAt: '2026-06-10' })];
    const records: Record<string, string>[] = parse([...csvOf(cases)].join(''), { columns: true });
    expect(Object.keys(records[0]!)).toEqual([...caseColumns]);
    records.forEach((record, i) => {
      const { facts, problems, unmapped } = factsFromCsvRow(withCompanions(complaintsSchema), record, [
        'reference',
        'received',
        'office',
        'y',
      ]);
      expect({ problems, unmapped }).toEqual({ problems: [], unmapped: [] });
      expect(facts.attributes).toEqual(cases[i]!.facts.attributes);
      expect(encodeFacts(complaintsSchema, facts)).toEqual(encodeFacts(complaintsSchema, cases[i]!.facts));
      expect(facts.tactics.toSorted()).toEqual(cases[i]!.facts.tactics.toSorted());
    });
  });

  it('take yes and no in the usual spellings and leave the rest unknown', () => {
    expect(
      read({ asked_remote_access: 'YES', screen_locked: '0', gift_cards_asked: '', has_contract: 'unknown' }).facts
        .attributes,
    ).toEqual({ asked_remote_access: true, screen_locked: false });
  });

  it('take a category by value or label and keep one that is not on the list', () => {
    expect(read({ contact_channel: 'Pop-up window', story_told: 'lottery' }).facts.attributes).toEqual({
      contact_channel: 'popup',
      story_told: 'lottery',
    });
  });

  it('never let a number of a person through as a new category value or tactic', () => {
    const { facts, problems } = read({ story_told: 'call 98450 12345', tactics: 'upi; a@b.example' });
    expect(facts.attributes).toEqual({ story_told: otherValue });
    expect(facts.tactics).toEqual(['upi']);
    expect(problems.map((p) => p.column)).toEqual(['tactics', 'story_told']);
    expect(JSON.stringify(problems)).not.toContain('98450');
  });

  it('take money with its currency beside it or in the cell, and refuse guesses', () => {
    const amount = (cells: Record<string, string>) => read(cells).facts.attributes['money_asked'];
    expect(amount({ money_asked: '12000', money_asked_currency: 'inr' })).toEqual({
      amount: 1_200_000,
      currency: 'INR',
    });
    expect(amount({ money_asked: '49.90 EUR' })).toEqual({ amount: 4990, currency: 'EUR' });
    for (const cell of ['12,000 INR', '12.000 EUR', '1.200.500 KWD', '-5 EUR', '1e3 EUR', 'lots', '5']) {
      const { facts, problems } = read({ money_asked: cell });
      expect(facts.attributes).toEqual({});
      expect(problems).toHaveLength(1);
    }
  });

  it.each([
    ['1500 JPY', 1500, 'JPY'],
    ['12.5 KWD', 12_500, 'KWD'],
    ['12.500 KWD', 12_500, 'KWD'],
    ['12000.125 KWD', 12_000_125, 'KWD'],
    ['12.1250 KWD', 12_125, 'KWD'],
    ['12000 INR', 1_200_000, 'INR'],
    ['49.90 USD', 4990, 'USD'],
  ])('take %s in minor units of its currency', (cell, amount, currency) => {
    const { facts, problems } = read({ money_asked: cell });
    expect({ facts: facts.attributes, problems }).toEqual({
      facts: { money_asked: { amount, currency } },
      problems: [],
    });
  });

  it('refuse numbers out of range or in another notation', () => {
    expect(read({ contact_minutes: '1441' }).problems[0]!.why.args).toMatchObject({
      min: '0',
      max: '1440',
      unit: 'min',
    });
    expect(read({ contact_minutes: '12,5' }).problems[0]!.column).toBe('contact_minutes');
    expect(read({ contact_minutes: '12.5' }).facts.attributes).toEqual({ contact_minutes: 12.5 });
  });

  it('name every column nothing was done with', () => {
    expect(
      read({ reference: 'A', y: '1', money_asked_currency: 'EUR', tactics: '', colour: 'red', shoe_size: '43' })
        .unmapped,
    ).toEqual(['colour', 'shoe_size']);
  });

  it('read a tactic that is a feature from its own column as well', () => {
    const schema: FeatureSchema = {
      ...complaintsSchema,
      attributes: [
        ...complaintsSchema.attributes,
        {
          kind: 'tactic',
          name: 'tactic_upi',
          tag: 'upi',
          group: 'telling',
          shareable: true,
          since: 1,
        },
      ],
    };
    const upi = (record: Record<string, string>): unknown => {
      return encodeFacts(schema, read(record, schema).facts)['tactic_upi'];
    };
    expect(read({ tactic_upi: 'yes' }, schema).facts.tactics).toEqual(['upi']);
    expect(upi({ tactic_upi: 'yes' })).toBe(1);
    expect(upi({ tactic_upi: 'no' })).toBe(0);
    expect(upi({ tactic_upi: 'no', tactics: 'upi' })).toBe(1);
    expect(upi({ tactics: '' })).toBe(0);
    expect(upi({ tactics: 'secrecy' })).toBe(0);
    // Nothing was said about tactics: unknown, never no.
    expect(upi({ has_contract: 'yes' })).toBeNaN();
    expect(upi({ tactic_upi: '' })).toBeNaN();
    expect(upi({ tactics: '?' })).toBeNaN();
    expect(read({ tactic_upi: 'maybe' }, schema).problems).toEqual([
      { column: 'tactic_upi', why: { code: 'cell.no_yes_no', args: { column: 'tactic_upi' } } },
    ]);
  });
});

describe('demonstration cases', () => {
  it('carry what was found out and only invented people, numbers and addresses', () => {
    const cases = [...simulateCases({ cases: 200, seed: 1, from: '2026-06-01', days: 30 })];
    const records: Record<string, string>[] = parse([...csvOf(cases, [...caseColumns, ...storyColumns])].join(''), {
      columns: true,
    });
    for (const record of records) {
      expect(record['narrative']).toMatch(/Simulated case\.$/);
      for (const indicator of record['indicators']!.split(';').filter(Boolean)) {
        expect(indicator).toMatch(
          /^phone:\+1-\d{3}-555-01\d\d$|^handle:.*@example$|^web:.*\.example$|^session:\d{3} \d{3} \d{3}$/,
        );
      }
    }
  });
});
