import { describe, expect, it } from 'vitest';
import type { Facts } from '../../../../shared/domain/facts.ts';
import { complaintsSchema } from '../../../../shared/encoding/complaints.ts';
import { encodeFacts } from '../../../../shared/encoding/encode.ts';
import { adoptSchema, childSchema } from '../../../../shared/encoding/extend-schema.ts';
import { factsReader } from '../../../../shared/encoding/read-under.ts';
import type { Attribute, FeatureSchema } from '../../../../shared/encoding/schema.ts';
import { schemaHash, schemaRef } from '../../../../shared/encoding/schema-identity.ts';

const registry = 'a'.repeat(64);
const common = { group: 'more', shareable: true, since: 2 } as const;
const asked: Attribute = { ...common, kind: 'boolean', name: 'crypto_asked' };
const coins: Attribute = { ...common, kind: 'number', name: 'crypto_asked', unit: '', min: 0, max: 9, bins: [2] };
const tactic: Attribute = { ...common, kind: 'tactic', name: 'tactic_upi', tag: 'upi' };
const other: Attribute = { ...tactic, tag: 'gift_cards' };
const adding = (...attributes: Attribute[]) => ({ attributes, understoodTactics: [], synonyms: {} });

const app = childSchema(complaintsSchema, 'outpost', adding(asked, tactic));
const organisation = childSchema(complaintsSchema, registry, adding(coins, other));
const both = adoptSchema(organisation, app, registry);

const known = [complaintsSchema, app, organisation, both];
const byHash = (hash: string): FeatureSchema | null => known.find((one) => schemaHash(one) === hash) ?? null;
const reader = (schema: FeatureSchema) => factsReader(schema, byHash);
const taken = (form: FeatureSchema, attributes: Facts['attributes'], tactics: string[] = []): Facts => ({
  schema: schemaRef(form),
  attributes,
  tactics,
});

describe('facts read under another schema than that of their form', () => {
  it('give an attribute of the app its answers where it became outpost_<name>, and the other of its name none', () => {
    const facts = taken(app, { crypto_asked: true, money_paid: false });
    const read = reader(both)(facts);
    expect(read).toMatchObject({ schema: schemaRef(both), tactics: [] });
    expect(read.attributes).toMatchObject({ outpost_crypto_asked: true, money_paid: false });
    expect(read.attributes).not.toHaveProperty('crypto_asked');
    expect(encodeFacts(both, read)).toMatchObject({ outpost_crypto_asked: 1, crypto_asked: NaN, money_paid: 0 });
  });

  it('come back under the plain name in the schema of the app', () => {
    const facts = taken(both, { crypto_asked: 4, outpost_crypto_asked: true });
    expect(reader(app)(facts).attributes).toMatchObject({ crypto_asked: true });
    expect(encodeFacts(app, reader(app)(facts))['crypto_asked']).toBe(1);
  });

  it('say of a tactic that it was not recorded only where the form asked for it', () => {
    const columns = (facts: Facts): unknown[] => {
      const row = encodeFacts(both, reader(both)(facts));
      return [row['tactic_upi'], row['outpost_tactic_upi']];
    };
    expect(columns(taken(app, {}))).toEqual([NaN, 0]);
    expect(columns(taken(app, {}, ['upi', 'gift_cards']))).toEqual([1, 1]);
    expect(columns(taken(organisation, {}))).toEqual([0, NaN]);
    expect(columns(taken(complaintsSchema, {}))).toEqual([NaN, NaN]);
  });

  it('of a newer form are what an older schema asks too, and keep the answers it does not ask', () => {
    const facts = taken(both, { crypto_asked: 4, outpost_crypto_asked: true });
    const read = reader(organisation)(facts);
    expect(encodeFacts(organisation, read)).toMatchObject({ crypto_asked: 4, tactic_upi: 0 });
    expect(read.attributes).toEqual({ crypto_asked: 4, outpost_crypto_asked: true });
  });

  it('are not given to a question of the name that means something else', () => {
    const read = reader(organisation)(taken(app, { crypto_asked: true }));
    expect(read.attributes).not.toHaveProperty('crypto_asked');
  });

  it('stay as they are under the schema itself, an ancestor, an unknown form and from before schemas had hashes', () => {
    const read = reader(both);
    const stranger = childSchema(complaintsSchema, 'b'.repeat(64), adding(asked));
    for (const form of [both, organisation, complaintsSchema, stranger]) {
      const facts = taken(form, { crypto_asked: true });
      expect(read(facts)).toBe(facts);
    }
    const early: Facts = { schema: { id: 'complaints', version: 2 }, attributes: { crypto_asked: 1 }, tactics: [] };
    expect(read(early)).toBe(early);
  });
});
