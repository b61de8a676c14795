import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findCase } from '../../../../registry/cases/cases.ts';
import { integrate, rebuild } from '../../../../registry/cases/integrate.ts';
import { listQuarantine, replayQuarantine } from '../../../../registry/laptops/quarantine.ts';
import { casesByReference } from '../../../../registry/laptops/references.ts';
import { readCode, someFacts, testLog, type TestLog } from '../../../support/laptop.ts';
import { saying } from '../../../support/saying.ts';
import { testRegistry, type TestRegistry } from '../../../support/registry.ts';

let registry: TestRegistry;
beforeEach(async () => {
  registry = await testRegistry();
});
afterEach(async () => registry.close());

const secretKey = (): string => randomBytes(32).toString('hex');

async function enrol(log: TestLog): Promise<TestLog> {
  await registry.client().device.enrol(log.enrolmentRequest(readCode(await registry.invite('North office')).secret));
  return log;
}

const push = async (log: TestLog, from = 1, referenceTags: Record<string, string> = {}, to?: number) =>
  (await registry.client().feedback.push(log.batch(from, to, { referenceTags }))).notices;

const decide = (log: TestLog, id: string, outcome: string) =>
  log.append('case.outcome', { case: id, outcome, reason: null, seen: null });

const known = async (id: string) => {
  await integrate(registry.context.db);
  return findCase(registry.context.db, id);
};

const aside = async () => (await listQuarantine(registry.context.db)).map(({ log, seq }) => [log, seq]);
const onCopy = (id: string) => ({ case: id, sentence: saying('exist twice') });

describe('a case that came by one log', () => {
  test('is changed by no other: what it says is receipted, put aside and named', async () => {
    const [one, other] = [await enrol(testLog()), await enrol(testLog())];
    const id = one.appendCase();
    await push(one);
    other.append('case.received', { case: id, received: '2026-01-01', urgent: true, facts: someFacts() });
    other.append('case.edited', { case: id, facts: { ...someFacts(), tactics: ['made_up'] } });
    decide(other, id, 'confirmed_scam');
    other.append('case.erased', { case: id, events: [one.events[1]!.event.id] });
    expect(await push(other)).toEqual([]);
    expect((await registry.client().feedback.state({ log: other.id })).receipt?.body.seq).toBe(5);
    expect(await known(id)).toMatchObject({ received: '2026-10-05', urgent: false, tactics: [], outcome: null });
    expect(await aside()).toEqual([2, 3, 4, 5].map((seq) => [other.id, seq]));
    const [row] = await listQuarantine(registry.context.db);
    expect(row!.reason).toEqual(saying('a case of another laptop that was not handed over'));
    expect(await replayQuarantine(registry.context.db)).toEqual({ released: 0, kept: 4 });
    await rebuild(registry.context.db);
    expect(await known(id)).toMatchObject({ outcome: null });
    decide(one, id, 'genuine_provider');
    await push(one);
    expect(await known(id)).toMatchObject({ outcome: 'genuine_provider' });
  });

  test('is tied to no other by a foreign tag, and a foreign outcome differs from none', async () => {
    const [one, other] = [await enrol(testLog()), await enrol(testLog())];
    const [id, second] = [one.appendCase(), one.appendCase()];
    const tag = 'c'.repeat(64);
    await push(one, 1, { [id]: tag });
    expect(await push(other, 1, { [second]: tag })).toEqual([]);
    expect(await casesByReference(registry.context.db)).toEqual(new Map());
    decide(other, second, 'genuine_provider');
    await push(other);
    decide(one, id, 'confirmed_scam');
    expect(await push(one, 1, { [second]: tag })).toEqual([
      { case: second, sentence: saying('The same reference was entered') },
    ]);
  });

  test('is found to be so without a look at logs that have nothing to do with either', async () => {
    const [one, other, third] = [await enrol(testLog()), await enrol(testLog()), await enrol(testLog())];
    const id = one.appendCase();
    for (const log of [one, third]) await push(log);
    const damaged = registry.context.db.updateTable('log_events').set({ text: 'damaged' });
    await damaged.where('log', '=', third.id).where('seq', '=', 1).execute();
    decide(other, id, 'confirmed_scam');
    expect(await push(other)).toEqual([]);
    expect(await aside()).toEqual([[other.id, 2]]);
  });

  test('whose intake nobody sent is nobody’s yet', async () => {
    const log = await enrol(testLog());
    const id = log.id;
    decide(log, id, 'confirmed_scam');
    await push(log);
    expect(await aside()).toEqual([[log.id, 2]]);
  });
});

