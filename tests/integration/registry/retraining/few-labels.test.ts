import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { csvOf } from '../../../../learning/simulate/csv.ts';
import { simulateCases } from '../../../../learning/simulate/index.ts';
import { type KnownCase } from '../../../../learning/data/known-case.ts';
import { saveCase } from '../../../../registry/cases/cases.ts';
import { candidateSentence } from '../../../../registry/retraining/propose.ts';
import { retrain } from '../../../../registry/retraining/retrain.ts';
import { runCycle } from '../../../../registry/retraining/run-cycle.ts';
import { feedbackOf } from '../../../support/feedback.ts';
import { listFor, signByTwo } from '../../../support/releases.ts';
import { importText } from '../../../support/import.ts';
import { testRegistry, type TestRegistry } from '../../../support/registry.ts';
import { saying } from '../../../support/saying.ts';

const common = { seed: 1, codeVersion: 'test', simulated: true };
const day = 86_400_000;
const changeAt = '2026-10-21';

let registry: TestRegistry;
let feedback: KnownCase[];

/** Of the genuine providers since the change, the outcome of every fourth is known; of the others nothing is. */
function withFewGenuine(cases: readonly KnownCase[]): KnownCase[] {
  let seen = 0;
  return cases.map((one) => {
    if (one.outcome !== 'genuine_provider' || one.received < changeAt) return one;
    seen += 1;
    return seen % 4 === 0 ? one : { ...one, outcome: null };
  });
}

beforeAll(async () => {
  registry = await testRegistry();
  await registry.invite('North office');
  const history = [...simulateCases({ cases: 1500, seed: 3, from: '2026-06-01', days: 90 })];
  await importText(registry.context.db, 'history', csvOf(history));
  const first = await retrain(registry.context, { ...common, tactics: [], since: null, by: 'a test' });
  const { candidate } = first.proposed!;
  const { admin } = registry.client(registry.tokens.approver);
  const released = await signByTwo(registry, candidate, await listFor(registry, await admin.proposal({ candidate })));
  const later = [...simulateCases({ cases: 2000, seed: 41, from: '2026-10-01', days: 100, changeAt })];
  feedback = withFewGenuine(await feedbackOf(registry, released, later, 'north-office'));
  for (const one of feedback) await saveCase(registry.context.db, one);
  registry.clock.set('2027-01-09T08:00:00.000Z');
}, 300_000);
afterAll(async () => registry.close());

describe('an alarm with too few labelled cases', () => {
  it('is waited for again when it had ended in between', async () => {
    expect((await runCycle(registry.context, common)).watched?.report.kind).toBe('alarm');
    registry.clock.advance(14 * day);
    await registry.context.db.deleteFrom('known_cases').where('source', '=', 'feedback').execute();
    expect((await runCycle(registry.context, common)).watched?.report.kind).not.toBe('alarm');
    for (const one of feedback) await saveCase(registry.context.db, one);
    registry.clock.advance(14 * day);
    expect(await runCycle(registry.context, common)).toMatchObject({
      watched: { report: { kind: 'alarm' } },
      retrained: null,
      waiting: saying(/^Cannot tell yet: judging/),
    });
  }, 60_000);

  it('holds up nothing for ever: after four weeks what there is has to do, and what is open is shown', async () => {
    for (let week = 0; week < 4; week += 1) {
      const turn = await runCycle(registry.context, common);
      expect(turn.watched?.report.kind).toBe('alarm');
      expect(turn).toMatchObject({ retrained: null, waiting: saying(/^Cannot tell yet: judging/) });
      registry.clock.advance(7 * day);
    }
    const { retrained } = await runCycle(registry.context, common);
    const { candidate, promoted, left, proposed } = retrained!;
    const accused = 'Genuine providers called scam';
    expect(candidate.gates.find((gate) => gate.name === accused)).toMatchObject({ result: 'cannot_tell' });
    expect(candidate.gates[0]).toMatchObject({ name: 'Missed scams', result: 'holds' });
    expect(promoted.map(({ tag }) => tag)).toEqual(['upi_payment']);
    // What decides is whether a gate fails, not whether all could be computed.
    expect(proposed !== null).toBe(candidate.gates.every((gate) => gate.result !== 'fails'));
    expect(candidateSentence(candidate, null, { promoted, left })).toEqual(
      saying(/Too few cases to tell: genuine providers called scam; .*for you to decide/),
    );
  }, 300_000);

  it('leaves out the tactic few labelled cases name, and learns the others', async () => {
    const named = feedback.filter((one) => one.outcome === 'confirmed_scam').slice(-5);
    for (const one of named) {
      const tactics = [...one.tactics, 'gift_vouchers'];
      await saveCase(registry.context.db, { ...one, facts: { ...one.facts, tactics }, tactics });
    }
    const asked = { ...common, tactics: ['upi_payment', 'gift_vouchers'], since: changeAt, by: 'a test', budget: 1 };
    await expect(retrain(registry.context, asked)).rejects.toThrow(saying(/^Cannot tell yet: judging/));
    const found = await retrain(registry.context, { ...asked, few: true });
    expect(found.promoted.map(({ tag }) => tag)).toEqual(['upi_payment']);
    expect(found.left).toMatchObject([{ tag: 'gift_vouchers' }]);
    expect(found.candidate.recipe.schema.understoodTactics).not.toContain('gift_vouchers');
  }, 180_000);
});
