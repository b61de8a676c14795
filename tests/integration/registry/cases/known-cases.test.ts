import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { caseRowsHead, caseLines } from '../../../../learning/data/case-rows-file.ts';
import { type KnownCase } from '../../../../learning/data/known-case.ts';
import { labelledCases } from '../../../../learning/data/labelled-cases.ts';
import { knownCases } from '../../../../registry/cases/cases.ts';
import { importCaseRows } from '../../../../registry/cases/import-case-rows.ts';
import { integrate, rebuild } from '../../../../registry/cases/integrate.ts';
import { holdOutCases } from '../../../../registry/retraining/hold-out.ts';
import { complaintsSchema } from '../../../../shared/encoding/complaints.ts';
import { readCode, testLog, type TestLog } from '../../../support/laptop.ts';
import { testRegistry, type TestRegistry } from '../../../support/registry.ts';

let registry: TestRegistry;
let folder: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-known-cases-'));
  registry = await testRegistry();
});
afterEach(async () => {
  await registry.close();
  rmSync(folder, { recursive: true, force: true });
});

async function joined(): Promise<TestLog> {
  const log = testLog();
  await registry.client().device.enrol(log.enrolmentRequest(readCode(await registry.invite()).secret));
  return log;
}

/** A laptop takes a case in and finds out later; answers its id. */
function intake(log: TestLog): string {
  const id = log.appendCase();
  log.append('case.outcome', { case: id, outcome: 'genuine_provider', reason: null, seen: null });
  return id;
}

async function sent(log: TestLog): Promise<void> {
  await registry.client().feedback.push(log.batch(1));
  await integrate(registry.context.db);
}

/** Takes the case in from a file in which another registry says other things of it. */
async function imported(id: string): ReturnType<typeof importCaseRows> {
  const known: KnownCase = {
    id,
    source: 'dataset',
    office: 'elsewhere',
    received: '2020-01-01',
    incident: 'an incident',
    scammer: null,
    urgent: false,
    facts: { schema: { id: 'complaints', version: 1 }, attributes: {}, tactics: ['gift_vouchers'] },
    tactics: ['gift_vouchers'],
    scored: null,
    outcome: 'confirmed_scam',
    outcomeAt: '2020-01-02T00:00:00.000Z',
  };
  const head = caseRowsHead({ simulated: false, from: 'another registry', schema: complaintsSchema, texts: [] });
  writeFileSync(join(folder, 'cases.jsonl'), [head, ...caseLines([known])].join(''));
  return importCaseRows(registry.context.db, 'cases.jsonl', join(folder, 'cases.jsonl'), Date.parse('2100-12-31'));
}

test('a case that a laptop sends is known as the laptop has it, whether a file names it before or after', async () => {
  const { db } = registry.context;
  const log = await joined();
  const [before, after] = [intake(log), intake(log)];
  expect(await imported(before)).toMatchObject({ imported: 1 });
  await sent(log);
  expect(await imported(after)).toMatchObject({
    imported: 0,
    rejected: { reasons: [{ why: { code: 'row.known_from_laptop', args: {} }, rows: 1 }] },
  });
  const derived = await knownCases(db);
  const { id: _one, ...first } = derived.find((one) => one.id === before)!;
  const { id: _two, ...second } = derived.find((one) => one.id === after)!;
  expect(first).toMatchObject({ source: 'feedback', office: 'north-office', outcome: 'genuine_provider', tactics: [] });
  expect({ ...first, outcomeAt: null }).toEqual({ ...second, outcomeAt: null });
  await rebuild(db);
  expect(await knownCases(db)).toEqual(derived);
});

test('while the intake of a case cannot be read, nothing of the laptop is mixed into what a file says of it', async () => {
  const { db } = registry.context;
  const log = await joined();
  const id = intake(log);
  await registry.client().feedback.push(log.batch(1));
  await db
    .insertInto('quarantine')
    .values({ log: log.id, seq: 2, reason: 'unknown', at: '2026-10-05T08:00:00.000Z' })
    .execute();
  await imported(id);
  const [known] = await knownCases(db);
  await integrate(db);
  expect(await knownCases(db)).toEqual([known]);
});

test('a past case is for training only, and a withdrawn one is in nothing', async () => {
  const { db } = registry.context;
  const log = await joined();
  const past = log.appendCase({ historical: true });
  log.append('case.outcome', { case: past, outcome: 'confirmed_scam', reason: null, seen: null });
  const taken = intake(log);
  await sent(log);
  const known = await knownCases(db);
  expect(known.map(({ id, source, outcome }) => ({ id, source, outcome }))).toEqual([
    { id: past, source: 'historical', outcome: 'confirmed_scam' },
    { id: taken, source: 'feedback', outcome: 'genuine_provider' },
  ]);
  expect(await knownCases(db, 'feedback')).toHaveLength(1);
  const labelled = labelledCases(known);
  // Nobody drew the other one for a check, so that it says nothing of those like it.
  expect(labelled.map((one) => [one.known.id, one.weight])).toEqual([[past, 1]]);
  expect(holdOutCases(labelled, '2000-01-01')).toEqual([]);
  const next = log.events.length;
  log.append('case.withdrawn', { case: past, import: '0198f000-0000-7000-8000-000000000001' });
  await registry.client().feedback.push(log.batch(next + 1));
  await integrate(db);
  expect((await knownCases(db)).map(({ id }) => id)).toEqual([taken]);
  await rebuild(db);
  expect((await knownCases(db)).map(({ id }) => id)).toEqual([taken]);
});
