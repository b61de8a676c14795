import { listOffices } from '../../../../registry/laptops/offices.ts';
import { casesByReference } from '../../../../registry/laptops/references.ts';
import { quoted } from '../../../../shared/language/sentence.ts';
import { saying } from '../../../support/saying.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { v7 as uuidv7 } from 'uuid';
import { readEvents } from '../../../../registry/laptops/logs.ts';
import { grantPurpose } from '../../../../shared/contract/registry.ts';
import { publicKeyOf, readReceipt, verifyJson } from '../../../../shared/log/signed.ts';
import { readCode, testLog, type TestLog } from '../../../support/laptop.ts';
import { testRegistry, type TestRegistry } from '../../../support/registry.ts';

let registry: TestRegistry;
let receiptKey: string;

beforeAll(async () => {
  registry = await testRegistry();
  receiptKey = publicKeyOf(registry.context.keys.receipt);
});
afterAll(async () => registry.close());

async function enrolled(office = 'North office', secret?: string): Promise<TestLog> {
  const log = testLog(secret === undefined ? {} : { secret });
  await registry.client().device.enrol(log.enrolmentRequest(readCode(await registry.invite(office)).secret));
  return log;
}

const stored = async (log: TestLog) =>
  (await readEvents(registry.context.db, 0, 10_000)).filter((one) => one.sealed.event.log === log.id);

describe('enrolment', () => {
  it('answers a valid code with a grant signed by the receipt key', async () => {
    const log = testLog();
    const code = readCode(await registry.invite('Österreich Süd'));
    expect(code.rootSha256).toBe((await registry.client().hello({})).rootSha256);
    const grant = await registry.client().device.enrol(log.enrolmentRequest(code.secret));
    expect(grant.body.key).toBe(log.key);
    expect(grant.body.office).toEqual({ id: 'osterreich-sud', name: 'Österreich Süd' });
    expect(verifyJson(grantPurpose, grant.body, grant.signature, receiptKey)).toBe(true);
  });

  it('takes a code once, but answers the same laptop again when the first answer was lost', async () => {
    const log = testLog();
    const { secret } = readCode(await registry.invite());
    const first = await registry.client().device.enrol(log.enrolmentRequest(secret));
    const again = await registry.client().device.enrol(log.enrolmentRequest(secret));
    expect(again.body.device).toBe(first.body.device);
    await expect(registry.client().device.enrol(testLog().enrolmentRequest(secret))).rejects.toMatchObject({
      code: 'BAD_ENROLMENT',
    });
  });

  it('refuses unknown and outdated codes and a request whose key did not sign', async () => {
    const log = testLog();
    await expect(registry.client().device.enrol(log.enrolmentRequest('x'.repeat(32)))).rejects.toMatchObject({
      code: 'BAD_ENROLMENT',
    });
    const { secret } = readCode(await registry.invite());
    const forged = { ...log.enrolmentRequest(secret), signature: testLog().enrolmentRequest(secret).signature };
    await expect(registry.client().device.enrol(forged)).rejects.toMatchObject({ code: 'BAD_SIGNATURE' });
    const now = registry.clock.now();
    registry.clock.advance(31 * 86_400_000);
    await expect(registry.client().device.enrol(log.enrolmentRequest(secret))).rejects.toMatchObject({
      code: 'BAD_ENROLMENT',
    });
    registry.clock.set(now);
  });
});

