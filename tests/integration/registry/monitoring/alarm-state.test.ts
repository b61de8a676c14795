import { afterEach, beforeEach, expect, test } from 'vitest';
import { noteAlarm, patienceIsOver, type StandingAlarm } from '../../../../registry/monitoring/alarm-state.ts';
import { writeSetting } from '../../../../registry/storage/db/settings.ts';
import { addDays } from '../../../../shared/drift/days.ts';
import { testRegistry, type TestRegistry } from '../../../support/registry.ts';

let registry: TestRegistry;
beforeEach(async () => {
  registry = await testRegistry();
});
afterEach(() => registry.close());

const dayOf = (day: number): string => addDays('2026-06-01', day);
const alarm = (about: readonly string[], champion = 'first'): StandingAlarm => ({ champion, tactics: [], about });

/** What a turn of the loop does: notes the alarm and asks. */
async function over(day: number, standing: StandingAlarm): Promise<boolean> {
  await noteAlarm(registry.context.db, standing, dayOf(day));
  return patienceIsOver(registry.context.db, standing, dayOf(day));
}

test('patience with an alarm ends after four weeks, and asking alone notes nothing', async () => {
  expect(await patienceIsOver(registry.context.db, alarm(['missed scams']), dayOf(0))).toBe(false);
  expect(await over(10, alarm(['missed scams']))).toBe(false);
  expect(await over(37, alarm(['missed scams']))).toBe(false);
  expect(await over(38, alarm(['missed scams']))).toBe(true);
});

test('an alarm that comes back after it had ended, and one about another thing or model, is waited for again', async () => {
  expect(await over(0, alarm(['tactic upi']))).toBe(false);
  expect(await over(28, alarm(['tactic upi']))).toBe(true);
  await noteAlarm(registry.context.db, null, dayOf(29));
  expect(await over(120, alarm(['tactic upi']))).toBe(false);
  // What goes on alarming keeps its day beside what is new; what stopped does not.
  expect(await over(140, alarm(['tactic upi', 'missed scams']))).toBe(false);
  expect(await over(148, alarm(['tactic upi', 'missed scams']))).toBe(true);
  expect(await over(149, alarm(['missed scams']))).toBe(false);
  expect(await over(150, alarm(['tactic upi', 'missed scams']))).toBe(false);
  expect(await over(168, alarm(['tactic upi', 'missed scams'], 'second'))).toBe(false);
});

test('what an earlier version kept of an alarm still counts', async () => {
  await writeSetting(registry.context.db, 'pipeline.alarm', { champion: 'first', since: dayOf(0) });
  expect(await over(28, alarm(['missed scams']))).toBe(true);
  expect(await over(29, alarm(['tactic upi']))).toBe(false);
});
