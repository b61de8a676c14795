import { afterAll, beforeAll, expect, test } from 'vitest';
import { readBlob, saveBlob } from '../../../../platform/blobs/by-hash.ts';
import { bundledRun } from '../../../../learning/bundled.ts';
import { datasetOf } from '../../../../learning/dataset/dataset.ts';
import { defaultSettings } from '../../../../learning/train/settings.ts';
import { csvOf } from '../../../../learning/simulate/csv.ts';
import { simulateCases } from '../../../../learning/simulate/index.ts';
import { trainRun } from '../../../../learning/train/train.ts';
import { openModel } from '../../../../electron/backend/models/files.ts';
import type { Proposal } from '../../../../shared/contract/registry.ts';
import { complaintsSchema } from '../../../../shared/encoding/complaints.ts';
import type { Manifest } from '../../../../shared/encoding/manifest.ts';
import { parseEvidence } from '../../../../shared/releases/evidence.ts';
import { registryCommand } from '../../../support/commands.ts';
import { importText } from '../../../support/import.ts';
import { toyModel } from '../../../support/models.ts';
import { listFor, pushToy, signByTwo } from '../../../support/releases.ts';
import { testRegistry, type TestRegistry } from '../../../support/registry.ts';

/** Training cut of models from another program: the registry's labelled cases begin before it. */
const cut = '2026-10-15';

let registry: TestRegistry;

async function push({ model, manifest }: { model: Uint8Array; manifest: Manifest }): Promise<Proposal> {
  const save = async (bytes: Uint8Array | string): Promise<string> =>
    (await saveBlob(registry.context.blobs, bytes)).sha256;
  const files = { model: await save(model), manifest: await save(JSON.stringify(manifest)) };
  return registry.client(registry.tokens.trainer).admin.propose(files);
}

function theirs(version: number, count: number) {
  const seed = 5 + version;
  const cases = [...simulateCases({ cases: count, seed, from: '2026-06-01', days: 160 })];
  const rows = cases.map(({ facts, truth: label, received, incident }) => ({ facts, label, received, incident }));
  return trainRun(datasetOf(complaintsSchema, rows), {
    ...defaultSettings,
    seed,
    split: { by: 'time', cut, share: 0.25 },
    name: 'Made elsewhere',
    version,
    created: '2026-11-20T00:00:00.000Z',
    expires: '2027-11-20',
    codeVersion: 'theirs',
    simulated: true,
  });
}

beforeAll(async () => {
  registry = await testRegistry({ start: '2027-01-05T08:00:00.000Z' });
  await registry.invite('North office');
}, 60_000);
afterAll(async () => registry.close());

test('a pushed model goes through the gates on cases that neither it nor the current model has learned from', async () => {
  const first = await push(theirs(1, 700));
  expect(first.report).toMatchObject({ gates: [], evidenceRows: 0, heldOut: null });
  expect(first.report.sentence).toContain('came without evidence');
  await signByTwo(registry, first.report.candidate, await listFor(registry, first));
  const cases = [...simulateCases({ cases: 1500, seed: 41, from: '2026-10-01', days: 90 })];
  await importText(registry.context.db, 'history', csvOf(cases));

  const { model, manifest } = bundledRun();
  const { report } = await push({ model, manifest: { ...manifest, model: { ...manifest.model, version: 2 } } });
  expect(report.gates).toHaveLength(6);
  expect(report.gates.every(({ result }) => result !== 'fails')).toBe(true);
  expect(report.champion).toMatchObject({ id: first.manifest.model.id });
  expect(report.heldOut).toMatchObject({ cases: report.evidenceRows, judgedBefore: 0 });
  expect(report.sentence).toMatch(
    /^This model comes from another program. It was judged on [\d,]+ labelled cases received from 2026-10-15 on/,
  );
  const evidence = parseEvidence(new TextDecoder().decode(await readBlob(registry.context.blobs, report.evidence)));
  expect(evidence.rows.length).toBeGreaterThan(500);
  expect(evidence.rows.every(({ received }) => received >= cut)).toBe(true);

  // A second one is judged on the same cases, which is counted.
  const again = await push(theirs(3, 6000));
  expect(again.report.heldOut).toMatchObject({ judgedBefore: 1, casesReused: report.evidenceRows });
}, 60_000);

test('the list of proposals says on how many incidents each gate rests', async () => {
  const { code, out } = await registryCommand(['proposals', '--folder', registry.folder]);
  const gates = out.split('\n').filter((line) => /: (holds|FAILS|cannot tell)$/.test(line));
  expect(code).toBe(0);
  expect(gates.length).toBeGreaterThan(0);
  for (const line of gates) expect(line).toMatch(/, [\d,]+ incidents?\): /);
});

test('one that fails a gate is not proposed', async () => {
  await expect(pushToy(registry, 9)).rejects.toMatchObject({
    code: 'BAD_MODEL',
    message: expect.stringMatching(/^The model fails on labelled cases of this registry.*Nothing was proposed\.$/),
  });
  const { admin } = registry.client(registry.tokens.viewer);
  expect((await admin.proposals({})).every(({ manifest }) => manifest.model.version < 9)).toBe(true);
});

test('a model that laptops would refuse is refused when it is pushed, by the same field', async () => {
  const { bytes: model, manifest } = toyModel({ version: 11 });
  const row = manifest.golden[0]!.row;
  const { [Object.keys(row)[0]!]: _first, ...short } = row;
  const columns = manifest.binding.layout === 'columns' ? manifest.binding.columns : [];
  const refused: [string, Partial<Manifest>][] = [
    ['golden.0.row', { golden: [{ row: short, score: 0.5 }] }],
    ['binding.columns.1', { binding: { layout: 'columns', columns: [columns[0]!, columns[0]!] } }],
    ['binding', { binding: { layout: 'columns', columns: columns.slice(1) } }],
    ['reference.schema', { reference: { ...manifest.reference, schema: { id: 'other', version: 1 } } }],
  ];
  for (const [field, changes] of refused) {
    const changed = { ...manifest, ...changes };
    await expect(push({ model, manifest: changed })).rejects.toMatchObject({ code: 'BAD_MANIFEST', data: { field } });
    // What a laptop says of the same files.
    const opened = (): unknown => openModel({ model, manifest: new TextEncoder().encode(JSON.stringify(changed)) });
    expect(opened).toThrow(expect.objectContaining({ code: 'BAD_MANIFEST', data: { field } }));
  }
});
