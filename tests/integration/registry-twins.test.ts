import { afterEach, beforeEach, expect, test } from 'vitest';
import { knownCases } from '../../registry/pipeline/cases.ts';
import { datasetOfCases } from '../../registry/pipeline/case-rows.ts';
import { integrate, rebuild } from '../../registry/pipeline/integrate.ts';
import { complaintsSchema } from '../../shared/encoding/complaints.ts';
import { readCode, testLog, type TestLog } from '../support/laptop.ts';
import { testRegistry, type TestRegistry } from '../support/registry.ts';

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
  const build = (keepTwins: boolean) => datasetOfCases(() => lines, complaintsSchema, keepTwins);
  expect(await build(false)).toMatchObject({
    rows: 4,
    rejected: { reasons: { 'another case of its incident was received first': 1 } },
  });
  expect(await build(true)).toMatchObject({ rows: 5, rejected: { total: 0 } });
});
