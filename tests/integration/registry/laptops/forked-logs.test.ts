import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findCase } from '../../../../registry/cases/cases.ts';
import { integrate } from '../../../../registry/cases/integrate.ts';
import { listQuarantine } from '../../../../registry/laptops/quarantine.ts';
import { currentLog, type EventLog } from '../../../../electron/backend/store/log.ts';
import { memoryLog } from '../../../support/log.ts';
import { readCode, someFacts, testLog, type TestLog } from '../../../support/laptop.ts';
import { saying } from '../../../support/saying.ts';
import { testRegistry, type TestRegistry } from '../../../support/registry.ts';

let registry: TestRegistry;
let secret: string;
beforeEach(async () => {
  registry = await testRegistry();
  secret = randomBytes(32).toString('hex');
});
afterEach(async () => registry.close());

async function enrol(log: TestLog): Promise<TestLog> {
  await registry.client().device.enrol(log.enrolmentRequest(readCode(await registry.invite('North office')).secret));
  return log;
}

const push = async (log: TestLog, from = 1, to?: number) =>
  (await registry.client().feedback.push(log.batch(from, to))).notices;

const decide = (log: TestLog, id: string, outcome: string) =>
  log.append('case.outcome', { case: id, outcome, reason: null, seen: null });

const onCopy = (id: string) => ({ case: id, sentence: saying('exist twice') });

const outcomeOf = async (id: string) => {
  await integrate(registry.context.db);
  return (await findCase(registry.context.db, id))?.outcome;
};

/** A log of two entries that are stored, the copy of its folder, and the case both know. */
async function twoFolders() {
  const one = await enrol(testLog({ secret }));
  const id = one.appendCase();
  await push(one);
  return { one, copy: one.copy(), id };
}

const isFork = async (log: TestLog, from: number) =>
  expect(registry.client().feedback.push(log.batch(from))).rejects.toMatchObject({ code: 'FORK' });

/** What a laptop does that is answered "fork": a log after its own head that repeats what has no receipt. */
function forkOf(log: TestLog, receipted: number): TestLog {
  const child = testLog({ secret, parent: log.head() });
  for (const { event } of log.events.slice(receipted)) child.append(event.type, event.public as never, event.id);
  return child;
}

test('a copy that was answered "fork" overwrites no outcome in silence', async () => {
  const { one, copy, id } = await twoFolders();
  decide(one, id, 'confirmed_scam');
  expect(await push(one, 3)).toEqual([]);
  decide(copy, id, 'genuine_provider');
  await isFork(copy, 3);
  const child = forkOf(copy, 2);
  expect(await push(child)).toEqual([onCopy(id)]);
  expect(await outcomeOf(id)).toBe('genuine_provider');
  expect(await listQuarantine(registry.context.db)).toEqual([]);
  // An answer that was lost is given again, and whoever changes the case next gets it as well.
  expect(await push(child)).toEqual([onCopy(id)]);
  decide(one, id, 'confirmed_scam');
  expect(await push(one, 4)).toEqual([onCopy(id)]);
});

test.each([
  ['several entries ahead of what is stored', 1, 4],
  ['behind what is stored', 4, 1],
])('the office gets a notice when the copy is %s', async (_, stored, own) => {
  const { one, id } = await twoFolders();
  const others = Array.from({ length: 4 }, () => one.appendCase());
  await push(one, 3);
  const ahead = one.copy();
  decide(one, id, 'confirmed_scam');
  for (const other of others.slice(0, stored - 1)) decide(one, other, 'confirmed_scam');
  await push(one, 7);
  decide(ahead, id, 'genuine_provider');
  for (const other of others.slice(0, own - 1)) decide(ahead, other, 'genuine_provider');
  await isFork(ahead, 7);
  const child = forkOf(ahead, 6);
  expect(await push(child)).toEqual([onCopy(id)]);
  expect(await outcomeOf(id)).toBe('genuine_provider');
});

test('what a forked copy shares is known to it, receipted before or repeated', async () => {
  const { one, id } = await twoFolders();
  const second = one.appendCase();
  decide(one, id, 'confirmed_scam');
  await push(one, 3);
  decide(one, second, 'confirmed_scam');
  const copy = one.copy(); // its last entry is stored and has no receipt here
  await push(one, 5);
  one.append('case.edited', { case: id, facts: someFacts() });
  await push(one, 6);
  copy.appendCase();
  await isFork(copy, 5);
  const child = forkOf(copy, 4);
  decide(child, second, 'genuine_provider');
  expect(await push(child)).toEqual([]);
  decide(child, id, 'genuine_provider');
  expect(await push(child, 5)).toEqual([onCopy(id)]); // entry 6 was made without it
});

test('a correction of what was receipted before the fork is none of a copy', async () => {
  const { one, id } = await twoFolders();
  decide(one, id, 'confirmed_scam');
  await push(one, 3);
  const copy = one.copy();
  one.appendCase();
  await push(one, 4);
  copy.appendCase();
  copy.appendCase();
  await isFork(copy, 4);
  const child = forkOf(copy, 3);
  decide(child, id, 'genuine_provider');
  expect(await push(child)).toEqual([]);
  expect(await outcomeOf(id)).toBe('genuine_provider');
});

test('where nothing proves how far a head is shared, only what the log repeats is known to it', async () => {
  const { one, copy, id } = await twoFolders();
  const second = copy.appendCase();
  one.append('case.received', copy.events[2]!.event.public as never, copy.events[2]!.event.id);
  const repeated = decide(one, second, 'confirmed_scam').event.id;
  decide(one, id, 'confirmed_scam');
  await push(one, 3);
  const child = testLog({ secret, parent: { log: one.id, seq: 4, hash: 'a'.repeat(64) } });
  child.append('case.outcome', one.events[3]!.event.public as never, repeated);
  decide(child, second, 'genuine_provider');
  decide(child, id, 'genuine_provider');
  expect(await push(child)).toEqual([onCopy(id)]);
});

test('the log of a laptop repeats its entries so that the registry can tell what it shares', async () => {
  const made = [memoryLog(), memoryLog()];
  const laptops = made.map(({ deps }) => currentLog({ ...deps, project: () => undefined }));
  const [one, copy] = [laptops[0]!, laptops[1]!]; // counted randomness: the second is a copy of the first
  const asSent = (log: EventLog) => testLog({ secret: '11'.repeat(32), id: log.id, events: log.read(0, 99) });
  const id = one.id;
  const outcome = (decided: 'confirmed_scam' | 'genuine_provider') =>
    ({ type: 'case.outcome', public: { case: id, outcome: decided, reason: null, seen: null } }) as const;
  for (const log of laptops) {
    log.append({
      type: 'case.received',
      public: { case: id, received: '2026-10-05', urgent: false, facts: someFacts() as never },
    });
    log.append(outcome('confirmed_scam'));
  }
  await enrol(asSent(one));
  expect(copy.head()).toEqual(one.head());
  await push(asSent(one));
  copy.setReceipted(2);
  made[1]!.deps.random(16); // from here on the ids differ
  one.append({ type: 'case.erased', public: { case: id, events: [id] } });
  await push(asSent(one), 4);
  copy.append({ type: 'case.edited', public: { case: id, facts: someFacts() as never } });
  await isFork(asSent(copy), 4);
  expect(await push(asSent(copy.fork('fork')))).toEqual([onCopy(id)]);
});
