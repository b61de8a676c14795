import { afterEach, beforeEach, expect, test } from 'vitest';
import { saveBlob } from '../../../../platform/blobs/by-hash.ts';
import { nextSchemaVersion } from '../../../../registry/releases/candidates.ts';
import { companionsOf } from '../../../../shared/encoding/companions.ts';
import { complaintsSchema } from '../../../../shared/encoding/complaints.ts';
import { childSchema } from '../../../../shared/encoding/extend-schema.ts';
import type { Attribute, FeatureSchema } from '../../../../shared/encoding/schema.ts';
import { schemaHash, schemaRef } from '../../../../shared/encoding/schema-identity.ts';
import type { Proposal } from '../../../../shared/contract/registry.ts';
import { toyModel, toySchema, toyWeights } from '../../../support/models.ts';
import { listFor, signByTwo } from '../../../support/releases.ts';
import { testRegistry, type TestRegistry } from '../../../support/registry.ts';

const theirs = 'c'.repeat(64);
const crypto: Attribute = {
  kind: 'boolean',
  name: 'crypto_asked',
  group: 'more',
  shareable: true,
  since: 2,
};
const additions = { attributes: [crypto], understoodTactics: [], synonyms: {} };
const second = childSchema(toySchema, theirs, additions);

let registry: TestRegistry;
beforeEach(async () => {
  registry = await testRegistry();
});
afterEach(async () => registry.close());

/** The toy model of a version under a schema, pushed as one that was made elsewhere. */
async function push(version: number, schema: FeatureSchema): Promise<Proposal> {
  const { bytes, manifest } = toyModel({ version, weights: { ...toyWeights, asked: 2 + version / 10 } });
  const under = {
    ...manifest,
    schema,
    texts: companionsOf({ schema, texts: manifest.texts }),
    reference: { ...manifest.reference, schema: schemaRef(schema) },
  };
  const save = async (file: Uint8Array | string): Promise<string> =>
    (await saveBlob(registry.context.blobs, file)).sha256;
  const files = { model: await save(bytes), manifest: await save(JSON.stringify(under)) };
  return registry.client(registry.tokens.trainer).admin.propose(files);
}

async function release(version: number, schema: FeatureSchema): Promise<Proposal> {
  const proposal = await push(version, schema);
  return signByTwo(registry, proposal.report.candidate, await listFor(registry, proposal));
}

/** What a push under a schema is refused with. */
async function refusal(version: number, schema: FeatureSchema): Promise<{ field: unknown; message: string }> {
  const error = await push(version, schema).then(
    () => expect.unreachable('it was taken'),
    (thrown: Error & { code: string; data: { field: string } }) => thrown,
  );
  expect(error.code).toBe('BAD_MANIFEST');
  expect(error.message).toMatch(/Nothing was proposed\.$/);
  return { field: error.data.field, message: error.message };
}

const edited = (schema: FeatureSchema, name: string, edit: object): FeatureSchema => ({
  ...schema,
  attributes: schema.attributes.map((one) => (one.name === name ? ({ ...one, ...edit } as Attribute) : one)),
});

test('a model under the current schema, or one that adds to it in one step or two, is taken', async () => {
  await release(1, toySchema);
  await expect(push(2, toySchema)).resolves.toMatchObject({ state: 'open' });
  await expect(push(3, second)).resolves.toMatchObject({ state: 'open' });
  const third = childSchema(second, theirs, {
    ...additions,
    attributes: [{ ...crypto, name: 'gift_cards', since: 3 }],
  });
  await expect(push(4, third)).resolves.toMatchObject({ state: 'open' });
  const wider = edited(third, 'minutes', { max: 900 });
  await expect(push(5, wider)).resolves.toMatchObject({ state: 'open' });
});

test('one that leaves out what the current schema asks is refused, naming it and the way out', async () => {
  await release(1, toySchema);
  await release(2, second);
  const { field, message } = await refusal(3, toySchema);
  expect(field).toBe('schema.attributes');
  expect(message).toContain('the current schema, toy version 2, asks crypto_asked, which this one leaves out');
  expect(message).toContain(
    "train the model under that schema, which the registry's datasets and exported cases carry",
  );
  const other = childSchema(toySchema, theirs, { ...additions, attributes: [{ ...crypto, name: 'gift_cards' }] }, 3);
  expect((await refusal(3, other)).message).toContain('asks crypto_asked');
  expect(await registry.client(registry.tokens.viewer).admin.proposals({})).toHaveLength(2);
});

test('one that makes an attribute into something else is refused by its place', async () => {
  await release(1, toySchema);
  for (const [name, edit] of [
    ['minutes', { unit: 'h' }],
    ['minutes', { bins: [5, 60] }],
    ['channel', { values: ['popup'] }],
    ['contract', { since: 2 }],
  ] as const) {
    const at = second.attributes.findIndex((one) => one.name === name);
    const { field, message } = await refusal(3, edited(second, name, edit));
    expect(field).toBe(`schema.attributes.${at}`);
    expect(message).toContain(`${name} is not what it is in the current schema, toy version 1`);
  }
});

