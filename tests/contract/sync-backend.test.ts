import { saying } from '../support/saying.ts';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { importUp, makeEnrolmentFile } from '../../registry/laptops/courier.ts';
import { inviteDevice } from '../../registry/laptops/offices.ts';
import { readEvents } from '../../registry/laptops/logs.ts';
import { createUploadedFiles, type UploadedFiles } from '../../electron/backend/exchange/uploaded-files.ts';
import { syncStatusSchema } from '../../shared/contract/views.ts';
import { parseSealedEvent } from '../../shared/log/event.ts';
import { testBackend, testClock, testIntake, testPassphrase, type TestBackend } from '../support/backend.ts';
import { releaseToy } from '../support/releases.ts';
import { testRegistry, type TestRegistry } from '../support/registry.ts';

let registry: TestRegistry;
let laptop: TestBackend;
const extra: TestBackend[] = [];

beforeEach(async () => {
  registry = await testRegistry({ start: '2026-10-05T09:00:00.000Z' });
  laptop = await testBackend({ fetch, clock: testClock('2026-10-05T09:00:00.000Z') });
});
afterEach(async () => {
  for (const one of extra.splice(0)) await one.dispose();
  await laptop.dispose();
  await registry.close();
});

const exchangeOf = (one: TestBackend): UploadedFiles => createUploadedFiles(one.backend.context.exchangeDir);

async function counted(): Promise<{ id: string; type: string; case: unknown }[]> {
  return (await readEvents(registry.context.db, 0, 10_000)).map(({ sealed: { event } }) => ({
    id: event.id,
    type: event.type,
    case: event.public['case'],
  }));
}

