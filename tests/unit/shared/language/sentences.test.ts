import { describe, expect, it } from 'vitest';
import { OutpostError, sentenceOf } from '../../../../shared/errors/index.ts';
import { sentenceIn, wireData } from '../../../../shared/errors/wire.ts';
import { chooseLanguage } from '../../../../shared/language/choose.ts';
import en from '../../../../shared/language/en.json' with { type: 'json' };
import { createLanguage } from '../../../../shared/language/language.ts';
import { pseudo } from '../../../../shared/language/pseudo.ts';
import {
  allOf,
  anyOf,
  inLines,
  inTurn,
  listed,
  quoted,
  sentence,
  sentenceSchema,
  type Sentence,
} from '../../../../shared/language/sentence.ts';
import { saying } from '../../../support/saying.ts';

const catalogue = {
  'language.locale': 'en-GB',
  'language.next': '{first} {second}',
  'language.joined': '{parts}',
  'test.count': '{count, plural, one {# case} other {# cases}} of {office}',
  'test.share': '{share, number, ::scale/100 .0} %',
  'test.process': 'process {pid, number, plain}',
  'test.day': 'received on {day, date, medium}',
  'test.moment': 'at {at, time, short}',
  'test.verdict': '{verdict, select, scam {scam} genuine {no scam}}',
  'test.open': '{open, select, true {open} false {closed}}',
  'test.because': 'It failed: {why}',
  'test.markup': 'use <b> & "quotes" {x}',
};
const { say } = createLanguage(catalogue);
const of = (code: string, args: Sentence['args'] = {}): Sentence => ({ code, args });

describe('saying a sentence', () => {
  it('counts, and writes numbers, days and moments as the locale of the catalogue does', () => {
    expect(say(of('test.count', { count: 1, office: 'Kochi' }))).toBe('1 case of Kochi');
    expect(say(of('test.count', { count: 48_000, office: 'Kochi' }))).toBe('48,000 cases of Kochi');
    expect(say(of('test.share', { share: 0.051 }))).toBe('5.1 %');
    expect(say(of('test.process', { pid: 48_213 }))).toBe('process 48213');
    expect(say(of('test.day', { day: '2026-10-05' }))).toBe('received on 5 Oct 2026');
    expect(say(of('test.moment', { at: new Date(2026, 9, 5, 8, 14).toISOString() }))).toBe('at 08:14');
  });

  it('follows a choice, also one that is yes or no', () => {
    expect(say(of('test.verdict', { verdict: 'genuine' }))).toBe('no scam');
    expect(say(of('test.open', { open: false }))).toBe('closed');
  });

  it('says sentences within sentences, lists and money', () => {
    const inner = of('test.count', { count: 2, office: 'Kochi' });
    expect(say(of('test.because', { why: inner }))).toBe('It failed: 2 cases of Kochi');
    expect(say(of('test.because', { why: listed(['a', 'b', inner]) }))).toBe('It failed: a, b, 2 cases of Kochi');
    expect(say(of('test.because', { why: allOf(['a', 'b', 'c']) }))).toBe('It failed: a, b and c');
    expect(say(of('test.because', { why: anyOf(['a', 'b']) }))).toBe('It failed: a or b');
    const money = (amount: number, currency: string) => say(of('test.because', { why: { amount, currency } }));
    expect(money(4_800_000, 'INR')).toBe('It failed: ₹48,000');
    expect(money(4_800_050, 'INR')).toBe('It failed: ₹48,000.50');
    expect(money(48_000, 'JPY')).toBe('It failed: ¥48,000');
    expect(money(12_050, 'KWD')).toBe('It failed: KWD\u00a012.050');
    // Two decimals by ISO 4217, though Intl writes none.
    expect(money(4_800_050, 'PKR')).toBe('It failed: Rs\u00a048,000.50');
    expect(say(inTurn(['One.', 'Two.', inner]))).toBe('One. Two. 2 cases of Kochi');
    expect(say(inLines(['One', 'Two']))).toBe('One\nTwo');
  });

  it('keeps what looks like markup, in messages and in data', () => {
    expect(say(of('test.markup', { x: '<i>{count}</i>' }))).toBe('use <b> & "quotes" <i>{count}</i>');
  });

  it('shows code and arguments of what it does not know, or what does not fit, and never throws', () => {
    expect(say(of('later.version', { count: 3 }))).toBe('later.version {"count":3}');
    expect(say(of('later.version'))).toBe('later.version');
    expect(say(of('toString'))).toBe('toString');
    expect(say(of('test.count', { office: 'Kochi' }))).toBe('test.count {"office":"Kochi"}');
    expect(say(of('test.verdict', { verdict: 'maybe' }))).toBe('test.verdict {"verdict":"maybe"}');
    expect(say(of('test.day', { day: 'soon' }))).toBe('test.day {"day":"soon"}');
  });

  it('shows words of earlier versions as quoted', () => {
    expect(createLanguage(en).say(quoted('Sent 3 entries.'))).toBe('“Sent 3 entries.”');
  });
});

