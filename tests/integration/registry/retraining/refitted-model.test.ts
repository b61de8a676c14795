import { afterAll, beforeAll, expect, test } from 'vitest';
import { saveBlob } from '../../../../platform/blobs/by-hash.ts';
import { bundledRun } from '../../../../learning/bundled.ts';
import { csvOf } from '../../../../learning/simulate/csv.ts';
import { simulateCases } from '../../../../learning/simulate/index.ts';
import { retrain } from '../../../../registry/retraining/retrain.ts';
import { listFor, signByTwo } from '../../../support/releases.ts';
import { importText } from '../../../support/import.ts';
import { testRegistry, type TestRegistry } from '../../../support/registry.ts';
import { saying } from '../../../support/saying.ts';

const made = '2026-09-15';
const request = { tactics: [], since: null, seed: 1, codeVersion: 'test', simulated: true, by: 'a test', budget: 1 };

let registry: TestRegistry;

const save = async (bytes: Uint8Array | string): Promise<string> =>
  (await saveBlob(registry.context.blobs, bytes)).sha256;

async function importCases(name: string, seed: number, from: string): Promise<void> {
  const cases = [...simulateCases({ cases: 1500, seed, from, days: 90 })];
  await importText(registry.context.db, name, csvOf(cases));
}

beforeAll(async () => {
  registry = await testRegistry({ start: '2026-12-15T08:00:00.000Z' });
  await registry.invite('North office');
  const { model, manifest } = bundledRun();
  const refitted = {
    ...manifest,
    model: { ...manifest.model, created: `${made}T08:00:00.000Z` },
    training: { ...manifest.training, cut: null },
  };
  const files = { model: await save(model), manifest: await save(JSON.stringify(refitted)) };
  const proposal = await registry.client(registry.tokens.trainer).admin.propose(files);
  await signByTwo(registry, proposal.report.candidate, await listFor(registry, proposal));
});
afterAll(async () => registry.close());

test('a model that names no cut, as after a refit, is judged on no case received before it was made', async () => {
  await importCases('before', 3, '2026-06-01');
  await expect(retrain(registry.context, request)).rejects.toThrow(saying(/^Cannot tell yet: judging/));
  await importCases('since', 41, '2026-09-01');
  const { cut, candidate } = await retrain(registry.context, request);
  expect(cut >= made).toBe(true);
  expect(candidate.heldOut!.from >= made).toBe(true);
}, 120_000);