describe('a log that continues another one', () => {
  test('changes its cases under the same key, or by a signature of its parent’s key, but not by its word alone', async () => {
    const [secret, lost] = [secretKey(), secretKey()];
    const parent = await enrol(testLog({ secret }));
    const [first, second, third] = [parent.appendCase(), parent.appendCase(), parent.appendCase()];
    await push(parent);
    const same = testLog({ secret, parent: parent.head() });
    const signed = await enrol(testLog({ parent: parent.head(), parentSecret: secret }));
    const liar = await enrol(testLog({ parent: parent.head() }));
    const forger = await enrol(testLog({ parent: parent.head(), parentSecret: lost }));
    for (const [log, id] of [
      [same, first],
      [signed, second],
      [liar, third],
      [forger, third],
    ] as const) {
      decide(log, id, 'confirmed_scam');
      await push(log);
    }
    const outcomes = await Promise.all([first, second, third].map(async (id) => (await known(id))!.outcome));
    expect(outcomes).toEqual(['confirmed_scam', 'confirmed_scam', null]);
    expect(await aside()).toEqual(expect.arrayContaining([liar, forger].map((log) => [log.id, 2])));
    expect(await aside()).toHaveLength(2);
  });

  test('and another one of the same parent are both taken, and the office gets a notice of what both changed', async () => {
    const secret = secretKey();
    const parent = await enrol(testLog({ secret }));
    const [twice, once, early] = [parent.appendCase(), parent.appendCase(), parent.appendCase()];
    decide(parent, early, 'confirmed_scam');
    await push(parent);
    const left = testLog({ secret, parent: parent.head() });
    const right = await enrol(testLog({ parent: parent.head(), parentSecret: secret }));
    decide(left, twice, 'confirmed_scam');
    decide(left, early, 'genuine_provider');
    expect(await push(left)).toEqual([]);
    decide(right, once, 'genuine_provider');
    decide(right, twice, 'genuine_provider');
    expect(await push(right)).toEqual([onCopy(twice)]);
    expect(await aside()).toEqual([]);
    expect(await known(twice)).toMatchObject({ outcome: 'genuine_provider' });
    decide(left, twice, 'confirmed_scam');
    expect(await push(left, 4)).toEqual([onCopy(twice)]);
    expect(await known(twice)).toMatchObject({ outcome: 'confirmed_scam' });
    // The parent went on as well, which neither of them knows.
    decide(parent, once, 'confirmed_scam');
    expect(await push(parent, 6)).toEqual([onCopy(once)]);
  });

  test('may come before its parent: what was put aside counts when that comes', async () => {
    const [secret, own] = [secretKey(), secretKey()];
    const parent = await enrol(testLog({ secret }));
    const [id, later] = [parent.appendCase(), parent.appendCase()];
    const child = await enrol(testLog({ secret: own, parent: parent.head(), parentSecret: secret }));
    const grandchild = await enrol(testLog({ parent: child.head(), parentSecret: own }));
    decide(grandchild, id, 'confirmed_scam');
    decide(grandchild, later, 'genuine_provider');
    grandchild.append('case.of_the_future', { case: id });
    await push(grandchild);
    await push(child);
    expect(await known(id)).toBeNull();
    expect(await aside()).toEqual([2, 3, 4].map((seq) => [grandchild.id, seq]));
    await push(parent, 1, {}, 2);
    // The intake of the other case is still to come, and the last entry is for a newer program.
    expect(await aside()).toEqual([3, 4].map((seq) => [grandchild.id, seq]));
    expect(await known(id)).toMatchObject({ outcome: 'confirmed_scam' });
    await push(parent, 3);
    expect(await aside()).toEqual([[grandchild.id, 4]]);
    expect(await known(later)).toMatchObject({ outcome: 'genuine_provider' });
    expect(await replayQuarantine(registry.context.db)).toEqual({ released: 0, kept: 1 });
  });

  test('frees nothing that another log put aside of its cases, when it opens or takes one in', async () => {
    const secret = secretKey();
    const parent = await enrol(testLog({ secret }));
    const id = parent.appendCase();
    const [liar, stranger] = [await enrol(testLog({ parent: parent.head() })), await enrol(testLog())];
    for (const log of [liar, stranger]) {
      decide(log, id, 'confirmed_scam');
      await push(log);
    }
    await push(parent);
    expect(await aside()).toEqual([liar, stranger].map((log) => [log.id, 2]));
    expect(await known(id)).toMatchObject({ outcome: null });
  });
});

describe('an event that a log under another key repeats', () => {
  const counted = async (event: string) => {
    const query = registry.context.db.selectFrom('log_events').select(['log', 'seq']).where('event_id', '=', event);
    return query.where('counted', '=', 1).execute();
  };

  test('counts once, where it was stored first, and is no change on a copy', async () => {
    const secret = secretKey();
    const parent = await enrol(testLog({ secret }));
    const id = parent.appendCase();
    const head = parent.head();
    const outcome = decide(parent, id, 'confirmed_scam').event;
    await push(parent);
    const child = await enrol(testLog({ parent: head, parentSecret: secret }));
    child.append('case.outcome', outcome.public as never, outcome.id);
    expect(await push(child)).toEqual([]);
    expect(await counted(outcome.id)).toEqual([{ log: parent.id, seq: 3 }]);
    decide(child, id, 'genuine_provider');
    expect(await push(child, 3)).toEqual([]);
    expect(await known(id)).toMatchObject({ outcome: 'genuine_provider' });
  });

  test('also when two that continue a log come before it, or are read before it', async () => {
    const secret = secretKey();
    const parent = await enrol(testLog({ secret }));
    const head = parent.head();
    const id = parent.appendCase();
    const outcome = decide(parent, id, 'confirmed_scam').event;
    const intake = parent.events[1]!.event;
    const children = [1, 2].map(() => testLog({ parent: head, parentSecret: secret }));
    for (const child of children) {
      await enrol(child);
      child.append('case.received', intake.public as never, intake.id);
      child.append('case.outcome', outcome.public as never, outcome.id);
      await push(child);
    }
    expect(await known(id)).toMatchObject({ outcome: 'confirmed_scam' });
    expect(await counted(outcome.id)).toHaveLength(2);
    expect(await push(parent)).toEqual([]);
    expect(await counted(intake.id)).toEqual([{ log: children[0]!.id, seq: 2 }]);
    expect(await counted(outcome.id)).toEqual([{ log: children[0]!.id, seq: 3 }]);
    expect(await aside()).toEqual([]);
    expect(await known(id)).toMatchObject({ outcome: 'confirmed_scam' });
  });

  test('counts for each of two logs that have nothing to do with each other', async () => {
    const [one, other] = [await enrol(testLog()), await enrol(testLog())];
    const shared = '0196a000-0000-7000-8000-000000000001';
    for (const log of [one, other]) {
      log.appendCase({ id: shared });
      await push(log);
    }
    expect(await counted(shared)).toHaveLength(2);
  });
});
