import { saying } from '../../../support/saying.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { csvOf } from '../../../../learning/simulate/csv.ts';
import { withLease } from '../../../../registry/storage/db/lease.ts';
import { simulateCases } from '../../../../learning/simulate/index.ts';
import { type KnownCase } from '../../../../learning/data/known-case.ts';
import { saveCase } from '../../../../registry/cases/cases.ts';
import { retrain, retraining } from '../../../../registry/retraining/retrain.ts';
import { runCycle } from '../../../../registry/retraining/run-cycle.ts';
import type { Proposal } from '../../../../shared/contract/registry.ts';
import { feedbackOf } from '../../../support/feedback.ts';
import { listFor, signByTwo } from '../../../support/releases.ts';
import { importText } from '../../../support/import.ts';
import { resignIfDue } from '../../../../registry/releases/resign.ts';
import { testRegistry, type TestRegistry } from '../../../support/registry.ts';

const common = { seed: 1, codeVersion: 'test', simulated: true };
const day = 86_400_000;
const office = 'north-office';

let registry: TestRegistry;
let feedback: KnownCase[];

async function release(candidate: string): Promise<Proposal> {
  const admin = registry.client(registry.tokens.approver).admin;
  return signByTwo(registry, candidate, await listFor(registry, await admin.proposal({ candidate })));
}

async function save(cases: readonly KnownCase[]): Promise<void> {
  for (const one of cases) await saveCase(registry.context.db, one);
}

beforeAll(async () => {
  registry = await testRegistry();
  await registry.invite('North office');
  const history = [...simulateCases({ cases: 1500, seed: 3, from: '2026-06-01', days: 90 })];
  await importText(registry.context.db, 'history', csvOf(history));
  const first = await retrain(registry.context, { ...common, tactics: [], since: null, by: 'a test' });
  const released = await release(first.proposed!.candidate);
  const later = { cases: 2000, seed: 41, from: '2026-10-01', days: 100, changeAt: '2026-10-21' };
  feedback = await feedbackOf(registry, released, [...simulateCases(later)], office);
  await save(feedback);
  registry.clock.set('2027-01-09T08:00:00.000Z');
}, 120_000);
afterAll(async () => registry.close());

const turn = () => runCycle(registry.context, common);
const decline = (candidate: string) =>
  registry.client(registry.tokens.approver).admin.decline({ candidate, reason: 'Accuses too many.' });

describe('the loop while an alarm stands', () => {
  it('waits for a decision, tries again a week after a decline, and at once for another tactic', async () => {
    // While somebody retrains by hand a turn begins nothing, and that is no try: the next one goes on.
    const meanwhile = await withLease(registry.context, retraining, 'Ada', turn);
    expect(meanwhile).toMatchObject({ retrained: null, waiting: saying('under way already (Ada') });
    const first = await turn();
    expect(first.watched?.report.kind).toBe('alarm');
    const { candidate, heldOut } = first.retrained!.proposed!;
    expect(heldOut).toMatchObject({ judgedBefore: 0, casesReused: 0 });
    registry.clock.advance(3 * day);
    expect(await turn()).toMatchObject({ retrained: null, waiting: saying('proposed for approval') });
    await decline(candidate);
    registry.clock.advance(3 * day);
    expect(await turn()).toMatchObject({ retrained: null, waiting: saying('a week later') });
    registry.clock.advance(day);
    const second = (await turn()).retrained!.proposed!;
    expect(second.candidate).not.toBe(candidate);
    // The declined candidate was judged on the same cases: that is shown to whoever decides now.
    expect(second.heldOut).toEqual({ ...heldOut, judgedBefore: 1, casesReused: heldOut!.cases });

    // Approved, but the offices stay with the model that raised the alarm.
    const admin = registry.client(registry.tokens.operator).admin;
    // A running registry signs every day; this one only when it is asked.
    await resignIfDue(registry.context, { clockIsRight: true });
    await admin.setChannel({ release: `releases/${first.watched!.champion!.id}`, offices: [] });
    expect((await release(second.candidate)).state).toBe('approved');
    registry.clock.advance(30 * day);
    expect(await turn()).toMatchObject({ retrained: null, waiting: saying('is approved') });

    // Another tactic comes up: every third scam since November names it.
    const scams = feedback.filter((one) => one.received >= '2026-11-08' && one.outcome === 'confirmed_scam');
    const named = scams.filter((_, i) => i % 3 === 0);
    await save(
      named.map((one) => {
        const tactics = [...one.tactics, 'gift_vouchers'];
        return { ...one, facts: { ...one.facts, tactics }, tactics };
      }),
    );
    const third = await turn();
    expect(third.retrained?.promoted.map((group) => group.tag)).toContain('gift_vouchers');
    const again = await turn();
    expect(again.retrained).toBeNull();
    expect(again.waiting).toEqual(saying(third.retrained?.proposed ? /proposed for approval/ : /a week later/));
  }, 180_000);
});
