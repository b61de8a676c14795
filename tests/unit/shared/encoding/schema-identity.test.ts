import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseManifest } from '../../../../platform/models/parse-manifest.ts';
import { promoteTactics } from '../../../../registry/retraining/promote-tactic.ts';
import { isSameSchema } from '../../../../shared/domain/schema-ref.ts';
import { wordsOf } from '../../../../shared/encoding/attribute-words.ts';
import { columnPhrase } from '../../../../shared/encoding/column-phrase.ts';
import { companionsOf, withCompanions } from '../../../../shared/encoding/companions.ts';
import { complaintsSchema } from '../../../../shared/encoding/complaints.ts';
import { encodeFacts } from '../../../../shared/encoding/encode.ts';
import { adoptSchema, childSchema } from '../../../../shared/encoding/extend-schema.ts';
import type { Manifest } from '../../../../shared/encoding/manifest.ts';
import { featureSchemaSchema, type Attribute, type FeatureSchema } from '../../../../shared/encoding/schema.ts';
import {
  downgradeSchema,
  schemaOfFormat1Schema,
  upgradeSchema,
  type SchemaOfFormat1,
} from '../../../../shared/encoding/schema-format-1.ts';
import { isAdditive, schemaHash, schemaRef } from '../../../../shared/encoding/schema-identity.ts';
import type { SchemaTexts } from '../../../../shared/encoding/schema-texts.ts';
import type { Catalogue } from '../../../../shared/language/catalogue.ts';
import { chooseLanguage } from '../../../../shared/language/choose.ts';
import en from '../../../../shared/language/en.json' with { type: 'json' };
import { createLanguage } from '../../../../shared/language/language.ts';
import { inEnglish } from '../../../support/saying.ts';

const [registry, another] = ['a'.repeat(64), 'b'.repeat(64)];
const hindi = createLanguage({ ...en, 'language.locale': 'hi-IN' });
const common = { group: 'more', shareable: true } as const;
const crypto: Attribute = { ...common, kind: 'boolean', name: 'crypto_asked', since: 2 };
const coins: Attribute = {
  ...common,
  kind: 'number',
  name: 'crypto_asked',
  since: 2,
  unit: '',
  min: 0,
  max: 9,
  bins: [2],
};

const first: unknown = JSON.parse(
  readFileSync(new URL('../../../support/complaints-format-1.json', import.meta.url), 'utf8'),
);
/** The schema of complaints as it was issued first, with its words. */
const described1 = () => upgradeSchema(schemaOfFormat1Schema.parse(first));
const nothing = { attributes: [], understoodTactics: [], synonyms: {} };
const withOwn = (attribute: Attribute): FeatureSchema =>
  childSchema(complaintsSchema, registry, { ...nothing, attributes: [attribute] });
/** What an update of the app may bring. */
const update = (...attributes: Attribute[]): FeatureSchema => ({
  ...childSchema(complaintsSchema, 'outpost', { ...nothing, attributes }),
});

