import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { v7 as uuidv7 } from 'uuid';
import { addAdmin, requireRight, revokeAdmin } from '../../registry/identity/access.ts';
import { listDevices, revokeDevice } from '../../registry/laptops/devices.ts';
import { migrate } from '../../registry/storage/migrations/index.ts';
import { nextVersion } from '../../registry/releases/candidates.ts';
import { withLease } from '../../registry/storage/db/lease.ts';
import { readEvents } from '../../registry/laptops/logs.ts';
import { listQuarantine, replayQuarantine } from '../../registry/laptops/quarantine.ts';
import { casesByReference } from '../../registry/laptops/references.ts';
import { withLock, readSetting, takeNumbers, writeSetting } from '../../registry/storage/db/settings.ts';
import { z } from 'zod';
import { readCode, testLog, type TestLog } from '../support/laptop.ts';
import { startPostgres, type TestPostgres } from '../support/postgres.ts';
import { pushToy, releaseToy, tufClient } from '../support/releases.ts';
import { testRegistry, type TestRegistry } from '../support/registry.ts';
import { saying } from '../support/saying.ts';

// One suite over both stores: whatever one of them does differently shows here.
describe.each(['sqlite', 'postgres'] as const)('the registry on %s', (dialect) => {
  let registry: TestRegistry;
  let postgres: TestPostgres | null = null;

  beforeAll(async () => {
    postgres = dialect === 'postgres' ? await startPostgres() : null;
    registry = await testRegistry(postgres === null ? {} : { store: postgres.url });
  });
  afterAll(async () => {
    await registry?.close();
    await postgres?.stop();
  });

  async function enrolled(office = 'North office'): Promise<TestLog> {
    const log = testLog();
    await registry.client().device.enrol(log.enrolmentRequest(readCode(await registry.invite(office)).secret));
    return log;
  }
  const push = (log: TestLog, from = 1, to?: number) => registry.client().feedback.push(log.batch(from, to));

  it('migrates once, and again without harm, and refuses the store of a newer registry', async () => {
    await migrate(registry.context.db);
    const raw = registry.context.db.withTables<{ kysely_migration: { name: string; timestamp: string } }>();
    await raw
      .insertInto('kysely_migration')
      .values({ name: '9999-future', timestamp: '2030-01-01T00:00:00.000Z' })
      .execute();
    await expect(migrate(registry.context.db)).rejects.toMatchObject({ code: 'NEWER_DATABASE' });
    await raw.deleteFrom('kysely_migration').where('name', '=', '9999-future').execute();
  });

  it('keeps settings and gives every number out once, also to writers at the same time', async () => {
    await writeSetting(registry.context.db, 'a', { b: [1] });
    await writeSetting(registry.context.db, 'a', { b: [2] });
    expect(await readSetting(registry.context.db, 'a', z.object({ b: z.array(z.number()) }))).toEqual({ b: [2] });
    expect(await readSetting(registry.context.db, 'none', z.string())).toBeNull();
    await expect(readSetting(registry.context.db, 'a', z.string())).rejects.toMatchObject({ code: 'BAD_DATABASE' });
    const firsts = await Promise.all(
      Array.from({ length: 8 }, () => registry.context.db.transaction().execute((trx) => takeNumbers(trx, 'n', 5))),
    );
    expect(firsts.toSorted((x, y) => x - y)).toEqual([1, 6, 11, 16, 21, 26, 31, 36]);
  });

  it('finds the cases that share a reference tag', async () => {
    const { db } = registry.context;
    const at = '2026-10-05T08:00:00.000Z';
    const pairs = [
      ['t1', 'b'],
      ['t1', 'd'],
      ['t2', 'd'],
      ['t2', 'a'],
      ['t3', 'x'],
    ] as const;
    const rows = pairs.map(([tag, id]) => ({ tag, case_id: id, device: 'one', at }));
    await db.insertInto('reference_tags').values(rows).execute();
    expect(Object.fromEntries(await casesByReference(db))).toEqual({ a: 'a', b: 'a', d: 'a' });
    await db.deleteFrom('reference_tags').where('device', '=', 'one').execute();
  });

  it('lets one at a time into what must run alone', async () => {
    const inside: string[] = [];
    const visit = (name: string) =>
      withLock(registry.context.db, 'test', async () => {
        inside.push(`${name} in`);
        await new Promise((resolve) => setImmediate(resolve));
        inside.push(`${name} out`);
      });
    await Promise.all([visit('a'), visit('b'), visit('c')]);
    for (let i = 0; i < inside.length; i += 2) expect(inside[i + 1]).toBe(inside[i]!.replace('in', 'out'));
  });

  describe('a lease on work that takes long', () => {
    const at = '2026-10-05T08:00:00.000Z';
    const leased = (by: string, work: () => Promise<unknown>) => withLease(registry.context, 'retraining', by, work);
    const until = async () =>
      (await readSetting(registry.context.db, 'lease.retraining', z.object({ until: z.string() })))?.until ?? null;
    /** Work that goes on until it is asked to end. */
    function working(by: string): { begun: Promise<void>; end: () => void; done: Promise<unknown> } {
      const [begun, ended] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      const done = leased(by, async () => {
        begun.resolve();
        await ended.promise;
        return by;
      });
      return { begun: begun.promise, end: ended.resolve, done };
    }

    it('is had by one at a time, and given back, also when the work fails', async () => {
      registry.clock.set(at);
      const first = working('the daily turn');
      await first.begun;
      await expect(leased('Zoe', async () => 'too early')).rejects.toMatchObject({
        code: 'CONFLICT',
        message:
          'There is a retraining under way already (the daily turn, since 2026-10-05 08:00 UTC). Nothing was begun. Wait until it has ended; if its process was ended by force, try again after 2026-10-05 08:10 UTC.',
      });
      first.end();
      expect(await first.done).toBe('the daily turn');
      await expect(leased('Zoe', () => Promise.reject(new Error('no')))).rejects.toThrow(saying('no'));
      expect(await until()).toBeNull();
      const both = await Promise.allSettled([working('a'), working('b')].map(({ end, done }) => (end(), done)));
      expect(both.some((one) => one.status === 'fulfilled')).toBe(true);
    });

    it('of a killed process runs out; who comes back late takes nothing from the one after it', async () => {
      registry.clock.set(at);
      const killed = working('killed');
      await killed.begun;
      registry.clock.advance(9 * 60_000);
      await expect(leased('Zoe', async () => 'too early')).rejects.toMatchObject({ code: 'CONFLICT' });
      registry.clock.advance(60_000);
      const next = working('next');
      await next.begun;
      killed.end();
      await killed.done;
      await expect(leased('Zoe', async () => 'too early')).rejects.toThrow(saying(/\(next, since/));
      next.end();
      await next.done;
    });

    it('lasts while its holder says that it is still at it', async () => {
      registry.clock.set(at);
      vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
      try {
        const long = working('long');
        await long.begun;
        registry.clock.advance(9 * 60_000);
        vi.advanceTimersByTime(9 * 60_000);
        await vi.waitFor(async () => expect(await until()).toBe('2026-10-05T08:19:00.000Z'));
        long.end();
        await long.done;
      } finally {
        vi.useRealTimers();
      }
    });
  });

  it('proposes one of two models of the same version that come at the same time', async () => {
    const pushed = await Promise.allSettled([pushToy(registry, 7, 3), pushToy(registry, 7, 4)]);
    expect(pushed.map((one) => one.status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(pushed.find((one) => one.status === 'rejected')!.reason).toMatchObject({
      code: 'CONFLICT',
      message: expect.stringMatching(/^Another model of version 7 is proposed for approval already/),
    });
    const open = await registry.client(registry.tokens.viewer).admin.proposals({});
    expect(open.map((one) => one.manifest.model.version)).toEqual([7]);
    expect(await nextVersion(registry.context)).toBe(8);
    const { candidate } = open[0]!.report;
    await registry.client(registry.tokens.approver).admin.decline({ candidate, reason: 'only a test' });
  });

  it('signs admins in by role, until they are revoked', async () => {
    const { token } = await addAdmin(registry.context, 'Zoe', 'trainer');
    await expect(addAdmin(registry.context, 'Zoe', 'viewer')).rejects.toMatchObject({ code: 'CONFLICT' });
    expect((await requireRight(registry.context, `Bearer ${token}`, 'propose')).name).toBe('Zoe');
    await expect(requireRight(registry.context, `Bearer ${token}`, 'decide')).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
    await revokeAdmin(registry.context, 'Zoe');
    await expect(requireRight(registry.context, `Bearer ${token}`, 'read')).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
    await expect(revokeAdmin(registry.context, 'Zoe')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('stores a large batch, repeats receipts, names gaps and forks', async () => {
    const log = await enrolled();
    for (let i = 0; i < 449; i += 1) log.appendCase();
    const first = await push(log, 1, 450);
    expect(first.receipt.body).toMatchObject({ seq: 450, hash: log.head().hash });
    expect(await push(log, 1, 450)).toEqual(first);
    expect((await push(log, 100, 200)).receipt.body.seq).toBe(200);
    const copy = log.copy();
    log.appendCase();
    log.appendCase();
    copy.appendCase();
    await expect(push(log, 452)).rejects.toMatchObject({ code: 'GAP', data: { expected: 451 } });
    await push(log, 451);
    await expect(push(copy, 451)).rejects.toMatchObject({ code: 'FORK', data: { seq: 452 } });
    expect((await registry.client().feedback.state({ log: log.id })).receipt?.body.seq).toBe(452);
    expect(await registry.client().feedback.state({ log: uuidv7() })).toEqual({ receipt: null });
  });

  it('shows readers events in an order without holes while laptops push at the same time', async () => {
    const before = (await readEvents(registry.context.db, 0, 100_000)).at(-1)!.id;
    const logs = await Promise.all(Array.from({ length: 6 }, () => enrolled()));
    for (const log of logs) for (let i = 0; i < 30; i += 1) log.appendCase();
    const seen: number[] = [];
    const reader = async (): Promise<void> => {
      const part = await readEvents(registry.context.db, seen.at(-1) ?? before, 50);
      seen.push(...part.map((one) => one.id));
    };
    await Promise.all(logs.flatMap((log) => [push(log, 1, 15).then(() => push(log, 16)), reader()]));
    while (seen.length < 6 * 31) await reader();
    const all = (await readEvents(registry.context.db, before, 100_000)).map((one) => one.id);
    expect(seen).toEqual(all);
  });

  it('takes the same batch twice at the same time and stores it once', async () => {
    const log = await enrolled();
    log.appendCase();
    const [a, b] = await Promise.all([push(log), push(log)]);
    expect(a).toEqual(b);
    const count = await registry.context.db.selectFrom('log_events').select('seq').where('log', '=', log.id).execute();
    expect(count).toHaveLength(2);
  });

  it('gives one code to one laptop when two ask at the same time', async () => {
    const { secret } = readCode(await registry.invite());
    const answers = await Promise.allSettled(
      [testLog(), testLog()].map((log) => registry.client().device.enrol(log.enrolmentRequest(secret))),
    );
    expect(answers.map((one) => one.status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });

  it('takes nothing more from a lost laptop until it is enrolled again', async () => {
    const log = testLog();
    const { secret } = readCode(await registry.invite());
    const { body } = await registry.client().device.enrol(log.enrolmentRequest(secret));
    await push(log);
    await revokeDevice(registry.context, body.device);
    log.appendCase();
    await expect(push(log, 2)).rejects.toMatchObject({ code: 'NOT_ENROLLED' });
    await expect(registry.client().device.enrol(log.enrolmentRequest(secret))).rejects.toMatchObject({
      code: 'BAD_ENROLMENT',
    });
    await expect(revokeDevice(registry.context, body.device)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect((await listDevices(registry.context)).find((one) => one.id === body.device)?.revokedAt).not.toBeNull();
    await registry.client().device.enrol(log.enrolmentRequest(readCode(await registry.invite()).secret));
    expect((await push(log, 2)).receipt.body.seq).toBe(2);
  });

  it('puts aside what it cannot read and reads it again', async () => {
    const log = await enrolled();
    log.append('case.erased', { case: 'x' });
    await push(log);
    expect((await listQuarantine(registry.context.db)).map((row) => [row.log, row.seq])).toContainEqual([log.id, 2]);
    expect((await replayQuarantine(registry.context.db)).kept).toBe(1);
  });

  it('counts laptops and cases of an office', async () => {
    const log = await enrolled('Counting house');
    await enrolled('Counting house');
    log.appendCase();
    log.appendCase();
    await push(log);
    const offices = await registry.client(registry.tokens.viewer).admin.offices({});
    expect(offices.find((one) => one.id === 'counting-house')).toEqual({
      id: 'counting-house',
      name: 'Counting house',
      devices: 2,
      cases: 2,
      lastSeen: new Date(registry.clock.now()).toISOString(),
      release: null,
    });
  });

  it('releases a model and points offices to it', async () => {
    const { release, state } = await releaseToy(registry, 1);
    expect(state).toBe('approved');
    await registry.client(registry.tokens.operator).admin.setChannel({ release, offices: [] });
    const laptop = tufClient(registry);
    expect((await laptop.channel('north-office'))?.release).toBe(release);
    laptop.close();
  });
});
