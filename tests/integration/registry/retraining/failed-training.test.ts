import { saying } from '../../../support/saying.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { saveBlob } from '../../../../platform/blobs/by-hash.ts';
import { bundledRun } from '../../../../learning/bundled.ts';
import { simulateCases, type SimulatedCase } from '../../../../learning/simulate/index.ts';
import { type KnownCase } from '../../../../learning/data/known-case.ts';
import { saveCase } from '../../../../registry/cases/cases.ts';
import { listRuns } from '../../../../learning/runs/store.ts';
import { runCycle } from '../../../../registry/retraining/run-cycle.ts';
import { feedbackOf } from '../../../support/feedback.ts';
import { listFor, signByTwo } from '../../../support/releases.ts';
import { testRegistry, type TestRegistry } from '../../../support/registry.ts';

const common = { seed: 1, codeVersion: 'test', simulated: true };
const changeAt = '2026-10-21';

let registry: TestRegistry;

/** Of the genuine providers only the latest have a label: as many as a gate needs, and none is left to learn from. */
function latestGenuineOnly(cases: readonly KnownCase[], simulated: readonly SimulatedCase[]): KnownCase[] {
  const latest = new Set(cases.filter((_, i) => simulated[i]!.truth === 0).slice(-30));
  return cases.map((one) => {
    if (!latest.has(one)) return one.outcome === 'genuine_provider' ? { ...one, outcome: null } : one;
    const scored = { ...one.scored!, audit: { ...one.scored!.audit, drawn: true } };
    return { ...one, scored, incident: null, outcome: 'genuine_provider' };
  });
}

beforeAll(async () => {
  registry = await testRegistry();
  await registry.invite('North office');
  const { model, manifest } = bundledRun();
  const save = async (bytes: Uint8Array | string): Promise<string> =>
    (await saveBlob(registry.context.blobs, bytes)).sha256;
  const files = { model: await save(model), manifest: await save(JSON.stringify(manifest)) };
  const proposal = await registry.client(registry.tokens.trainer).admin.propose(files);
  const released = await signByTwo(registry, proposal.report.candidate, await listFor(registry, proposal));
  const later = [...simulateCases({ cases: 2000, seed: 41, from: '2026-10-01', days: 100, changeAt })];
  const feedback = await feedbackOf(registry, released, later, 'north-office');
  for (const one of latestGenuineOnly(feedback, later)) await saveCase(registry.context.db, one);
  registry.clock.set('2027-01-09T08:00:00.000Z');
}, 60_000);
afterAll(async () => registry.close());

test('a training that fails for its cases is a try too: the next turn does not make its failed runs again', async () => {
  const failed = await runCycle(registry.context, common);
  expect(failed).toMatchObject({
    watched: { report: { kind: 'alarm' } },
    retrained: null,
    waiting: saying(/^Training needs both confirmed scams and genuine providers/),
  });
  const runs = await listRuns(registry.context.db);
  expect(runs.filter(({ status }) => status === 'failed').length).toBeGreaterThan(1);
  registry.clock.advance(86_400_000);
  expect(await runCycle(registry.context, common)).toMatchObject({
    retrained: null,
    waiting: saying('The last try was on 2027-01-09; the next follows a week later.'),
  });
  expect(await listRuns(registry.context.db)).toHaveLength(runs.length);
}, 60_000);
