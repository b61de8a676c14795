import { withCompanions } from '../../../../shared/encoding/companions.ts';
import { inEnglish } from '../../../../shared/errors/in-english.ts';
import {
  schemaOfFormat1Schema,
  upgradeSchema,
  type SchemaOfFormat1,
} from '../../../../shared/encoding/schema-format-1.ts';
import { describe, expect, test } from 'vitest';
import type { Facts } from '../../../../shared/domain/facts.ts';
import { normaliseTactic, tagOf, tagText, whyNotShareable } from '../../../../shared/domain/tactics.ts';
import { thresholdsSchema, verdictOf } from '../../../../shared/domain/verdict.ts';
import { complaintsSchema } from '../../../../shared/encoding/complaints.ts';
import { attributeNameOf } from '../../../../shared/encoding/attribute-names.ts';
import { csvReader, factsFromCsvRow } from '../../../../shared/encoding/csv-facts.ts';
import { isUnknownCell } from '../../../../shared/encoding/unknown-spellings.ts';
import { numberIn } from '../../../../shared/encoding/csv-numbers.ts';
import { encodeFacts, outsideReasons } from '../../../../shared/encoding/encode.ts';
import { columnPhrase } from '../../../../shared/encoding/column-phrase.ts';
import { featureSchemaSchema, type Attribute, type FeatureSchema } from '../../../../shared/encoding/schema.ts';
import { isAdditive, schemaHash } from '../../../../shared/encoding/schema-identity.ts';
import { fc, test as prop } from '../../property.ts';

function facts(attributes: Facts['attributes'] = {}, tactics: string[] = [], version = 1): Facts {
  return { schema: { id: 'complaints', version }, attributes, tactics };
}

const upi: Attribute = {
  kind: 'tactic',
  name: 'tactic_upi_payment',
  tag: 'upi_payment',
  group: 'money',
  shareable: true,
  since: 2,
};
const secondSchema: FeatureSchema = {
  ...complaintsSchema,
  version: 2,
  parent: schemaHash(complaintsSchema),
  attributes: [...complaintsSchema.attributes, upi],
  understoodTactics: [...complaintsSchema.understoodTactics, 'upi_payment'],
  synonyms: { ...complaintsSchema.synonyms, upi: 'upi_payment' },
};

describe('feature schema', () => {
  test('the complaints schema is valid and the promoted tactic only adds to it', () => {
    expect(featureSchemaSchema.parse(complaintsSchema)).toEqual(complaintsSchema);
    expect(isAdditive(complaintsSchema, secondSchema)).toBe(true);
  });

  test('a removed, retyped or re-dated attribute and a removed value are not additive', () => {
    const change = (edit: (a: Attribute) => Attribute | null): FeatureSchema => ({
      ...secondSchema,
      attributes: secondSchema.attributes.flatMap((a) => edit(a) ?? []),
    });
    expect(
      isAdditive(
        complaintsSchema,
        change((a) => (a.name === 'money_asked' ? null : a)),
      ),
    ).toBe(false);
    expect(
      isAdditive(
        complaintsSchema,
        change((a) => (a.name === 'money_paid' ? { ...upi, name: 'money_paid' } : a)),
      ),
    ).toBe(false);
    expect(
      isAdditive(
        complaintsSchema,
        change((a) => (a.name === 'money_paid' ? { ...a, since: 2 } : a)),
      ),
    ).toBe(false);
    const fewer = change((a) => (a.kind === 'category' ? { ...a, values: a.values.slice(1) } : a));
    expect(isAdditive(complaintsSchema, fewer)).toBe(false);
    expect(isAdditive(secondSchema, complaintsSchema)).toBe(false);
  });
});

type Of<K extends Attribute['kind']> = Attribute & { kind: K };

/** Complaints 2 with the first attribute of a kind edited. */
function edited<K extends Attribute['kind']>(kind: K, edit: (a: Of<K>) => Of<K>): FeatureSchema {
  const at = complaintsSchema.attributes.findIndex((a) => a.kind === kind);
  const attributes = complaintsSchema.attributes.with(at, edit(complaintsSchema.attributes[at] as Of<K>));
  return { ...complaintsSchema, version: 2, parent: schemaHash(complaintsSchema), attributes };
}