test('one of the same name has to descend from the current schema, count up and keep the currency', async () => {
  await release(1, toySchema);
  const stranger: FeatureSchema = { ...second, parent: null, ancestors: [] };
  expect(await refusal(2, stranger)).toMatchObject({
    field: 'schema.ancestors',
    message: expect.stringContaining('does not descend from the current schema, toy version 1'),
  });
  expect((await refusal(2, { ...second, version: 1 })).field).toBe('schema.version');
  const { currencies } = second;
  const dollars = { ...second, currencies: { ...currencies, reference: 'USD' } };
  expect((await refusal(2, dollars)).field).toBe('schema.currencies.reference');
});

test('one of the same name keeps every rate, every understood tactic and what each spelling is read as', async () => {
  const full = childSchema(toySchema, theirs, {
    ...additions,
    understoodTactics: ['parcel_story'],
    synonyms: { parcel: 'parcel_story' },
    rates: { GBP: 80 },
  });
  await release(1, full);
  const next = childSchema(full, theirs, { ...additions, attributes: [], rates: { SEK: 1100 } });
  const withRates = (minorPerReference: Record<string, number>): FeatureSchema => ({
    ...next,
    currencies: { ...next.currencies, minorPerReference },
  });
  const { GBP: pounds, ...others } = next.currencies.minorPerReference;
  expect(await refusal(2, withRates(others))).toEqual({
    field: 'schema.currencies.minorPerReference.GBP',
    message: expect.stringContaining('converts GBP, which this one leaves out'),
  });
  expect(await refusal(2, withRates({ ...others, GBP: pounds! / 100 }))).toEqual({
    field: 'schema.currencies.minorPerReference.GBP',
    message: expect.stringContaining('the rate of GBP is not that of the current schema, toy version 2'),
  });
  expect(await refusal(2, { ...next, understoodTactics: [] })).toEqual({
    field: 'schema.understoodTactics',
    message: expect.stringContaining('as understood, which this one does not'),
  });
  const { parcel: _parcel, ...rest } = next.synonyms;
  for (const synonyms of [rest, { ...rest, parcel: 'refund_story' }]) {
    expect(await refusal(2, { ...next, synonyms })).toEqual({
      field: 'schema.synonyms.parcel',
      message: expect.stringContaining('reads parcel as parcel_story'),
    });
  }
  await expect(push(2, next)).resolves.toMatchObject({ state: 'open' });
});

test('a schema of another name asks what it likes, but gives no name in use to something else', async () => {
  await release(1, toySchema);
  const elsewhere: FeatureSchema = { ...toySchema, id: 'elsewhere', issuer: null };
  const [first, ...rest] = elsewhere.attributes;
  await expect(push(2, { ...elsewhere, attributes: [...rest, first!] })).resolves.toMatchObject({ state: 'open' });
  expect(await refusal(3, edited(elsewhere, 'minutes', { unit: 'h' }))).toMatchObject({
    field: `schema.attributes.${elsewhere.attributes.findIndex(({ name }) => name === 'minutes')}`,
    message: expect.stringContaining('minutes is asked already, by toy, and is something else there (another unit)'),
  });
});

test('before the first release a model is held to the schema that comes with the program', async () => {
  const own = { ...toySchema, id: complaintsSchema.id, issuer: null };
  const [first] = complaintsSchema.attributes;
  expect((await refusal(1, own)).message).toContain(`complaints version 1, asks ${first!.name}`);
});

test('after a roll-back a schema may go another way from the one that is current again', async () => {
  const [first] = [await release(1, toySchema)];
  const newer = await release(2, second);
  const { client, tokens, invite } = registry;
  await invite('North office');
  const { admin } = client(tokens.operator);
  const point = (proposal: Proposal) =>
    admin.setChannel({ offices: [], release: `releases/${proposal.manifest.model.id}` });
  await point(newer);
  const other = childSchema(toySchema, theirs, { ...additions, attributes: [{ ...crypto, name: 'gift_cards' }] }, 3);
  expect((await refusal(3, other)).message).toContain('asks crypto_asked');
  await point(first);
  await expect(push(3, other)).resolves.toMatchObject({ state: 'open' });
});

test('the next schema is numbered above its parent and all that was put up, but not what was declined', async () => {
  const { context } = registry;
  const next = (parent: FeatureSchema): Promise<number> => nextSchemaVersion(context, parent);
  expect(await next(toySchema)).toBe(2);
  expect(await next({ ...toySchema, version: 6 })).toBe(7);
  await release(1, toySchema);
  const proposal = await push(2, childSchema(toySchema, theirs, additions, 5));
  expect(schemaHash(proposal.manifest.schema)).not.toBe(schemaHash(toySchema));
  expect(await next(toySchema)).toBe(6);
  expect(await next({ ...toySchema, id: 'another' })).toBe(2);
  const { candidate } = proposal.report;
  await registry.client(registry.tokens.approver).admin.decline({ candidate, reason: 'not yet' });
  expect(await next(toySchema)).toBe(2);
});
