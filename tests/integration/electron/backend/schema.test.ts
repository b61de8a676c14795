import { companionsOf } from '../../../../shared/encoding/companions.ts';
import { complaintsSchema } from '../../../../shared/encoding/complaints.ts';
import { adoptSchema, childSchema } from '../../../../shared/encoding/extend-schema.ts';
import type { Attribute, FeatureSchema } from '../../../../shared/encoding/schema.ts';
import { schemaHash, schemaRef } from '../../../../shared/encoding/schema-identity.ts';
import { sentence } from '../../../../shared/language/sentence.ts';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { manifestSchema, type Manifest } from '../../../../shared/encoding/manifest.ts';
import { deleteModel } from '../../../../electron/backend/store/models.ts';
import { bundledModelsDir, testBackend, testIntake } from '../../../support/backend.ts';

const bundledManifest = (): Manifest =>
  manifestSchema.parse(JSON.parse(readFileSync(join(bundledModelsDir, 'manifest.json'), 'utf8')));

/** The bundled model under a manifest of the next schema version, which lists UPI payments as understood. */
function nextSchemaManifest(): Manifest {
  const manifest = bundledManifest();
  const additions = {
    attributes: [],
    understoodTactics: ['upi_payment'],
    synonyms: { upi: 'upi_payment', upi_collect: 'upi_payment' },
  };
  return under(childSchema(manifest.schema, 'a'.repeat(64), additions), 2);
}

/** The bundled model under another schema. */
function under(schema: FeatureSchema, version: number): Manifest {
  const manifest = bundledManifest();
  return {
    ...manifest,
    model: { ...manifest.model, id: `0198f000-0000-4000-8000-00000000001${version - 2}`, version, name: 'Next' },
    reference: { ...manifest.reference, schema: schemaRef(schema) },
    schema,
    texts: companionsOf({ schema, texts: manifest.texts }),
  };
}

const install = { model: new Uint8Array(readFileSync(join(bundledModelsDir, 'model.onnx'))) };

test('the form follows the newest schema known, while the active model scores under its own', async () => {
  const opened = await testBackend();
  try {
    const { client, backend } = opened;
    const { models } = backend.context.session();
    const manifest = new TextEncoder().encode(JSON.stringify(nextSchemaManifest()));
    await client.cases.create(testIntake({ reference: 'before', tactics: ['UPI'] }));
    await models.install({ ...install, manifest, source: 'courier' });
    const form = await client.intake.form({});
    expect(form.schema.version).toBe(2);
    // What was tagged before the synonym was known is counted under it.
    expect(form.tactics[0]).toEqual({ tag: 'upi_payment', cases: 1, understood: true });
    await client.cases.create(testIntake({ reference: 'after', tactics: ['UPI collect'] }));
    const entries = (await client.sync.preview({ limit: 50 })).entries
      .toReversed()
      .map((entry) => JSON.parse(entry.text) as { type: string; public: Record<string, unknown> });
    expect(entries.filter((entry) => entry.type === 'case.received').map((entry) => entry.public['facts'])).toEqual([
      expect.objectContaining({ schema: schemaRef(complaintsSchema), tactics: ['upi'] }),
      expect.objectContaining({ schema: schemaRef(nextSchemaManifest().schema), tactics: ['upi_payment'] }),
    ]);
    expect(
      entries
        .filter((entry) => entry.type === 'case.scored')
        .map((entry) => [entry.public['schema'], entry.public['outside']]),
    ).toEqual([
      [schemaRef(complaintsSchema), [{ kind: 'tactic', tag: 'upi' }]],
      [schemaRef(complaintsSchema), [{ kind: 'tactic', tag: 'upi_payment' }]],
    ]);
    await models.activate('0198f000-0000-4000-8000-000000000010', 'courier');
    const { id } = await client.cases.create(
      testIntake({ reference: 'under the new model', tactics: ['UPI collect'] }),
    );
    await client.cases.recordOutcome({ id, base: null, outcome: 'confirmed_scam', reason: null, note: '' });
    expect((await client.cases.get({ id })).firstScore).toMatchObject({ outside: [], modelName: 'Next' });
    await backend.idle();
  } finally {
    await opened.dispose();
  }
});

test('an edit keeps answers that the form does not ask for; a registry’s schema comes before the app’s', async () => {
  const opened = await testBackend();
  try {
    const { client, backend } = opened;
    const { models } = backend.context.session();
    const app = bundledManifest().schema;
    const crypto = { kind: 'boolean', name: 'crypto_asked', group: 'more', shareable: true, since: 2 } as const;
    const own = { ...crypto, name: 'helper_there', shareable: false } as const;
    const nothing = { attributes: [], understoodTactics: [], synonyms: {} };
    const asks = childSchema(app, 'a'.repeat(64), { ...nothing, attributes: [crypto, own] });
    const other = childSchema(app, 'a'.repeat(64), nothing, 3);
    const put = (schema: FeatureSchema, version: number) =>
      models.install({
        ...install,
        manifest: new TextEncoder().encode(JSON.stringify(under(schema, version))),
        source: 'courier',
      });
    await put(childSchema(app, 'outpost', nothing, 9), 4);
    expect((await client.intake.form({})).schema.version).toBe(9);
    await put(asks, 2);
    expect((await client.intake.form({})).schema).toEqual(asks);
    const more = { crypto_asked: true, helper_there: true };
    const intake = testIntake({ reference: 'kept', attributes: { ...more, money_paid: true } });
    const { id } = await client.cases.create(intake);
    await put(other, 3);
    expect((await client.intake.form({})).schema).toEqual(other);
    for (const paid of [false, true]) {
      const { version } = await client.cases.get({ id });
      const edited = testIntake({ reference: 'kept', attributes: { money_paid: paid } });
      await client.cases.edit({ id, base: version, intake: edited });
    }
    const { facts, withheld } = await client.cases.get({ id });
    expect(facts.attributes).toEqual({ ...more, money_paid: true });
    expect(withheld.attributes).toEqual(['helper_there']);
    const sent = (await client.sync.preview({ limit: 50 })).entries.map(({ text }) => text).join('\n');
    expect(sent).not.toContain('helper_there');
    await backend.idle();
  } finally {
    await opened.dispose();
  }
});