describe('the next version of a schema', () => {
  const additive = (next: FeatureSchema) => isAdditive(complaintsSchema, next);

  test('keeps nothing of a kind nobody has said what it keeps of', () => {
    const date = { ...complaintsSchema.attributes[0]!, kind: 'date', earliest: '2020-01-01' } as unknown as Attribute;
    const before = { ...complaintsSchema, attributes: [date] };
    expect(isAdditive(before, { ...before, version: 2, parent: schemaHash(before) })).toBe(false);
  });

  test('keeps the bins of numbers and money to the last edge', () => {
    expect(additive(edited('number', (a) => a))).toBe(true);
    expect(additive(edited('number', (a) => ({ ...a, bins: [...a.bins, a.max] })))).toBe(false);
    expect(additive(edited('number', (a) => ({ ...a, bins: a.bins.with(0, a.bins[0]! + 0.5) })))).toBe(false);
    expect(additive(edited('money', (a) => ({ ...a, bins: a.bins.slice(1) })))).toBe(false);
  });

  test('keeps units, and ranges but for making them wider', () => {
    expect(additive(edited('number', (a) => ({ ...a, unit: 'parsec' })))).toBe(false);
    expect(additive(edited('number', (a) => ({ ...a, max: a.max - 1 })))).toBe(false);
    expect(additive(edited('number', (a) => ({ ...a, min: a.min + 1 })))).toBe(false);
    expect(additive(edited('number', (a) => ({ ...a, min: a.min - 1, max: a.max + 1 })))).toBe(true);
  });

  test('keeps the tag of a tactic, and what may leave the laptop', () => {
    const third = (edit: Partial<typeof upi>): FeatureSchema => ({
      ...secondSchema,
      version: 3,
      parent: schemaHash(secondSchema),
      attributes: [...complaintsSchema.attributes, { ...upi, ...edit } as Attribute],
    });
    expect(isAdditive(secondSchema, third({}))).toBe(true);
    expect(isAdditive(secondSchema, third({ tag: 'upi' } as Partial<typeof upi>))).toBe(false);
    expect(isAdditive(secondSchema, third({ shareable: false }))).toBe(false);
  });

  test('keeps the rates of money, and adds some', () => {
    const rated = (rates: Record<string, number>) => {
      const currencies = { ...complaintsSchema.currencies, minorPerReference: rates };
      return { ...edited('number', (a) => a), currencies };
    };
    const rates = complaintsSchema.currencies.minorPerReference;
    const { INR, ...others } = rates;
    expect(additive(rated({ ...rates, XTS: 5 }))).toBe(true);
    expect(additive(rated({ ...rates, INR: INR! * 2 }))).toBe(false);
    expect(additive(rated(others))).toBe(false);
  });

  test('keeps what tactics are understood, and what spellings mean', () => {
    const before = { ...complaintsSchema, understoodTactics: ['upi'], synonyms: { gpay: 'upi' } };
    const after = (more: Partial<FeatureSchema>) => {
      return isAdditive(before, { ...before, version: 2, parent: schemaHash(before), ...more });
    };
    expect(after({})).toBe(true);
    expect(after({ understoodTactics: [] })).toBe(false);
    expect(after({ synonyms: { gpay: 'wallet' } })).toBe(false);
  });

  test('may list more values of a category', () => {
    const more = edited('category', (a) => ({ ...a, values: ['new', ...a.values] }));
    expect(additive(more)).toBe(true);
    expect(isAdditive(more, { ...complaintsSchema, version: 3, parent: schemaHash(more) })).toBe(false);
  });
});

