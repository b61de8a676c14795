import { inEnglish } from '../../../support/saying.ts';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { runRegistry } from '../../../../registry/cli.ts';
import { importUp, makeEnrolmentFile } from '../../../../registry/laptops/courier.ts';
import { inviteDevice } from '../../../../registry/laptops/offices.ts';
import { readEvents } from '../../../../registry/laptops/logs.ts';
import { signReceipt } from '../../../../shared/log/signed.ts';
import { releaseToy } from '../../../support/releases.ts';
import { testRegistry, type TestRegistry } from '../../../support/registry.ts';
import { syncLaptop, type SyncLaptop } from '../../../support/sync-laptop.ts';
import { english } from '../../../support/commands.ts';

let registry: TestRegistry;
const opened: SyncLaptop[] = [];
const noNetwork: typeof fetch = () => Promise.reject(new TypeError('there is no network here'));

async function open(): Promise<SyncLaptop> {
  const laptop = await syncLaptop(registry.clock);
  laptop.network = noNetwork;
  opened.push(laptop);
  return laptop;
}

/** A laptop that joined by sticks only. */
async function joined(office = 'North office'): Promise<SyncLaptop> {
  const laptop = await open();
  await laptop.sync.enrol({ file: await laptop.put(await enrolmentFile(office)) });
  await laptop.take(await answerTo(await laptop.carry()));
  return laptop;
}

async function enrolmentFile(office = 'North office'): Promise<Uint8Array> {
  const { code } = await inviteDevice(registry.context, { office, address: '' });
  return makeEnrolmentFile(registry.context, code);
}

async function answerTo(up: Uint8Array): Promise<Uint8Array> {
  return (await importUp(registry.context, up)).bytes;
}

async function counted(): Promise<string[]> {
  return (await readEvents(registry.context.db, 0, 10_000)).map(({ sealed }) => sealed.event.id);
}

const ids = (laptop: SyncLaptop): string[] =>
  laptop
    .log()
    .read(0, 10_000)
    .map(({ event }) => event.id);

beforeEach(async () => {
  registry = await testRegistry();
});
afterEach(async () => {
  for (const laptop of opened.splice(0)) await laptop.close();
  await registry.close();
});