describe('feedback', () => {
  it('stores a batch and answers with a receipt for its last entry', async () => {
    const log = await enrolled();
    log.appendCase();
    log.appendCase();
    const { receipt } = await registry.client().feedback.push(log.batch(1));
    expect(readReceipt(receipt, receiptKey, log.id).body).toMatchObject({
      seq: 3,
      hash: log.head().hash,
      clockOffsetMs: -3_600_000,
    });
    expect((await registry.client().feedback.state({ log: log.id })).receipt).toEqual(receipt);
    expect((await stored(log)).map((one) => one.sealed.text)).toEqual(log.events.map((one) => one.text));
  });

  it('gives the same receipt for a repeated range and takes a range that overlaps', async () => {
    const log = await enrolled();
    log.appendCase();
    const first = await registry.client().feedback.push(log.batch(1));
    log.appendCase();
    expect((await registry.client().feedback.push(log.batch(2))).receipt.body.seq).toBe(3);
    expect(await registry.client().feedback.push(log.batch(1, 2))).toEqual(first);
    expect(await stored(log)).toHaveLength(3);
  });

  it('names the entry it expects when a range leaves a gap, and stores nothing', async () => {
    const log = await enrolled();
    log.appendCase();
    log.appendCase();
    await expect(registry.client().feedback.push(log.batch(2))).rejects.toMatchObject({
      code: 'GAP',
      data: { expected: 1 },
    });
    await registry.client().feedback.push(log.batch(1, 1));
    await expect(registry.client().feedback.push(log.batch(3))).rejects.toMatchObject({
      code: 'GAP',
      data: { expected: 2 },
    });
    expect(await stored(log)).toHaveLength(1);
  });

  it('answers a copied folder that went its own way with the head it knows', async () => {
    const log = await enrolled();
    const copy = log.copy();
    log.appendCase();
    copy.appendCase();
    await registry.client().feedback.push(log.batch(1));
    const fork = { code: 'FORK', data: { seq: 2, hash: log.head().hash } };
    await expect(registry.client().feedback.push(copy.batch(1))).rejects.toMatchObject(fork);
    copy.appendCase();
    await expect(registry.client().feedback.push(copy.batch(3))).rejects.toMatchObject(fork);
  });

  it('takes a continued log of a known laptop and counts repeated event ids once', async () => {
    const secret = 'ab'.repeat(32);
    const log = await enrolled('North office', secret);
    const caseId = log.appendCase();
    await registry.client().feedback.push(log.batch(1));
    const next = testLog({ secret, parent: log.head() });
    next.appendCase({ case: caseId, id: log.events[1]!.event.id });
    next.appendCase();
    expect((await registry.client().feedback.push(next.batch(1))).receipt.body.seq).toBe(3);
    expect(await stored(next)).toHaveLength(2);
  });

  it('refuses a log of an unknown laptop, a foreign signature and a broken chain', async () => {
    const stranger = testLog();
    await expect(registry.client().feedback.push(stranger.batch(1))).rejects.toMatchObject({ code: 'NOT_ENROLLED' });
    const log = await enrolled();
    log.appendCase();
    const batch = log.batch(1);
    await expect(
      registry.client().feedback.push({ ...batch, signature: stranger.batch(1).signature }),
    ).rejects.toMatchObject({ code: 'BAD_SIGNATURE' });
    const swapped = { ...batch, events: [batch.events[0]!, batch.events[0]!] };
    await expect(registry.client().feedback.push(swapped)).rejects.toMatchObject({ code: 'BAD_CHAIN' });
    const edited = {
      ...batch,
      events: [batch.events[0]!, batch.events[1]!.replace('"urgent":false', '"urgent":true')],
    };
    await expect(registry.client().feedback.push(edited)).rejects.toMatchObject({ code: 'BAD_CHAIN' });
    await expect(registry.client().feedback.push({ ...batch, events: batch.events.slice(1) })).rejects.toMatchObject({
      code: 'BAD_CHAIN',
    });
    expect(await stored(log)).toHaveLength(0);
  });

  it('points out one case entered twice in an office, and outcomes that differ', async () => {
    const [one, two] = [await enrolled(), await enrolled()];
    const [first, second] = [one.appendCase(), two.appendCase()];
    const tag = 'c'.repeat(64);
    const push = (log: TestLog, id: string, from: number) =>
      registry.client().feedback.push(log.batch(from, undefined, { referenceTags: { [id]: tag } }));
    expect((await push(one, first, 1)).notices).toEqual([]);
    expect((await push(two, second, 1)).notices).toEqual([{ case: second, sentence: saying('on another laptop') }]);
    one.append('case.outcome', { case: first, outcome: 'confirmed_scam', reason: null, seen: null });
    two.append('case.outcome', { case: second, outcome: 'genuine_provider', reason: null, seen: null });
    await push(one, first, 3);
    expect((await push(two, second, 3)).notices[0]?.sentence).toEqual(saying('two outcomes differ'));
  });

  it('points out outcomes that differ when they come after the batches with the tags', async () => {
    const [one, two] = [await enrolled(), await enrolled()];
    const [first, second] = [one.appendCase(), two.appendCase()];
    const tag = 'd'.repeat(64);
    const feedback = registry.client().feedback;
    await feedback.push(one.batch(1, undefined, { referenceTags: { [first]: tag } }));
    await feedback.push(two.batch(1, undefined, { referenceTags: { [second]: tag } }));
    const decide = async (log: TestLog, id: string, outcome: string) => {
      log.append('case.outcome', { case: id, outcome, reason: null, seen: null });
      return (await feedback.push(log.batch(log.events.length))).notices;
    };
    expect(await decide(one, first, 'confirmed_scam')).toEqual([]);
    const differ = [{ case: second, sentence: saying(/another laptop.*two outcomes differ/) }];
    expect(await decide(two, second, 'genuine_provider')).toEqual(differ);
    // The answer may have been lost: the same range gets the same notices.
    expect((await feedback.push(two.batch(3))).notices).toEqual(differ);
    expect(await decide(two, second, 'confirmed_scam')).toEqual([]);
    const other = two.appendCase();
    await feedback.push(two.batch(5));
    expect(await decide(two, other, 'genuine_provider')).toEqual([]);
  });

  it('does not compare with a case whose import was undone, nor count it', async () => {
    const log = await enrolled();
    const tag = 'e'.repeat(64);
    const push = (from: number, tagged: Record<string, string>) =>
      registry.client().feedback.push(log.batch(from, undefined, { referenceTags: tagged }));
    const first = log.appendCase();
    log.append('case.outcome', { case: first, outcome: 'confirmed_scam', reason: null, seen: null });
    await push(1, { [first]: tag });
    const counted = async () => (await listOffices(registry.context)).map(({ cases }) => cases);
    const before = await counted();
    log.append('case.withdrawn', { case: first, import: uuidv7() });
    const again = log.appendCase();
    log.append('case.outcome', { case: again, outcome: 'genuine_provider', reason: null, seen: null });
    expect((await push(4, { [again]: tag })).notices).toEqual([]);
    const together = await casesByReference(registry.context.db);
    expect([first, again].filter((id) => together.has(id))).toEqual([]);
    expect(await counted()).toEqual(before);
  });

  it('stores and receipts what it cannot read, puts it aside and reads it again later', async () => {
    const { listQuarantine, replayQuarantine } = await import('../../../../registry/laptops/quarantine.ts');
    const log = await enrolled();
    log.append('case.from_the_future', { case: uuidv7() });
    log.append('case.outcome', { case: 'not an id', outcome: 'confirmed_scam' });
    log.appendCase();
    expect((await registry.client().feedback.push(log.batch(1))).receipt.body.seq).toBe(4);
    const aside = (await listQuarantine(registry.context.db)).filter((row) => row.log === log.id);
    expect(aside.map((row) => row.seq)).toEqual([2, 3]);
    expect(aside[1]?.reason).toEqual(saying('case'));
    expect(JSON.stringify(aside[1]?.reason)).not.toContain('not an id');
    expect(await stored(log)).toHaveLength(2);
    expect(await replayQuarantine(registry.context.db)).toEqual({ released: 0, kept: 2 });
    // What an older program put aside and this one can read.
    await registry.context.db
      .insertInto('quarantine')
      .values({ log: log.id, seq: 4, reason: JSON.stringify(quoted('unknown type')), at: '2026-10-05T08:00:00.000Z' })
      .execute();
    expect((await stored(log)).map((one) => one.sealed.event.seq)).toEqual([1]);
    expect(await replayQuarantine(registry.context.db)).toEqual({ released: 1, kept: 2 });
    expect((await stored(log)).map((one) => one.sealed.event.seq)).toEqual([1, 4]);
  });

  it('gives readers ids that only grow, also when laptops push at the same time', async () => {
    const logs = await Promise.all([enrolled(), enrolled(), enrolled()]);
    for (const log of logs) for (let i = 0; i < 20; i += 1) log.appendCase();
    const before = (await readEvents(registry.context.db, 0, 10_000)).at(-1)?.id ?? 0;
    await Promise.all(logs.map((log) => registry.client().feedback.push(log.batch(1))));
    const fresh = await readEvents(registry.context.db, before, 1000);
    expect(fresh).toHaveLength(63);
    expect(fresh.map((one) => one.id)).toEqual(fresh.map((one) => one.id).toSorted((a, b) => a - b));
  });
});
