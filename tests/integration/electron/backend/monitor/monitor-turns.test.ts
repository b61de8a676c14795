import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { csvOf } from '../../../../../learning/simulate/csv.ts';
import { simulateCases } from '../../../../../learning/simulate/index.ts';
import { knownCases } from '../../../../../registry/cases/cases.ts';
import { assessInSteps, type AssessCase, type AssessReference } from '../../../../../shared/drift/assess.ts';
import { assess, profileOf } from '../../../../support/drift.ts';
import { withPauses } from '../../../../../shared/drift/steps.ts';
import { complaintsSchema } from '../../../../../shared/encoding/complaints.ts';
import { testBackend, testIntake, testPassphrase, type TestBackend } from '../../../../support/backend.ts';
import { importText } from '../../../../support/import.ts';
import { testRegistry, type TestRegistry } from '../../../../support/registry.ts';
import { turnsDuring } from '../../../../support/turns.ts';

describe('the monitor of a laptop', () => {
  const count = 1_000;
  let laptop: TestBackend;
  beforeEach(async () => {
    laptop = await testBackend();
    const at = laptop.clock.now() - 86_400_000;
    // With an outcome, so that no reasons are worked out meanwhile.
    const outcome = { outcome: 'confirmed_scam', reason: null, note: '', at } as const;
    await laptop.backend.cases.createPast(Array.from({ length: count }, () => ({ intake: testIntake(), at, outcome })));
    await laptop.backend.idle();
  });
  afterEach(() => laptop.dispose());

  test('reads its cases a few at a time, and works for everybody who asks meanwhile', async () => {
    const ask = () => laptop.backend.client.monitor.report({});
    const { result, turns } = await turnsDuring(() => Promise.all([ask(), ask(), ask()]));
    expect(result.map(({ report }) => report.cases)).toEqual([count, count, count]);
    expect(turns).toBeGreaterThanOrEqual(count / 200);
    // Once it is worked out nothing is read until something is written.
    expect((await turnsDuring(ask)).turns).toBeLessThan(3);
  });

  test('ends when the vault is locked in between, and begins again after', async () => {
    const report = laptop.client.monitor.report({});
    const locked = laptop.client.vault.lock({});
    await expect(report).rejects.toThrow(expect.objectContaining({ code: 'LOCKED' }));
    await locked;
    await laptop.client.vault.unlock({ passphrase: testPassphrase });
    expect((await laptop.client.monitor.report({})).report.cases).toBe(count);
  });
});

describe('the monitor of the centre', () => {
  let registry: TestRegistry;
  beforeEach(async () => {
    registry = await testRegistry();
  });
  afterEach(() => registry.close());

  test('reads known cases a few at a time, in the order of receipt', async () => {
    const { db } = registry.context;
    await importText(db, 'history', csvOf([...simulateCases({ cases: 1_000, seed: 3, from: '2026-01-01', days: 90 })]));
    const { result, turns } = await turnsDuring(() => knownCases(db));
    expect(result.length).toBeGreaterThan(900);
    expect(turns).toBeGreaterThanOrEqual(5);
    const order = result.map(({ received, id }) => `${received} ${id}`);
    expect(order).toEqual(order.toSorted());
  });
});

test('what the monitor says is worked out in steps, and the same as in one go', async () => {
  const simulated = [
    ...simulateCases({ cases: 3_000, seed: 5, from: '2026-01-01', days: 200, changeAt: '2026-04-01' }),
  ];
  const cases = simulated.map(({ received, office, facts, tacticsGiven, urgent, incident }, i): AssessCase => ({
    received,
    office,
    verdict: 'scam',
    score: 0.9,
    outside: [],
    facts: { ...facts, tactics: [...facts.tactics, ...(tacticsGiven.length > 0 ? ['new_app'] : [])] },
    audit: { stratum: 'scam', probability: 0.05, drawn: i % 20 === 0 },
    outcome: null,
    urgent,
    incident,
  }));
  const promise = { value: 0.1, ceiling: 0.2 };
  const reference: AssessReference = {
    schema: complaintsSchema,
    texts: [],
    profile: profileOf(
      complaintsSchema,
      cases.slice(0, 100).map(({ facts }) => ({ facts: { ...facts, tactics: [] } })),
    ),
    promises: { not_scam: promise, near_threshold: promise, outside: promise },
  };
  let pauses = 0;
  const inSteps = await withPauses(assessInSteps({ cases, reference }), () => {
    pauses += 1;
    return Promise.resolve();
  });
  expect(inSteps).toEqual(assess({ cases, reference }));
  expect(inSteps.kind).toBe('alarm');
  // The groups of tactics, the tests of each, and the profile since the alarm.
  expect(pauses).toBeGreaterThanOrEqual((2 * 3_000) / 500);
});