describe('a full circle by stick, without any network', () => {
  it('joins, sends, gets receipts and a model', async () => {
    const laptop = await open();
    laptop.addCase();
    await laptop.sync.enrol({ file: await laptop.put(await enrolmentFile()) });
    expect(laptop.sync.status()).toMatchObject({ enrolled: false, joining: true, waiting: 2 });
    const up = await laptop.carry();
    const { release } = await releaseToy(registry, 1);
    await registry.client(registry.tokens.operator).admin.setChannel({ release, offices: [] });
    const sentences = await laptop.take(await answerTo(up));
    expect(sentences).toEqual([
      'This laptop is enrolled for North office.',
      '2 entries confirmed by the registry.',
      'Toy 1, version 1, was installed and is active.',
    ]);
    expect(laptop.sync.status()).toMatchObject({
      enrolled: true,
      office: 'North office',
      address: null,
      receipted: 2,
      waiting: 1,
    });
    expect(laptop.session.models.active()?.manifest.model.version).toBe(1);
    const activation = laptop.log().read(2, 1)[0]?.event;
    expect(activation).toMatchObject({ type: 'model.activated', public: { source: 'courier' } });
    await laptop.take(await answerTo(await laptop.carry()));
    expect(laptop.sync.status().waiting).toBe(0);
    expect(await counted()).toEqual(ids(laptop));
  });

  it('carries a roll-back like any release', async () => {
    const laptop = await joined();
    const operator = registry.client(registry.tokens.operator);
    const first = await releaseToy(registry, 1);
    const second = await releaseToy(registry, 2);
    await operator.admin.setChannel({ release: second.release, offices: [] });
    await laptop.take(await answerTo(await laptop.carry()));
    expect(laptop.session.models.active()?.manifest.model.version).toBe(2);
    await operator.admin.setChannel({ release: first.release, offices: ['north-office'] });
    expect(await laptop.take(await answerTo(await laptop.carry()))).toContain(
      'Toy 1, version 1, is active again, as the registry asked.',
    );
    expect(laptop.session.models.active()?.manifest.model.version).toBe(1);
  });

  it('works through the command line of the registry', async () => {
    const laptop = await open();
    await laptop.sync.enrol({ file: await laptop.put(await enrolmentFile()) });
    const stick = mkdtempSync(join(tmpdir(), 'outpost-stick-'));
    onTestFinished(() => rmSync(stick, { recursive: true, force: true }));
    writeFileSync(join(stick, 'up.outpost'), await laptop.carry());
    writeFileSync(join(stick, 'junk.outpost'), 'not a courier file');
    let printed = '';
    const sink = new Writable({ write: (chunk: Buffer, _encoding, done) => ((printed += chunk.toString()), done()) });
    const io = {
      stdin: process.stdin,
      stdout: sink,
      language: english,
      stderr: sink,
      env: {},
      clock: registry.clock,
      random: registry.context.random,
      ended: () => Promise.resolve(),
    };
    const code = await runRegistry(
      [
        'courier',
        'import',
        join(stick, 'up.outpost'),
        join(stick, 'junk.outpost'),
        '--out',
        join(stick, 'back'),
        '--folder',
        registry.folder,
      ],
      io,
    );
    expect(code).toBe(2);
    expect(printed).toContain('up.outpost: enrolled; 1 entry confirmed');
    expect(printed).toContain('1 of 2 courier files was refused.');
    const [answer] = readdirSync(join(stick, 'back'));
    await laptop.take(new Uint8Array(readFileSync(join(stick, 'back', answer ?? ''))));
    expect(laptop.sync.status()).toMatchObject({ enrolled: true, joining: false, waiting: 0 });
  });
});

describe('rolling out by stick, without a file from the laptop', () => {
  it('brings the release to every laptop of an office, and to no other', async () => {
    const [laptop, other] = [await joined(), await joined('South office')];
    const { release } = await releaseToy(registry, 1);
    await registry.client(registry.tokens.operator).admin.setChannel({ release, offices: [] });
    const stick = mkdtempSync(join(tmpdir(), 'outpost-stick-'));
    onTestFinished(() => rmSync(stick, { recursive: true, force: true }));
    const sink = new Writable({ write: (_chunk, _encoding, done) => done() });
    const io = {
      stdin: process.stdin,
      stdout: sink,
      language: english,
      stderr: sink,
      env: {},
      clock: registry.clock,
      random: registry.context.random,
      ended: () => Promise.resolve(),
    };
    const make = (office: string): Promise<number> =>
      runRegistry(['courier', 'make', '--office', office, '--out', stick, '--folder', registry.folder], io);
    expect(await make('nowhere')).toBe(2);
    expect(await make('north-office')).toBe(0);
    const [file] = readdirSync(stick);
    const bytes = new Uint8Array(readFileSync(join(stick, file ?? '')));
    expect(await laptop.take(bytes)).toContain('Toy 1, version 1, was installed and is active.');
    await expect(other.take(bytes)).rejects.toMatchObject({ code: 'BAD_COURIER' });
    expect(other.session.models.active()).toBeNull();
  });
});