describe('names of columns', () => {
  test.each([
    ['age', 'age'],
    ['Hours Per-Week', 'hours_per_week'],
    ['  Capital  Gain ($) ', 'capital_gain'],
    ['1st', 'c_1st'],
    ['', 'c_'],
    ['__proto__', 'proto'],
    ['constructor', 'constructor'],
    ['Größe', 'gruf6udfe'],
    ['年齢', 'u5e74u9f62'],
    ['💰', 'u1f4b0'],
  ])('%j gives %j', (header, name) => {
    expect(attributeNameOf(header)).toBe(name);
  });

  prop('are ones a schema takes, whatever the header', [fc.string({ unit: 'binary', maxLength: 200 })], (header) => {
    expect(attributeNameOf(header)).toMatch(/^[a-z][a-z0-9_]{0,59}$/);
  });

  prop('stay as they are when they are names already', [fc.stringMatching(/^[a-z](_?[a-z0-9]){0,29}$/)], (name) => {
    expect(attributeNameOf(name)).toBe(name);
    expect(attributeNameOf(` ${name.toUpperCase()} `)).toBe(name);
  });

  test('are matched to the letter first, then by what a header gives', () => {
    const reader = csvReader(complaintsSchema, ['Story Told', 'story_told', 'Location of call', 'Other'], []);
    expect(reader.mapped.get('story_told')).toBe(1);
    expect(reader.mapped.get('location_of_call')).toBe(2);
    expect(reader.unmapped).toEqual(['Story Told', 'Other']);
  });

  test('that every object has do no harm', () => {
    const attributes = complaintsSchema.attributes.map((a) =>
      a.kind === 'boolean' ? { ...a, name: 'constructor' } : a.kind === 'number' ? { ...a, name: 'proto' } : a,
    );
    const firsts = attributes.filter((a, i) => attributes.findIndex((b) => b.name === a.name) === i);
    const schema = { ...complaintsSchema, attributes: firsts };
    const reader = csvReader(schema, ['__proto__', 'constructor', 'toString', 'hasOwnProperty']);
    const read = reader.read(['5', 'yes', '1', 'x']);
    expect(Object.keys(read.facts.attributes).toSorted()).toEqual(['constructor', 'proto']);
    expect(read.facts.attributes).toMatchObject({ constructor: true, proto: 5 });
    expect(reader.unmapped).toEqual(['toString', 'hasOwnProperty']);
    expect(encodeFacts(schema, read.facts)).toMatchObject({ constructor: 1, proto: 5 });
    const nothing = encodeFacts(schema, facts());
    expect([nothing['constructor'], nothing['proto']]).toEqual([NaN, NaN]);
    const record = JSON.parse('{"__proto__":"5","constructor":"no"}') as Record<string, string>;
    expect(factsFromCsvRow(withCompanions(schema), record).facts.attributes).toEqual({ constructor: false, proto: 5 });
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('cells', () => {
  test.each([
    ['12.5', 12.5],
    ['+3', 3],
    ['.5', 0.5],
    ['5.', 5],
    [' 1e5 ', 100_000],
    ['1E-3', 0.001],
    ['-0', -0],
    ['3.4e38', 3.4e38],
    ...['3.5e38', '1e300', 'inf', 'Infinity', '-inf', 'nan', '', '.', '1,5', '0x10', '1_000', '--1', '1e', '٣'].map(
      (cell): [string, null] => [cell, null],
    ),
  ])('the number in %j is %j', (cell, value) => {
    expect(numberIn(cell)).toBe(value);
  });

  prop('give any number back', [fc.float({ noNaN: true, noDefaultInfinity: true })], (value) => {
    expect(numberIn(String(value))).toBe(Number(String(value)));
    expect(numberIn(value.toExponential())).toBe(Number(value.toExponential()));
  });

  test('that say nothing are those programs write for it', () => {
    for (const text of ['', ' ', '?', '-', '.', 'None', 'NA', 'N/A', '#N/A', '<NA>', 'NaN', 'null', 'Unknown'])
      expect(isUnknownCell(text)).toBe(true);
    for (const text of ['0', 'no', 'refused', '-1', 'nap']) expect(isUnknownCell(text)).toBe(false);
  });
});

describe('encoding', () => {
  test('unknown is missing and never no', () => {
    const row = encodeFacts(complaintsSchema, facts({ asked_remote_access: null }));
    expect(row['asked_remote_access']).toBeNaN();
    expect(row['opened_bank_website']).toBeNaN();
    expect(row['story_told']).toBe('');
    expect(encodeFacts(complaintsSchema, facts({ asked_remote_access: false }))['asked_remote_access']).toBe(0);
  });

  test('money becomes units of the reference currency, and missing without a rate', () => {
    const euros = (amount: number, currency: string): unknown =>
      encodeFacts(complaintsSchema, facts({ money_asked: { amount, currency } }))['money_asked'];
    expect(euros(12_345, 'EUR')).toBe(Math.fround(123.45));
    expect(euros(1_050_000, 'INR')).toBe(100);
    expect(euros(100, 'XXX')).toBeNaN();
  });

  test('a tactic is recorded or not, and unknown for cases taken in before the form offered it', () => {
    const column = (tactics: string[], version: number): unknown =>
      encodeFacts(secondSchema, facts({}, tactics, version))['tactic_upi_payment'];
    expect(column(['upi'], 2)).toBe(1);
    expect(column([], 2)).toBe(0);
    expect(column(['upi'], 1)).toBe(1);
    expect(column([], 1)).toBeNaN();
  });

  prop(
    'gives every shareable attribute one column of its type, whatever comes in',
    [
      fc.dictionary(
        fc.constantFrom(...complaintsSchema.attributes.map((a) => a.name)),
        fc.oneof(fc.boolean(), fc.string(), fc.double(), fc.constant(null)),
      ),
    ],
    (attributes) => {
      const row = encodeFacts(complaintsSchema, facts(attributes));
      expect(Object.keys(row)).toEqual(complaintsSchema.attributes.map((a) => a.name));
      for (const a of complaintsSchema.attributes)
        expect(typeof row[a.name]).toBe(a.kind === 'category' ? 'string' : 'number');
    },
  );
});

describe('outside what the model knows', () => {
  const limits = { maxMissingShare: 0.6 };
  const full: Facts['attributes'] = Object.fromEntries(
    complaintsSchema.attributes.map((a) => [
      a.name,
      a.kind === 'category'
        ? a.values[0]!
        : a.kind === 'boolean'
          ? true
          : a.kind === 'money'
            ? { amount: 1, currency: 'EUR' }
            : 1,
    ]),
  );

  test('is empty for a known case with understood tactics in any known spelling', () => {
    expect(outsideReasons(complaintsSchema, facts(full, ['Remote control', 'gift_cards']), limits)).toEqual([]);
  });

  test('names an unseen value, too much missing, and a tactic not listed as understood', () => {
    expect(outsideReasons(complaintsSchema, facts({ ...full, story_told: 'tax_debt' }), limits)).toEqual([
      { kind: 'unseen_value', attribute: 'story_told', value: 'tax_debt' },
    ]);
    expect(outsideReasons(complaintsSchema, facts({}), limits)).toEqual([{ kind: 'missing', share: 1 }]);
    expect(outsideReasons(complaintsSchema, facts(full, ['UPI', 'upi']), limits)).toEqual([
      { kind: 'tactic', tag: 'upi' },
    ]);
    expect(outsideReasons(secondSchema, facts(full, ['UPI']), limits)).toEqual([]);
  });
});

describe('what may leave the laptop', () => {
  test.each([
    ['UPI collect request', null],
    ['चालान', null],
    ['', 'empty'],
    ['x'.repeat(41), 'too_long'],
    ['call 555 0143', 'digits'],
    ['pay 4 5 5 5', 'digits'],
    ['name@bank', 'address'],
    ['https://x', 'address'],
    ['www.help-desk', 'address'],
    ['fixmypc.com', 'address'],
    ['maria.keller.de', 'address'],
    ['go to help24.support now', 'address'],
    ['Keller Hauptstrasse 12', 'address'],
    ['hauptstr. 7b, 2nd floor', 'address'],
    ['keller_hauptstrasse_12', 'address'],
    ['12 Baker Street', 'address'],
    ['12 high street', 'address'],
    ['12_high_street', 'address'],
    ['221b baker street', 'address'],
    ['12 rue de la paix', 'address'],
    ['४४ गांधी रोड', 'address'],
    ['qr code 2', 'address'],
    ['2 step verification', null],
    ['3 calls in one day', null],
    ['U.P.I. request', null],
    ['said no. then called again', null],
    ['qr-code', null],
  ])('%j -> %j', (text, why) => {
    expect(whyNotShareable(text)).toBe(why);
  });

  test('spellings meet in one tag', () => {
    for (const given of ['UPI payment', 'upi-payment', ' Upi_Payment ', 'ＵＰＩ payment'])
      expect(tagOf(given)).toBe('upi_payment');
    expect(normaliseTactic('constructor', {})).toBe('constructor');
  });
});

test('verdicts follow the two thresholds, lower bound included', () => {
  const thresholds = { notScamBelow: 0.3, scamFrom: 0.7 };
  expect([0, 0.2999, 0.3, 0.6999, 0.7, 1].map((s) => verdictOf(s, thresholds))).toEqual([
    'not_scam',
    'not_scam',
    'unclear',
    'unclear',
    'scam',
    'scam',
  ]);
  expect(thresholdsSchema.safeParse({ notScamBelow: 0.8, scamFrom: 0.2 }).success).toBe(false);
});

test('tags read as words, known abbreviations with their capitals', () => {
  expect(tagText('upi_payment')).toBe('UPI payment');
  expect(tagText('paid_by_upi')).toBe('paid by UPI');
  expect(tagText('bank_website')).toBe('bank website');
  expect(tagText('pinned_tab')).toBe('pinned tab');
});

test('facts read as people say them', () => {
  const by = (name: string): Attribute => complaintsSchema.attributes.find((a) => a.name === name)!;
  const said = (name: string, value: number | string): string =>
    inEnglish(columnPhrase({ schema: complaintsSchema, texts: [] }, by(name), value));
  expect(said('asked_remote_access', 1)).toBe('asked for remote access');
  expect(said('asked_remote_access', NaN)).toBe('remote access asked for unknown');
  expect(said('location_of_call', 'abroad')).toBe('call from abroad');
  expect(said('money_asked', 1333.33)).toBe('money asked for: about 1,333 EUR');
  expect(said('times_called', 3)).toBe('called 3 times');
});

type OldAttribute = SchemaOfFormat1['attributes'][number];

/** What a column says under a schema of the first format, which had its words among the definitions. */
function saidOf(attribute: object, value: number | string, currency: string): string {
  const common = { group: 'more', shareable: true, since: 1 };
  const upgraded = upgradeSchema(
    schemaOfFormat1Schema.parse({
      format: 'outpost.feature-schema/1',
      id: 'file',
      version: 1,
      attributes: [{ ...common, ...attribute } as OldAttribute],
      currencies: { reference: currency, asOf: '2026-01-01', minorPerReference: { [currency]: 100 } },
      understoodTactics: [],
      synonyms: {},
    }),
  );
  return inEnglish(columnPhrase(upgraded, upgraded.schema.attributes[0]!, value));
}

test('an abbreviation keeps its capitals within a sentence', () => {
  const times = { kind: 'number', unit: 'times', min: 0, max: 9, bins: [2], question: 'How often?' };
  expect(saidOf({ ...times, name: 'upi', label: 'UPI payments' }, 3, 'EUR')).toBe('UPI payments 3 times');
  expect(saidOf({ ...times, name: 'upi', label: 'Payments' }, 1, 'EUR')).toBe('payments 1 time');
});

test('what a column of a file holds is never said without its name', () => {
  const bare = (name: string, rest: object): object => ({
    name: attributeNameOf(name),
    label: name,
    question: name,
    ...rest,
  });
  const values = (...texts: string[]): object => ({
    kind: 'category',
    values: texts.map((value) => ({ value, label: value })),
  });
  const number = { kind: 'number', min: 0, max: 9, bins: [2] };
  expect(saidOf(bare('previous', values('0', '1')), '0', 'USD')).toBe('previous: 0');
  expect(saidOf(bare('Checking', values('A11', 'A12')), 'A12', 'USD')).toBe('Checking: A12');
  expect(saidOf(bare('Checking', values('A11')), 'A14', 'USD')).toBe('Checking: A14');
  expect(saidOf(bare('Checking', values('A11')), '', 'USD')).toBe('Checking: unknown');
  expect(saidOf(bare('rate', { ...number, unit: '' }), 3, 'USD')).toBe('rate: 3');
  expect(saidOf(bare('share', { ...number, unit: '%' }), 3, 'USD')).toBe('share: 3 %');
  const worded = { kind: 'category', values: [{ value: 'A12', label: 'below 200 marks' }] };
  expect(saidOf(bare('checking', worded), 'A12', 'USD')).toBe('below 200 marks');
});