describe('sentences on their way', () => {
  it('are plain data that can be read again', () => {
    const given = inTurn([sentence('errors.gap'), { joined: 'and', items: ['a', quoted('b')] }]);
    expect(sentenceSchema.parse(JSON.parse(JSON.stringify(given)))).toEqual(given);
    for (const bad of [null, 'text', { code: 'a.b' }, { code: 'a.b', args: { x: null } }, { code: 1, args: {} }]) {
      expect(sentenceSchema.safeParse(bad).success).toBe(false);
    }
  });

  it('travel in the data of an error; an earlier version’s words are quoted', () => {
    const error = new OutpostError('GAP', sentence('errors.fork'), { data: { expected: 4 } });
    const data: unknown = JSON.parse(JSON.stringify(wireData(error)));
    expect(data).toMatchObject({ expected: 4 });
    expect(sentenceIn(data, error.message)).toEqual(sentence('errors.fork'));
    expect(sentenceIn({ expected: 4 }, 'Entries are missing.')).toEqual(quoted('Entries are missing.'));
  });

  it('are there for whatever was thrown', () => {
    expect(sentenceOf(new OutpostError('LOCKED'))).toEqual(sentence('errors.locked'));
    expect(sentenceOf(new Error('ENOENT'))).toEqual(sentence('errors.foreign', { text: 'ENOENT' }));
    expect(new OutpostError('LOCKED')).toEqual(saying(/^Outpost is locked/));
    expect(() => {
      throw new OutpostError('LOCKED');
    }).toThrow(saying('Unlock it'));
  });
});

describe('choosing a language', () => {
  const hindi = { ...catalogue, 'language.locale': 'hi-IN', 'test.open': '{open, select, true {खुला} false {बंद}}' };
  const open = (wanted: string[]): string => {
    const language = chooseLanguage([catalogue, hindi], wanted);
    return `${language.locale} ${language.say(of('test.open', { open: true }))}`;
  };

  it('takes the first wanted locale or language that there is, else the source', () => {
    expect(open(['hi'])).toBe('hi-IN खुला');
    expect(open(['fr-FR', 'hi-IN', 'en'])).toBe('hi-IN खुला');
    expect(open(['fr-FR'])).toBe('en-GB open');
    expect(open([])).toBe('en-GB open');
  });

  it('makes a pseudo-language: longer, accented, in brackets, data as it is', () => {
    expect(open(['en-XA'])).toMatch(/^en-GB ⟦[^a-zA-Z]{4,}⟧$/);
    const words = createLanguage(catalogue, { accent: pseudo }).say(of('test.count', { count: 2, office: 'Kochi' }));
    expect(words).toMatch(/^⟦2 [^a-z]+ [^a-z]+ Kochi⟧$/);
    // A number alone is no words.
    expect(
      createLanguage({ 'language.locale': 'en-GB', 'a.b': '{n, number} %' }, { accent: pseudo }).say({
        code: 'a.b',
        args: { n: 1234 },
      }),
    ).toBe('1,234 %');
  });
});