describe('sticks that are lost, repeated, old, swapped or damaged do no harm', () => {
  it('goes on from the last receipt when a stick or an answer was lost', async () => {
    const laptop = await joined();
    laptop.addCase();
    await laptop.carry();
    laptop.addCase();
    await answerTo(await laptop.carry());
    laptop.addCase();
    await laptop.take(await answerTo(await laptop.carry()));
    expect(laptop.sync.status().waiting).toBe(0);
    expect(await counted()).toEqual(ids(laptop));
  });

  it('takes repeated and old files without effect, in both directions', async () => {
    const laptop = await joined();
    laptop.addCase();
    const up = await laptop.carry();
    const old = await answerTo(up);
    await laptop.take(old);
    laptop.addCase();
    const { release } = await releaseToy(registry, 1);
    await registry.client(registry.tokens.operator).admin.setChannel({ release, offices: [] });
    const next = await answerTo(await laptop.carry());
    await laptop.take(next);
    const before = { ...laptop.sync.status(), history: [] };
    const metadata = laptop.store.metadata();
    expect(await laptop.take(next)).toEqual(['No new receipts.']);
    expect(await laptop.take(old)).toContain(
      'The release information in this file is older than what this laptop knows. It was ignored.',
    );
    await answerTo(up);
    expect({ ...laptop.sync.status(), history: [] }).toEqual(before);
    expect(laptop.store.metadata()).toEqual(metadata);
    expect(laptop.session.models.active()?.manifest.model.version).toBe(1);
    // the entry of the activation waits, everything else is there once
    expect(await counted()).toEqual(ids(laptop).slice(0, -1));
  });

  it('refuses a gap and names the expected entry; the next file starts there', async () => {
    const laptop = await joined();
    laptop.addCase();
    laptop.addCase();
    await laptop.take(await answerTo(await laptop.carry()));
    const kept = laptop.log().read(0, 1)[0];
    const { db } = registry.context;
    await db.deleteFrom('log_events').where('seq', '>', 1).execute();
    await db.deleteFrom('event_ids').where('seq', '>', 1).execute();
    await db.deleteFrom('receipts').where('seq', '>', 1).execute();
    await db
      .updateTable('logs')
      .set({ seq: 1, hash: kept?.hash ?? '' })
      .execute();
    laptop.addCase();
    const answer = await importUp(registry.context, await laptop.carry());
    expect(answer.problem).toMatchObject({ code: 'GAP', expected: 2 });
    expect(answer.entries).toBe(0);
    expect((await laptop.take(answer.bytes)).join(' ')).toContain(
      'The registry misses entries from 2 on. The next courier file starts there.',
    );
    expect(laptop.sync.status()).toMatchObject({ receipted: 3, waiting: 1 });
    await laptop.take(await answerTo(await laptop.carry()));
    expect(laptop.sync.status().waiting).toBe(0);
    expect(await counted()).toEqual(ids(laptop));
  });

  it('refuses a file for another laptop or another registry', async () => {
    const [laptop, other] = [await joined(), await joined('South office')];
    laptop.addCase();
    const up = await laptop.carry();
    const down = await answerTo(up);
    await expect(other.take(down)).rejects.toMatchObject({ code: 'BAD_COURIER' });
    await expect(other.take(up)).rejects.toMatchObject({ code: 'BAD_COURIER' });
    expect(other.sync.status()).toMatchObject({ receipted: 1, waiting: 0 });
    const stranger = await testRegistry();
    await expect(importUp(stranger.context, up)).rejects.toMatchObject({ code: 'BAD_COURIER' });
    await stranger.close();
  });

  it('refuses an enrolment of a registry other than the file says, a used code, and a laptop that has joined', async () => {
    const file = await enrolmentFile();
    const first = await open();
    await first.sync.enrol({ file: await first.put(file) });
    await first.take(await answerTo(await first.carry()));
    await expect(first.sync.enrol({ file: await first.put(file) })).rejects.toMatchObject({ code: 'CONFLICT' });
    const second = await open();
    await second.sync.enrol({ file: await second.put(file) });
    await expect(importUp(registry.context, await second.carry())).rejects.toMatchObject({ code: 'BAD_ENROLMENT' });
    expect(second.sync.status().enrolled).toBe(false);
    const third = await open();
    await expect(third.sync.exportCourier()).rejects.toMatchObject({ code: 'NOT_ENROLLED' });
  });

  it('refuses damaged and cut files whole', async () => {
    const laptop = await joined();
    laptop.addCase();
    const up = await laptop.carry();
    const down = await answerTo(up);
    const flipped = (bytes: Uint8Array, at: number): Uint8Array => bytes.map((byte, i) => (i === at ? byte ^ 1 : byte));
    for (const at of [0, 30, 150, 400, down.length - 1]) {
      await expect(laptop.take(flipped(down, at))).rejects.toMatchObject({ code: 'BAD_COURIER' });
      await expect(importUp(registry.context, flipped(up, Math.min(at, up.length - 1)))).rejects.toMatchObject({
        code: 'BAD_COURIER',
      });
    }
    for (const length of [0, 10, 200, down.length - 1]) {
      await expect(laptop.take(down.slice(0, length))).rejects.toMatchObject({ code: 'BAD_COURIER' });
      await expect(importUp(registry.context, up.slice(0, Math.min(length, up.length - 1)))).rejects.toMatchObject({
        code: 'BAD_COURIER',
      });
    }
    expect(laptop.sync.status()).toMatchObject({ receipted: 1, waiting: 1 });
  });
});