describe('the identity of a schema', () => {
  it('is that of its definitions: what was issued with its words among them is the same schema', () => {
    const { schema, texts } = described1();
    expect(schema).toEqual(complaintsSchema);
    expect(schemaRef(schema)).toEqual(schemaRef(complaintsSchema));
    expect(texts[0]).toMatchObject({ language: 'en', schema: schemaHash(complaintsSchema) });
    expect(downgradeSchema({ schema, texts })).toEqual(first);
  });

  it('has words of today for all that it had words for when it was issued first', () => {
    const { schema, texts } = described1();
    const spoken = (companions: readonly SchemaTexts[]): unknown =>
      JSON.parse(JSON.stringify(companions), (key, value: unknown) =>
        typeof value === 'string' && !['format', 'language', 'schema'].includes(key) ? value !== '' : value,
      );
    expect(spoken(companionsOf({ schema, texts: [] }))).toEqual(spoken(texts));
  });

  it('does not change with a translation', () => {
    const manifest = parseManifest(readFileSync(new URL('../../../../models/manifest.json', import.meta.url)));
    const translated = { ...manifest.texts[0]!, language: 'hi' };
    const two = parseManifest(Buffer.from(JSON.stringify({ ...manifest, texts: [...manifest.texts, translated] })));
    expect(schemaHash(two.schema)).toBe(schemaHash(manifest.schema));
    expect(two.texts.map(({ language }) => language)).toEqual(['en', 'hi']);
    const refused = (texts: unknown): unknown => {
      try {
        return parseManifest(Buffer.from(JSON.stringify({ ...manifest, texts })));
      } catch (error) {
        return (error as { data: unknown }).data;
      }
    };
    expect(refused([{ ...translated, schema: 'c'.repeat(64) }])).toMatchObject({ field: 'texts.0.schema' });
    expect(refused([translated, translated])).toMatchObject({ field: 'texts.1.language' });
  });

  it('tells two registries apart that give the same number to what they add', () => {
    const [one, other] = [registry, another].map((issuer) =>
      promoteTactics(complaintsSchema, [{ tag: 'upi', spellings: ['upi'], count: 3 }], issuer),
    );
    expect([one!.version, other!.version]).toEqual([2, 2]);
    expect(isSameSchema(schemaRef(one!), schemaRef(other!))).toBe(false);
    expect(isSameSchema(schemaRef(one!), { id: 'complaints', version: 2 })).toBe(true);
    const facts = { schema: schemaRef(other!), attributes: {}, tactics: [] };
    // A form of another registry says nothing about a tactic of this one, whatever its number.
    expect(encodeFacts(one!, facts)['tactic_upi']).toBeNaN();
    expect(encodeFacts(one!, { ...facts, schema: schemaRef(one!) })['tactic_upi']).toBe(0);
    expect(encodeFacts(one!, { ...facts, schema: { id: 'complaints', version: 2 } })['tactic_upi']).toBe(0);
    expect(isSameSchema({ id: 'a', version: 2, issuer: registry }, { id: 'a', version: 2, issuer: another })).toBe(
      false,
    );
  });

  it('tells what was asked by the forms a schema descends from, also those of before schemas named their issuers', () => {
    const tag = (name: string) => [{ tag: name, spellings: [name], count: 3 }];
    const old: FeatureSchema = { ...promoteTactics(complaintsSchema, tag('upi'), null), parent: null, ancestors: [] };
    const foreign: FeatureSchema = { ...old, attributes: complaintsSchema.attributes };
    const next = promoteTactics(old, tag('crypto'), registry);
    const asked = (form: FeatureSchema): unknown[] => {
      const row = encodeFacts(next, { schema: schemaRef(form), attributes: {}, tactics: [] });
      return [row['tactic_upi'], row['tactic_crypto']];
    };
    expect(asked(next)).toEqual([0, 0]);
    expect(asked(old)).toEqual([0, NaN]);
    expect(asked(foreign)).toEqual([NaN, NaN]);
    // After a roll-back the same registry may go another way from the same parent.
    expect(asked(promoteTactics(old, tag('other'), registry))).toEqual([NaN, NaN]);
    const repeated = { ...next, ancestors: [] };
    expect(featureSchemaSchema.safeParse(next).success).toBe(true);
    expect(featureSchemaSchema.safeParse(repeated).success).toBe(false);
  });

  it('is that of the app only for what came with it', () => {
    const [attribute, ...rest] = (first as SchemaOfFormat1).attributes;
    const altered = { ...(first as SchemaOfFormat1), attributes: [{ ...attribute!, shareable: false }, ...rest] };
    expect(upgradeSchema(schemaOfFormat1Schema.parse(altered)).schema.issuer).toBe(null);
    const manifest = parseManifest(readFileSync(new URL('../../../../models/manifest.json', import.meta.url)));
    const schema = { ...manifest.schema, understoodTactics: [] };
    const texts = companionsOf({ schema, texts: [] });
    expect(() => parseManifest(Buffer.from(JSON.stringify({ ...manifest, schema, texts })))).toThrow(
      expect.objectContaining({ data: expect.objectContaining({ field: 'schema.issuer' }) }),
    );
  });

  it('is that of a child only when it names its parent', () => {
    const child = withOwn(crypto);
    expect(child).toMatchObject({ issuer: registry, version: 2, parent: schemaHash(complaintsSchema) });
    expect(isAdditive(complaintsSchema, child)).toBe(true);
    expect(isAdditive(complaintsSchema, { ...child, parent: null })).toBe(false);
    expect(isAdditive({ ...complaintsSchema, issuer: another }, child)).toBe(false);
  });
});

