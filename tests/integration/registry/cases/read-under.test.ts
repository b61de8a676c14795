import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { rowOf } from '../../../../learning/dataset/frame.ts';
import type { KnownCase } from '../../../../learning/data/known-case.ts';
import { saveBlob } from '../../../../platform/blobs/by-hash.ts';
import { saveCase } from '../../../../registry/cases/cases.ts';
import { feedbackDataset } from '../../../../registry/cases/dataset-of-cases.ts';
import { exportCases } from '../../../../registry/cases/export-cases.ts';
import { knownCasesUnder } from '../../../../registry/cases/read-under.ts';
import { knownSchemas } from '../../../../registry/releases/schemas.ts';
import type { Proposal } from '../../../../shared/contract/registry.ts';
import { companionsOf } from '../../../../shared/encoding/companions.ts';
import { complaintsSchema } from '../../../../shared/encoding/complaints.ts';
import { adoptSchema, childSchema } from '../../../../shared/encoding/extend-schema.ts';
import type { Attribute, FeatureSchema } from '../../../../shared/encoding/schema.ts';
import { schemaHash, schemaRef } from '../../../../shared/encoding/schema-identity.ts';
import { toyModel, toySchema, toyWeights } from '../../../support/models.ts';
import { listFor, signByTwo } from '../../../support/releases.ts';
import { testRegistry, type TestRegistry } from '../../../support/registry.ts';

const common = { name: 'crypto_asked', group: 'more', shareable: true, since: 2 } as const;
const asked: Attribute = { ...common, kind: 'boolean' };
const coins: Attribute = { ...common, kind: 'number', unit: '', min: 0, max: 9, bins: [2] };
const adding = (attribute: Attribute) => ({ attributes: [attribute], understoodTactics: [], synonyms: {} });
/** What the app asks after an update, what the organisation asked before, and both. */
const app = childSchema(toySchema, null, adding(asked));
const organisation = childSchema(toySchema, 'c'.repeat(64), adding(coins));
const both = adoptSchema(organisation, app, 'c'.repeat(64));

let registry: TestRegistry;
beforeEach(async () => {
  registry = await testRegistry();
});
afterEach(async () => registry.close());

async function push(version: number, schema: FeatureSchema): Promise<Proposal> {
  const { bytes, manifest } = toyModel({ version, weights: { ...toyWeights, asked: 2 + version / 10 } });
  const texts = companionsOf({ schema, texts: manifest.texts });
  const under = { ...manifest, schema, texts, reference: { ...manifest.reference, schema: schemaRef(schema) } };
  const save = async (file: Uint8Array | string): Promise<string> =>
    (await saveBlob(registry.context.blobs, file)).sha256;
  const files = { model: await save(bytes), manifest: await save(JSON.stringify(under)) };
  return registry.client(registry.tokens.trainer).admin.propose(files);
}

async function release(version: number, schema: FeatureSchema): Promise<void> {
  const proposal = await push(version, schema);
  await signByTwo(registry, proposal.report.candidate, await listFor(registry, proposal));
}

/** A labelled case taken in with a form, in a file once imported. */
function labelled(n: number, facts: KnownCase['facts']): KnownCase {
  return {
    id: `0197a7c0-0000-7000-8000-00000000000${n}`,
    source: 'dataset',
    office: 'North',
    received: `2026-01-0${n}`,
    incident: null,
    scammer: null,
    urgent: false,
    facts,
    tactics: [],
    scored: null,
    outcome: n === 1 ? 'genuine_provider' : 'confirmed_scam',
    outcomeAt: '2026-02-01T00:00:00.000Z',
  };
}

test('a schema stays known by its hash once it was proposed, also when that was declined', async () => {
  const { context, client, tokens } = registry;
  const byHash = async (schema: FeatureSchema) => {
    const hash = schemaHash(schema);
    return (await knownSchemas(context.db, [hash]))(hash);
  };
  expect(await byHash(complaintsSchema)).toEqual(complaintsSchema);
  expect(await byHash(toySchema)).toBe(null);
  await release(1, toySchema);
  const { report } = await push(2, app);
  await client(tokens.approver).admin.decline({ candidate: report.candidate, reason: 'not yet' });
  await push(3, app);
  expect(await byHash(toySchema)).toEqual(toySchema);
  expect(await byHash(app)).toEqual(app);
});

test('cases are read under the form they were taken in with: by monitor, in datasets and in files', async () => {
  const { context, folder } = registry;
  await release(1, toySchema);
  await push(2, app);
  await release(3, both);
  const facts = (form: FeatureSchema, answer: boolean | number): KnownCase['facts'] => ({
    schema: schemaRef(form),
    attributes: { asked: true, crypto_asked: answer },
    tactics: [],
  });
  const answers = [facts(app, true), facts(organisation, 4), facts(both, 5)];
  for (const [i, one] of answers.entries()) await saveCase(context.db, labelled(i + 1, one));
  const read = (await knownCasesUnder(context.db, both)).map((known) => known.facts.attributes);
  expect(read).toEqual([
    { asked: true, outpost_crypto_asked: true },
    { asked: true, crypto_asked: 4 },
    { asked: true, crypto_asked: 5 },
  ]);
  const { dataset } = await feedbackDataset(context, {});
  const rows = [0, 1, 2].map((i) => rowOf(dataset.frame, i));
  expect(rows.map((row) => [row['crypto_asked'], row['outpost_crypto_asked']])).toEqual(
    expect.arrayContaining([
      [NaN, 1],
      [4, NaN],
      [5, NaN],
    ]),
  );
  const out = join(folder, 'cases.jsonl');
  await exportCases(context, out);
  const lines = readFileSync(out, 'utf8').trim().split('\n').slice(1);
  expect(lines.map((line) => (JSON.parse(line) as KnownCase).facts.attributes)).toEqual(read);
});