test('a case is read under its own form by the hash, also when the model that brought that is gone', async () => {
  const opened = await testBackend();
  try {
    const { client, backend } = opened;
    const { models, db } = backend.context.session();
    const common = { name: 'crypto_asked', group: 'more', shareable: true, since: 2 } as const;
    const adding = (attribute: Attribute) => ({ attributes: [attribute], understoodTactics: [], synonyms: {} });
    const app = childSchema(complaintsSchema, 'outpost', adding({ ...common, kind: 'boolean' }));
    const coins: Attribute = { ...common, kind: 'number', unit: '', min: 0, max: 9, bins: [2] };
    const both = adoptSchema(childSchema(complaintsSchema, 'a'.repeat(64), adding(coins)), app, 'a'.repeat(64));
    const put = (schema: FeatureSchema, version: number) =>
      models.install({
        ...install,
        manifest: new TextEncoder().encode(JSON.stringify(under(schema, version))),
        source: 'courier',
      });
    const { manifest } = await put(app, 2);
    const { id } = await client.cases.create(
      testIntake({ reference: 'early', attributes: { crypto_asked: true, money_paid: true } }),
    );
    await put(both, 3);
    deleteModel(db, manifest.model.id);
    const { facts, version } = await client.cases.get({ id });
    expect(facts.attributes).toEqual({ outpost_crypto_asked: true, money_paid: true });
    // What the edit does not answer, of what the form asks, is taken back; nothing of it stands under the other name.
    const intake = testIntake({ reference: 'early', attributes: { ...facts.attributes, crypto_asked: 3 } });
    await client.cases.edit({ id, base: version, intake });
    expect((await client.cases.get({ id })).facts.attributes).toEqual({ ...facts.attributes, crypto_asked: 3 });
    await backend.idle();
  } finally {
    await opened.dispose();
  }
});

test('a draft says under which names the form of today asks what it answers, also after several changes', async () => {
  const opened = await testBackend();
  try {
    const { client, backend } = opened;
    const { models } = backend.context.session();
    const common = { group: 'more', shareable: true, since: 2 } as const;
    const adding = (...attributes: Attribute[]) => ({ attributes, understoodTactics: [], synonyms: {} });
    const asked: Attribute = { ...common, name: 'crypto_asked', kind: 'boolean' };
    const gone: Attribute = { ...common, name: 'vouchers_read', kind: 'boolean' };
    const coins: Attribute = { ...common, name: 'crypto_asked', kind: 'number', unit: '', min: 0, max: 9, bins: [2] };
    const app = childSchema(complaintsSchema, 'outpost', adding(asked));
    const both = adoptSchema(childSchema(complaintsSchema, 'a'.repeat(64), adding(coins)), app, 'a'.repeat(64));
    const put = (schema: FeatureSchema, version: number) =>
      models.install({
        ...install,
        manifest: new TextEncoder().encode(JSON.stringify(under(schema, version))),
        source: 'courier',
      });
    await put(childSchema(complaintsSchema, 'outpost', adding(asked, gone)), 2);
    const { hash } = await client.intake.form({});
    const key = { person: null, form: 'new_case', subject: null } as const;
    const content = { entries: { crypto_asked: 'yes', vouchers_read: 'no' } };
    await client.drafts.put({ ...key, base: null, schema: hash, content });
    expect(await client.drafts.get(key)).toMatchObject({ schema: hash, content, asked: null });
    await put(both, 3);
    const kept = await client.drafts.get(key);
    expect(kept).toMatchObject({ schema: hash, content });
    expect(kept?.asked).toMatchObject({
      crypto_asked: { label: 'crypto asked', now: 'outpost_crypto_asked' },
      vouchers_read: { label: 'vouchers read', now: null },
      money_paid: { label: sentence('complaints.money_paid_label'), now: 'money_paid' },
    });
    // What a window with the form of before still writes is its answers, not those of today's.
    await client.drafts.put({ ...key, base: null, schema: hash, content });
    expect((await client.drafts.get(key))?.asked).toEqual(kept?.asked);
    await client.drafts.put({ ...key, base: null, content });
    expect(await client.drafts.get(key)).toMatchObject({ schema: schemaHash(both), asked: null });
    await backend.idle();
  } finally {
    await opened.dispose();
  }
});