describe('a manifest of the first format', () => {
  it('is read as one of the second', () => {
    const manifest = parseManifest(readFileSync(new URL('../../../../models/manifest.json', import.meta.url)));
    const { texts: _texts, ...rest } = manifest;
    const first = {
      ...rest,
      format: 'outpost.manifest/1',
      schema: downgradeSchema(manifest),
      reference: { ...manifest.reference, schema: { id: 'complaints', version: 1 } },
    };
    const read: Manifest = parseManifest(Buffer.from(JSON.stringify(first)));
    expect(read).toEqual({ ...manifest, reference: first.reference });
    const wrong = { ...first, schema: { ...(first.schema as object), version: 'one' } };
    expect(() => parseManifest(Buffer.from(JSON.stringify(wrong)))).toThrow(
      expect.objectContaining({ data: expect.objectContaining({ field: 'schema.version' }) }),
    );
  });
});

describe('an update of the app beside what an organisation added', () => {
  it('brings nothing when it has nothing new', () => {
    const own = withOwn(crypto);
    expect(adoptSchema(own, complaintsSchema, registry)).toBe(own);
    expect(adoptSchema(own, update(crypto), registry)).toBe(own);
    const narrower = update({ ...crypto, since: 7 });
    expect(adoptSchema(own, narrower, registry)).toBe(own);
  });

  it('calls its own attribute outpost_<name> where the organisation means something else by the name', () => {
    const own = withOwn(coins);
    const next = adoptSchema(own, update(crypto), registry);
    expect(next.attributes.slice(-2)).toEqual([coins, { ...crypto, name: 'outpost_crypto_asked', since: 3 }]);
    expect(next).toMatchObject({ issuer: registry, version: 3, parent: schemaHash(own) });
    expect(isAdditive(own, next)).toBe(true);
    expect(adoptSchema(next, update(crypto), registry)).toBe(next);
  });

  it('widens its own attribute under that name too, and brings rates of currencies that had none', () => {
    const [small, large]: Attribute[] = [coins, { ...coins, max: 99 } as Attribute];
    const next = adoptSchema(withOwn(crypto), update(small!), registry);
    const wider = adoptSchema(next, update(large!), registry);
    expect(wider.attributes.at(-1)).toEqual({ ...large, name: 'outpost_crypto_asked', since: 3 });
    const { currencies } = complaintsSchema;
    const yen = { ...complaintsSchema, currencies: { ...currencies, minorPerReference: { JPY: 160, EUR: 99 } } };
    const richer = adoptSchema(withOwn(coins), yen, registry);
    expect(richer.currencies.minorPerReference).toEqual({ ...currencies.minorPerReference, JPY: 160 });
  });

  it('adds new attributes, widens what it knew, and leaves alone what the organisation widened', () => {
    const minutes = complaintsSchema.attributes.find(({ name }) => name === 'contact_minutes')!;
    const longer = { ...minutes, max: 2880 } as Attribute;
    const wider = adoptSchema(withOwn(coins), update(longer), registry);
    expect(wider.attributes.find(({ name }) => name === 'contact_minutes')).toEqual(longer);
    expect(wider.attributes).toHaveLength(complaintsSchema.attributes.length + 1);
    const own = withOwn(longer);
    expect(adoptSchema(own, complaintsSchema, registry)).toBe(own);
    expect(adoptSchema(withOwn(coins), update({ ...crypto, name: 'crypto_paid' }), registry).attributes.at(-1)).toEqual(
      {
        ...crypto,
        name: 'crypto_paid',
        since: 3,
      },
    );
  });
});