describe('sync through the door of the backend', () => {
  it('is at rest before joining, and says what to do', async () => {
    expect(await laptop.client.sync.status({})).toMatchObject({
      enrolled: false,
      phase: 'idle',
      lastProblem: null,
      history: [],
    });
    await expect(laptop.client.sync.now({})).rejects.toMatchObject({ code: 'NOT_ENROLLED' });
    await expect(laptop.client.sync.exportCourier({})).rejects.toMatchObject({ code: 'NOT_ENROLLED' });
    await expect(laptop.client.sync.enrol({})).rejects.toMatchObject({ code: 'BAD_INPUT' });
    await expect(laptop.client.sync.importCourier({ file: '../outpost.db' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    expect((await laptop.client.app.status({})).connection).toBe('not_enrolled');
  });

  it('joins, shows exactly what waits to leave, sends it, and says so in the strip', async () => {
    await laptop.client.sync.enrol({ code: await registry.invite('North office') });
    const { id, reference } = await laptop.client.cases.create(testIntake({ resident: 'Zebedee Quill' }));
    await laptop.backend.idle();
    const preview = (await laptop.client.sync.preview({ limit: 200 })).entries;
    expect(preview.map(({ type }) => type)).toEqual(expect.arrayContaining(['case.received', 'case.scored']));
    const waiting = preview.map(({ text }) => parseSealedEvent(text).hash);
    expect(JSON.stringify(preview)).not.toContain('Zebedee');
    expect(JSON.stringify(preview)).not.toContain(reference);
    const status = syncStatusSchema.parse(await laptop.client.sync.now({}));
    expect(status).toMatchObject({ enrolled: true, office: 'North office', waiting: 0, lastProblem: null });
    const stored = await registry.context.db.selectFrom('log_events').select('hash').execute();
    expect(stored.map(({ hash }) => hash)).toEqual(expect.arrayContaining(waiting));
    expect(await laptop.client.sync.preview({ limit: 200 })).toEqual({ entries: [], total: 0 });
    expect(await laptop.client.app.status({})).toMatchObject({
      connection: 'online',
      waiting: 0,
      office: 'North office',
    });
    const view = await laptop.client.cases.get({ id });
    expect(view.timeline.every((entry) => entry.receipted)).toBe(true);
  });

  it('sends by itself soon after a case was taken in', async () => {
    await laptop.client.sync.enrol({ code: await registry.invite() });
    await laptop.client.sync.now({});
    await laptop.client.cases.create(testIntake());
    await laptop.backend.idle();
    expect((await laptop.client.sync.status({})).waiting).toBeGreaterThan(0);
    await vi.waitFor(
      async () => {
        const { phase, waiting } = await laptop.client.sync.status({});
        // Only between attempts: on a slow machine the time given to a request would pass before its answer comes.
        if (phase === 'idle' && waiting > 0) laptop.clock.advance(2000);
        expect({ phase, waiting }).toEqual({ phase: 'idle', waiting: 0 });
      },
      { timeout: 20_000, interval: 50 },
    );
  });

  it('keeps receipts, history and the enrolment over a restart, and is silent while locked', async () => {
    await laptop.client.sync.enrol({ code: await registry.invite() });
    await laptop.client.sync.now({});
    const before = await laptop.client.sync.status({});
    laptop = await laptop.restart();
    await expect(laptop.client.sync.status({})).rejects.toMatchObject({ code: 'LOCKED' });
    await expect(laptop.client.sync.now({})).rejects.toMatchObject({ code: 'LOCKED' });
    await laptop.client.vault.unlock({ passphrase: testPassphrase });
    expect(await laptop.client.sync.status({})).toMatchObject({
      enrolled: true,
      log: before.log,
      lastReceipt: before.lastReceipt,
    });
  });

  it('can be locked in the middle of sending', async () => {
    let asked = (): void => undefined;
    const reached = new Promise<void>((resolve) => (asked = resolve));
    const slow = await testBackend({
      clock: testClock('2026-10-05T09:00:00.000Z'),
      fetch: (input, init) => {
        if (!(input instanceof Request && input.url.includes('/push'))) return fetch(input, init);
        asked();
        return new Promise((_resolve, reject) =>
          input.signal.addEventListener('abort', () => reject(input.signal.reason as Error)),
        );
      },
    });
    extra.push(slow);
    await slow.client.sync.enrol({ code: await registry.invite() });
    const sending = slow.client.sync.now({});
    const ended = expect(sending).rejects.toMatchObject({ code: expect.stringMatching(/CANCELLED|LOCKED/) as string });
    await reached;
    await slow.client.vault.lock({});
    await ended;
    await slow.client.vault.unlock({ passphrase: testPassphrase });
    expect((await slow.client.sync.status({})).waiting).toBeGreaterThan(0);
  });

  it('goes on in a new log after the folder was copied; both copies lose nothing', async () => {
    await laptop.client.sync.enrol({ code: await registry.invite() });
    await laptop.client.cases.create(testIntake());
    await laptop.backend.idle();
    await laptop.client.sync.now({});
    await laptop.backend.close();
    const copy = mkdtempSync(join(tmpdir(), 'outpost-copy-'));
    rmSync(copy, { recursive: true });
    cpSync(laptop.dataDir, copy, { recursive: true });
    const open = async (dataDir: string): Promise<TestBackend> => {
      const one = await testBackend({ fetch, dataDir, create: false, clock: testClock('2026-10-06T09:00:00.000Z') });
      await one.client.vault.unlock({ passphrase: testPassphrase });
      return one;
    };
    laptop = await open(laptop.dataDir);
    const twin = await open(copy);
    extra.push(twin);
    const ids = [await laptop.client.cases.create(testIntake()), await twin.client.cases.create(testIntake())].map(
      ({ id }) => id,
    );
    for (const one of [laptop, twin]) {
      await one.backend.idle();
      expect(await one.client.sync.now({})).toMatchObject({ waiting: 0, lastProblem: null });
    }
    const events = await counted();
    for (const id of ids)
      expect(events.filter((event) => event.case === id && event.type === 'case.received')).toHaveLength(1);
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
  });
});

describe('releases and sticks through the door of the backend', () => {
  it('keeps scoring first scores while a release with another schema is installed, and old cases stay', async () => {
    await laptop.client.sync.enrol({ code: await registry.invite() });
    const early = await laptop.client.cases.create(testIntake());
    await laptop.backend.idle();
    const { release } = await releaseToy(registry, 2);
    await registry.client(registry.tokens.operator).admin.setChannel({ release, offices: [] });
    const [status, during] = await Promise.all([laptop.client.sync.now({}), laptop.client.cases.create(testIntake())]);
    await laptop.backend.idle();
    expect(status.lastProblem).toBeNull();
    expect((await laptop.client.models.list({})).find(({ state }) => state === 'active')).toMatchObject({
      version: 2,
      source: 'registry',
    });
    for (const { id } of [early, during]) expect((await laptop.client.cases.get({ id })).scoreProblem).toBeNull();
    await laptop.client.sync.now({});
    expect(await laptop.client.sync.status({})).toMatchObject({ waiting: 0, lastProblem: null });
  });

  it('goes the full circle by stick', async () => {
    const offline = await testBackend({ clock: testClock('2026-10-05T09:00:00.000Z') });
    extra.push(offline);
    const exchange = exchangeOf(offline);
    const { code } = await inviteDevice(registry.context, { office: 'Hill office', address: '' });
    await offline.client.sync.enrol({
      file: await exchange.save([await makeEnrolmentFile(registry.context, code)], 10_000_000),
    });
    await offline.client.cases.create(testIntake());
    await offline.backend.idle();
    const made = await offline.client.sync.exportCourier({});
    expect(made.name).toMatch(/\.outpost$/);
    expect(made.entries).toBe((await offline.client.sync.status({})).entries);
    const answer = await importUp(registry.context, await exchange.read(made.file, 10_000_000));
    const { sentences } = await offline.client.sync.importCourier({
      file: await exchange.save([answer.bytes], 10_000_000),
    });
    expect(sentences[0]).toEqual(saying('This laptop is enrolled for Hill office.'));
    expect(await offline.client.sync.status({})).toMatchObject({ enrolled: true, waiting: 0, address: null });
    await expect(offline.client.sync.now({})).rejects.toMatchObject({ code: 'OFFLINE' });
  });
});