describe('forwarding', () => {
  it('carries a sealed file of a laptop without a network on, unread, and gives back its answer', async () => {
    const laptop = await joined();
    const carrier = await open();
    carrier.network = fetch;
    await carrier.sync.enrol({ code: await registry.invite('South office') });
    laptop.addCase();
    const { sentences, answer } = await carrier.sync.importCourier(await carrier.put(await laptop.carry()));
    expect(sentences.map(inEnglish).join(' ')).toContain('forwarded unread');
    const back = await carrier.exchange.read(answer?.file ?? '', 100_000_000);
    await expect(carrier.take(back)).rejects.toMatchObject({ code: 'BAD_COURIER' });
    await laptop.take(back);
    expect(laptop.sync.status().waiting).toBe(0);
  });

  it('refuses bodies that are no courier files', async () => {
    const post = async (body: BodyInit, type: string): Promise<number> =>
      (await fetch(`${registry.url}/courier`, { method: 'POST', body, headers: { 'content-type': type } })).status;
    expect(await post('junk', 'application/octet-stream')).toBe(422);
    expect(await post('{}', 'application/json')).toBeGreaterThanOrEqual(400);
    expect(await counted()).toEqual([]);
  });
});

it('goes on in a new log when a restored folder sends by stick', async () => {
  const laptop = await joined();
  laptop.addCase();
  await laptop.take(await answerTo(await laptop.carry()));
  const { db } = registry.context;
  // the registry knows an entry 2 with another hash: what a twin of this folder sent
  await db
    .updateTable('log_events')
    .set({ hash: '1'.repeat(64) })
    .where('seq', '=', 2)
    .execute();
  const twin = { ...laptop.log().head(), hash: '1'.repeat(64) };
  await db.updateTable('logs').set({ hash: twin.hash }).execute();
  await db.deleteFrom('receipts').execute();
  const receipt = signReceipt(
    {
      format: 'outpost.receipt/1',
      registry: registry.context.registry,
      log: twin.log,
      seq: 2,
      hash: twin.hash,
      at: '2026-10-05T08:00:00.000Z',
      clockOffsetMs: null,
    },
    registry.context.keys.receipt,
  );
  await db
    .insertInto('receipts')
    .values({ log: twin.log, seq: 2, at: receipt.body.at, text: JSON.stringify(receipt) })
    .execute();
  const kept = laptop.addCase();
  const answer = await importUp(registry.context, await laptop.carry());
  expect(answer.problem).toMatchObject({ code: 'FORK' });
  expect((await laptop.take(answer.bytes)).join(' ')).toContain('new log');
  expect(laptop.log().id).not.toBe(twin.log);
  await laptop.take(await answerTo(await laptop.carry()));
  expect(laptop.sync.status().waiting).toBe(0);
  const events = await readEvents(db, 0, 100);
  expect(events.filter(({ sealed }) => sealed.event.public['case'] === kept)).toHaveLength(1);
});