describe('the words of a schema', () => {
  const own = withOwn(crypto);
  const words = (language: string, label: string): SchemaTexts => ({
    format: 'outpost.schema-texts/1',
    schema: schemaHash(own),
    language,
    attributes: { crypto_asked: { label, question: `${label}?`, name: label, yes: `${label} +`, no: `${label} -` } },
  });

  it('are there for every attribute of the app, as catalogues have them', () => {
    const codes = new Set(Object.keys(en));
    const missing = complaintsSchema.attributes.flatMap((one) => {
      const wanted = ['label', 'question', 'name'];
      if (one.kind === 'boolean') wanted.push('yes', 'no');
      if (one.kind === 'category') wanted.push(...one.values.map((value) => `is_${value}`));
      if (one.kind === 'number') wanted.push('unit');
      return wanted.map((what) => `complaints.${one.name}_${what}`).filter((code) => !codes.has(code));
    });
    expect(missing).toEqual([]);
    const used = Object.keys(en).filter((code) => code.startsWith('complaints.'));
    const names = complaintsSchema.attributes.map(({ name }) => name);
    expect(used.filter((code) => !names.some((name) => code.startsWith(`complaints.${name}_`)))).toEqual([]);
  });

  it('are said in the language of the reader, else in English', () => {
    const both = { schema: own, texts: [words('en', 'Crypto asked for'), words('hi', 'क्रिप्टो')] };
    expect(inEnglish(wordsOf(both, crypto).label)).toBe('Crypto asked for');
    expect(hindi.words(wordsOf(both, crypto).label)).toBe('क्रिप्टो');
    expect(hindi.words(columnPhrase(both, crypto, 1))).toBe('क्रिप्टो +');
    const english = { schema: own, texts: [words('en', 'Crypto asked for')] };
    expect(hindi.words(columnPhrase(english, crypto, 0))).toBe('Crypto asked for -');
    expect(inEnglish(columnPhrase({ schema: own, texts: [] }, crypto, 1))).toBe('crypto asked: yes');
  });

  it('of a companion stand beside the app’s own sentences where no catalogue is in the language', () => {
    const [paid, channel, days] = ['money_paid', 'contact_channel', 'days_until_report'].map((name) =>
      complaintsSchema.attributes.find((one) => one.name === name)!,
    );
    const hindiWords = { ...words('hi', 'क्रिप्टो').attributes['crypto_asked']!, values: { popup: 'पॉप-अप' } };
    const unit = { one: 'दिन', other: 'दिन' };
    const attributes = {
      money_paid: hindiWords,
      contact_channel: hindiWords,
      days_until_report: { ...hindiWords, unit },
    };
    const described = withCompanions(complaintsSchema, [
      { ...words('hi', ''), schema: schemaHash(complaintsSchema), attributes },
    ]);
    const shown = (wanted: readonly string[], catalogues: readonly Catalogue[] = []): string[] => {
      const { words: say, locale } = chooseLanguage([en, ...catalogues], wanted);
      const texts = [
        wordsOf(described, paid!).label,
        columnPhrase(described, paid!, 1),
        columnPhrase(described, channel!, 'popup'),
        columnPhrase(described, channel!, NaN),
        columnPhrase(described, days!, 3),
      ];
      return [locale, ...texts.map(say)];
    };
    const inHindi = ['क्रिप्टो', 'क्रिप्टो +', 'पॉप-अप', 'क्रिप्टो unknown', 'क्रिप्टो 3 दिन'];
    expect(shown(['hi-IN', 'en'])).toEqual(['en-GB', ...inHindi]);
    expect(shown(['fr', 'hi'])).toEqual(['en-GB', ...inHindi]);
    expect(shown(['en-US', 'hi'])).toEqual(['en-GB', ...shown([]).slice(1)]);
    expect(shown([])[1]).toBe('Money was paid');
    // A catalogue of the app in that language knows its own attributes best.
    const own = { ...en, 'language.locale': 'hi-IN', 'complaints.money_paid_label': 'पैसे दिए गए' };
    expect(shown(['hi'], [own]).slice(0, 2)).toEqual(['hi-IN', 'पैसे दिए गए']);
  });

  it('travel with a manifest, also for attributes that a program does not know yet', () => {
    const [english, ...others] = companionsOf({ schema: own, texts: [words('en', 'Crypto'), words('hi', 'क्रिप्टो')] });
    expect(others.map(({ language }) => language)).toEqual(['hi']);
    expect(english).toMatchObject({ language: 'en', schema: schemaHash(own) });
    expect(Object.keys(english!.attributes)).toHaveLength(own.attributes.length);
    expect(english!.attributes['contact_channel']).toMatchObject({
      label: 'Contact',
      values: { popup: 'pop-up window' },
    });
    expect(english!.attributes['days_until_report']!.unit).toEqual({ one: 'day', other: 'days' });
    // As an older program reads it, which has no words for this attribute of its own.
    const foreign = { schema: { ...own, id: 'other' }, texts: [english!] };
    const channel = own.attributes.find(({ name }) => name === 'contact_channel')!;
    expect(inEnglish(columnPhrase(foreign, channel, 'popup'))).toBe('pop-up window');
  });

  it('of the app stay those of the catalogue under the other name', () => {
    const paid = complaintsSchema.attributes.find(({ name }) => name === 'money_paid')!;
    const renamed = { ...paid, name: 'outpost_money_paid' } as Attribute;
    const schema = childSchema(complaintsSchema, registry, { ...nothing, attributes: [renamed] });
    expect(inEnglish(wordsOf(withCompanions(schema), renamed).label)).toBe('Money was paid');
  });
});
