import { withCompanions } from '../../../../shared/encoding/companions.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readBlob } from '../../../../platform/blobs/by-hash.ts';
import { readSnapshot } from '../../../../learning/dataset/snapshot.ts';
import { caseColumns, csvOf } from '../../../../learning/simulate/csv.ts';
import { simulateCases } from '../../../../learning/simulate/index.ts';
import { knownCases } from '../../../../registry/cases/cases.ts';
import { datasetOfCases } from '../../../../learning/evaluation/labelled-case-rows.ts';
import { integrate, rebuild } from '../../../../registry/cases/integrate.ts';
import { countIncidents, labelledCases } from '../../../../learning/data/labelled-cases.ts';
import { retrain } from '../../../../registry/retraining/retrain.ts';
import { artefactNames } from '../../../../learning/runs/run.ts';
import { findRun } from '../../../../learning/runs/store.ts';
import { complaintsSchema } from '../../../../shared/encoding/complaints.ts';
import { importText } from '../../../support/import.ts';
import { readCode, testLog, type TestLog } from '../../../support/laptop.ts';
import { testRegistry, type TestRegistry } from '../../../support/registry.ts';
import { duplicateOfIncident } from '../../../../learning/data/duplicates.ts';

let registry: TestRegistry;
beforeEach(async () => {
  registry = await testRegistry();
});
afterEach(() => registry.close());

const [tag, otherTag, third] = ['ab', 'cd', 'ef'].map((two) => two.repeat(32)) as [string, string, string];

async function joined(): Promise<TestLog> {
  const log = testLog();
  await registry.client().device.enrol(log.enrolmentRequest(readCode(await registry.invite()).secret));
  return log;
}

/** Sends the log with a confirmed, audited case per tag; answers the ids of the cases. */
async function sends(log: TestLog, tags: readonly (string | null)[]): Promise<string[]> {
  const from = log.events.length === 1 ? 1 : log.events.length + 1;
  const referenceTags: Record<string, string> = {};
  const ids = tags.map((own) => {
    const id = log.appendCase();
    if (own !== null) referenceTags[id] = own;
    const model = { id: '0197a7c0-0000-7000-8000-000000000001', version: 1, sha256: 'ab'.repeat(32) };
    const audit = { stratum: 'scam', probability: 0.05, drawn: false };
    const schema = { id: 'complaints', version: 1 };
    log.append('case.scored', { case: id, model, schema, score: 0.9, verdict: 'scam', outside: [], audit });
    log.append('case.outcome', { case: id, outcome: 'confirmed_scam', reason: null, seen: null });
    return id;
  });
  await registry.client().feedback.push(log.batch(from, undefined, { referenceTags }));
  return ids;
}

test('cases with one reference are one incident, also when the second comes later and from another laptop', async () => {
  const { db } = registry.context;
  const [one, two] = [await joined(), await joined()];
  const [a, b, c] = await sends(one, [tag, otherTag, null]);
  await integrate(db);
  const incidents = async () => new Map((await knownCases(db)).map((known) => [known.id, known.incident]));
  expect([...(await incidents()).values()]).toEqual([null, null, null]);
  const [d, e] = await sends(two, [tag, third]);
  await integrate(db);
  const found = await incidents();
  expect(found.get(a!)).toBe([a!, d!].toSorted()[0]);
  expect(found.get(d!)).toBe(found.get(a!));
  expect([b, c, e].map((id) => found.get(id!))).toEqual([null, null, null]);
  // Derived: nothing of it is kept that could go wrong.
  await rebuild(db);
  expect(await incidents()).toEqual(found);
});

test('the second entry of a case is no second case to learn from', async () => {
  const { db } = registry.context;
  const log = await joined();
  await sends(log, [tag, tag, otherTag, null, null]);
  await integrate(db);
  const lines = (await knownCases(db)).map((known, i) => ({ line: i + 1, known }));
  const build = (keepTwins: boolean) => datasetOfCases(() => lines, withCompanions(complaintsSchema), keepTwins);
  expect(await build(false)).toMatchObject({
    rows: 4,
    rejected: { reasons: [{ why: duplicateOfIncident, rows: 1 }] },
  });
  expect(await build(true)).toMatchObject({ rows: 5, rejected: { total: 0 } });
});

test('training at the centre learns once from an incident, and says how many further cases were left out', async () => {
  const { db } = registry.context;
  const list = [...simulateCases({ cases: 1500, seed: 3, from: '2026-06-01', days: 90 })].flatMap((one, i) => {
    const first = { ...one, incident: one.incident ?? `event ${i}` };
    return i % 10 === 0 ? [first, { ...first, reference: `${one.reference} again` }] : [first];
  });
  await importText(db, 'history', csvOf(list, [...caseColumns, 'incident']));
  const request = { tactics: [], since: null, seed: 1, codeVersion: 'test', simulated: true, by: 'a test', budget: 1 };
  const { candidate, cut } = await retrain(registry.context, request);
  const before = labelledCases(await knownCases(db)).filter(({ known }) => known.received < cut);
  const incidents = countIncidents(before);
  expect(incidents).toBeLessThan(before.length);
  const run = await findRun(db, candidate.run);
  const { head } = readSnapshot(await readBlob(registry.context.blobs, run.artefacts[artefactNames.dataset]!.sha256));
  expect(head.rows).toBe(incidents);
  expect(head.provenance.rejected).toEqual([{ why: duplicateOfIncident, rows: before.length - incidents }]);
}, 60_000);
