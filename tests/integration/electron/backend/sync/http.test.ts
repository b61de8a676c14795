import { inEnglish } from '../../../../support/saying.ts';
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readEvents } from '../../../../../registry/laptops/logs.ts';
import { publicKeyOf, signReceipt, type Receipt } from '../../../../../shared/log/signed.ts';
import { cuttingProxy, redirected } from '../../../../support/cutting-proxy.ts';
import { syncLaptop, type SyncLaptop } from '../../../../support/sync-laptop.ts';
import { testRegistry, type TestRegistry } from '../../../../support/registry.ts';
import { quoted } from '../../../../../shared/language/sentence.ts';

let registry: TestRegistry;
let laptop: SyncLaptop;
const opened: SyncLaptop[] = [];

async function open(dir?: string): Promise<SyncLaptop> {
  const made = await syncLaptop(registry.clock, dir === undefined ? {} : { dir });
  opened.push(made);
  return made;
}

beforeEach(async () => {
  registry = await testRegistry();
  laptop = await open();
});
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
  await registry.close();
});

/** Event ids the registry counts, in the order of receipt. */
async function countedIds(): Promise<string[]> {
  return (await readEvents(registry.context.db, 0, 100_000)).map(({ sealed }) => sealed.event.id);
}

async function storedSeqs(log: string): Promise<number[]> {
  const rows = await registry.context.db
    .selectFrom('log_events')
    .select('seq')
    .where('log', '=', log)
    .orderBy('seq')
    .execute();
  return rows.map((row) => row.seq);
}

function ownIds(one: SyncLaptop): string[] {
  return one
    .log()
    .read(0, 100_000)
    .map(({ event }) => event.id);
}

/** Address of a request without touching its body. */
function urlOf(input: Parameters<typeof fetch>[0]): string {
  return input instanceof Request ? input.url : input.toString();
}

function json(body: unknown, status = 200): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });
}

describe('joining a registry', () => {
  it('joins by code, sends everything and moves the pointer by the receipt', async () => {
    await laptop.sync.enrol({ code: await registry.invite('North office') });
    for (let i = 0; i < 3; i += 1) laptop.addCase();
    const status = await laptop.sync.now();
    expect(status).toMatchObject({
      enrolled: true,
      office: 'North office',
      entries: 4,
      receipted: 4,
      waiting: 0,
      lastProblem: null,
      phase: 'idle',
    });
    expect(status.lastReceipt).toMatchObject({ seq: 4, hash: laptop.log().head().hash });
    expect(status.lastContact).not.toBeNull();
    expect(await storedSeqs(laptop.log().id)).toEqual([1, 2, 3, 4]);
  });

  it('lets nothing private leave', async () => {
    await laptop.sync.enrol({ code: await registry.invite() });
    laptop.addCase('SECRET-REF-1');
    await laptop.sync.now();
    const stored = JSON.stringify(await readEvents(registry.context.db, 0, 100));
    expect(stored).toContain('case.received');
    for (const secret of ['SECRET-REF-1', 'A Person', 'A private story']) expect(stored).not.toContain(secret);
  });

  it('stores nothing of a code that was used, mistyped or is for another registry', async () => {
    const used = await registry.invite();
    const other = await open();
    await other.sync.enrol({ code: used });
    const code = JSON.parse(Buffer.from((await registry.invite()).slice(9), 'base64url').toString()) as Record<
      string,
      unknown
    >;
    const otherRoot = `outpost1:${Buffer.from(JSON.stringify({ ...code, rootSha256: '1'.repeat(64) })).toString('base64url')}`;
    for (const bad of [used, used.slice(0, -9), 'outpost1:', 'hello', otherRoot]) {
      await expect(laptop.sync.enrol({ code: bad })).rejects.toMatchObject({ code: 'BAD_ENROLMENT' });
    }
    expect(laptop.sync.status()).toMatchObject({ enrolled: false, registry: null });
    expect(laptop.store.metadata().size).toBe(0);
    expect(laptop.session.keyValues.get('enrolment')).toBeNull();
    await expect(laptop.sync.now()).rejects.toMatchObject({ code: 'NOT_ENROLLED' });
  });

  it('joins with the same code again when only the answer was lost', async () => {
    const code = await registry.invite();
    laptop.network = async (input, init) => {
      const response = await fetch(input, init);
      if (urlOf(input).includes('/device/enrol')) throw new TypeError('fetch failed');
      return response;
    };
    await expect(laptop.sync.enrol({ code })).rejects.toMatchObject({
      code: 'OFFLINE',
      message: expect.stringContaining(`The registry at ${registry.url} cannot be reached. Nothing was changed.`),
    });
    expect(laptop.sync.status().enrolled).toBe(false);
    laptop.network = fetch;
    await laptop.sync.enrol({ code });
    expect(laptop.sync.status().enrolled).toBe(true);
  });

  it('refuses to join twice', async () => {
    await laptop.sync.enrol({ code: await registry.invite() });
    await expect(laptop.sync.enrol({ code: await registry.invite() })).rejects.toMatchObject({ code: 'CONFLICT' });
  });
});

describe('what stands between laptop and registry', () => {
  beforeEach(async () => {
    await laptop.sync.enrol({ code: await registry.invite() });
    laptop.addCase();
    await laptop.sync.now();
    laptop.addCase();
    laptop.addCase();
  });

  async function refused(network: typeof fetch, code: string): Promise<void> {
    laptop.network = network;
    const status = await laptop.sync.now();
    expect(status).toMatchObject({ receipted: 2, waiting: 2, lastProblem: { code } });
  }

  it('takes no answer of a captive portal for success', async () => {
    await refused(
      async () => new Response('<html>Welcome to the hotel</html>', { headers: { 'content-type': 'text/html' } }),
      'BAD_RECEIPT',
    );
    await refused(async () => json({}), 'BAD_RECEIPT');
    await refused(async () => json({ ok: true }), 'BAD_RECEIPT');
    await refused(async () => json({ json: { receipt: { body: {}, signature: '' }, notices: [] } }), 'BAD_RECEIPT');
    await refused(
      async () => new Response(null, { status: 302, headers: { location: 'http://portal.invalid' } }),
      'BAD_RECEIPT',
    );
    await refused(async () => new Response('<html>bad gateway</html>', { status: 502 }), 'OFFLINE');
    laptop.network = fetch;
    expect(await laptop.sync.now()).toMatchObject({ waiting: 0, lastProblem: null });
  });

  it('believes neither an old receipt nor one by another key nor one for another log', async () => {
    const old = laptop.store.lastReceipt(laptop.log().id) as Receipt;
    const head = laptop.log().head();
    const stranger = '5'.repeat(64);
    expect(publicKeyOf(stranger)).not.toBe(publicKeyOf(registry.context.keys.receipt));
    const body = { ...old.body, seq: head.seq, hash: head.hash };
    const answer =
      (receipt: unknown): typeof fetch =>
      async () =>
        json({ json: { receipt, notices: [] } });
    await refused(answer(old), 'BAD_RECEIPT');
    await refused(answer(signReceipt(body, stranger)), 'BAD_RECEIPT');
    await refused(answer({ ...old, body }), 'BAD_RECEIPT');
    await refused(
      answer(signReceipt({ ...body, log: crypto.randomUUID() }, registry.context.keys.receipt)),
      'BAD_RECEIPT',
    );
  });

  it('starts no new log because somebody says "fork" without proof', async () => {
    const log = laptop.log().id;
    laptop.network = async (input, init) =>
      urlOf(input).includes('/push')
        ? json({ json: { defined: true, code: 'FORK', status: 409, message: 'fork', data: {} } }, 409)
        : fetch(input, init);
    expect(await laptop.sync.now()).toMatchObject({ log, receipted: 2, waiting: 2, lastProblem: { code: 'FORK' } });
  });

  it('goes on by itself when the registry returns, after growing pauses', async () => {
    await registry.goOffline();
    laptop.sync.start();
    const settled = (): Promise<void> =>
      vi.waitFor(
        () => {
          expect(laptop.sync.status().phase).toBe('idle');
          expect(laptop.clock.waiting()).toHaveLength(1);
        },
        { timeout: 20_000, interval: 5 },
      );
    const pauses: number[] = [];
    for (let i = 0; i < 6; i += 1) {
      const problems = laptop.store.lastProblem()?.at;
      registry.clock.advance(1);
      laptop.clock.tick();
      await vi.waitFor(() => expect(laptop.store.lastProblem()?.at).not.toBe(problems), {
        timeout: 20_000,
        interval: 5,
      });
      await settled();
      pauses.push(laptop.clock.waiting()[0] ?? 0);
    }
    expect(laptop.sync.connection()).toBe('offline');
    pauses.forEach((pause, i) => {
      expect(pause).toBeGreaterThanOrEqual(500 * 2 ** i);
      expect(pause).toBeLessThanOrEqual(1000 * 2 ** i);
    });
    await registry.goOnline();
    laptop.clock.tick();
    await vi.waitFor(() => expect(laptop.sync.status().waiting).toBe(0), { timeout: 20_000, interval: 5 });
    await settled();
    expect(laptop.sync.connection()).toBe('online');
    expect(laptop.sync.status().lastProblem).toBeNull();
  });
});

describe('an upload that is cut', () => {
  it('goes on from the last receipt and sends nothing twice', async () => {
    await laptop.sync.enrol({ code: await registry.invite() });
    for (let i = 0; i < 700; i += 1) laptop.addCase();
    const proxy = await cuttingProxy(registry.url);
    laptop.network = redirected(registry.url, proxy.url);
    const sizes: number[] = [];
    const push = laptop.network;
    laptop.network = async (input, init) => {
      const request = new Request(input, init);
      if (!request.url.includes('/push')) return push(request);
      const text = await request.clone().text();
      const from = (JSON.parse(text) as { json: { body: { from: number } } }).json.body.from;
      sizes.push(from);
      // the second batch breaks off on its way
      proxy.cutRequestsAfter(sizes.length === 2 ? 20_000 : null);
      return push(request);
    };
    const cut = await laptop.sync.now();
    expect(cut).toMatchObject({ receipted: 200, waiting: 501, lastProblem: { code: 'OFFLINE' } });
    expect(await laptop.sync.now()).toMatchObject({ receipted: 701, waiting: 0, lastProblem: null });
    expect(sizes).toEqual([1, 201, 201, 401, 601]);
    expect(await countedIds()).toEqual(ownIds(laptop));
    await proxy.close();
  });

  it('learns of what arrived when only the answer was lost', async () => {
    await laptop.sync.enrol({ code: await registry.invite() });
    laptop.addCase();
    laptop.network = async (input, init) => {
      const response = await fetch(input, init);
      if (urlOf(input).includes('/push')) throw new TypeError('fetch failed');
      return response;
    };
    expect(await laptop.sync.now()).toMatchObject({ receipted: 0, waiting: 2, lastProblem: { code: 'OFFLINE' } });
    const pushed: string[] = [];
    laptop.network = (input, init) => {
      pushed.push(new URL(urlOf(input)).pathname);
      return fetch(input, init);
    };
    expect(await laptop.sync.now()).toMatchObject({ receipted: 2, waiting: 0 });
    expect(pushed).not.toContain('/rpc/feedback/push');
    expect(await storedSeqs(laptop.log().id)).toEqual([1, 2]);
  });

  it('ends at lock without harm and goes on after', async () => {
    await laptop.sync.enrol({ code: await registry.invite() });
    for (let i = 0; i < 450; i += 1) laptop.addCase();
    let pushes = 0;
    laptop.network = async (input, init) => {
      if (urlOf(input).includes('/push') && (pushes += 1) === 2) void laptop.sync.stop();
      return fetch(input, init);
    };
    await expect(laptop.sync.now()).rejects.toMatchObject({ code: 'CANCELLED' });
    laptop.sync.start();
    expect(await laptop.sync.now()).toMatchObject({ waiting: 0, lastProblem: null });
    expect(await countedIds()).toEqual(ownIds(laptop));
  });
});

describe('logs that went apart', () => {
  it('goes on in a new log after a folder was restored; the registry counts everything once', async () => {
    await laptop.sync.enrol({ code: await registry.invite() });
    laptop.addCase();
    await laptop.sync.now();
    laptop.session.db.pragma('wal_checkpoint(TRUNCATE)');
    const backup = mkdtempSync(join(tmpdir(), 'outpost-backup-'));
    cpSync(laptop.dir, backup, { recursive: true });
    laptop.addCase();
    laptop.addCase();
    await laptop.sync.now();
    const restored = await open(backup);
    const kept = restored.addCase();
    const before = restored.log().id;
    const status = await restored.sync.now();
    expect(status).toMatchObject({ waiting: 0, lastProblem: null });
    expect(status.log).not.toBe(before);
    expect(status.history.map(({ sentence }) => inEnglish(sentence)).join(' ')).toContain('new log');
    const events = await readEvents(registry.context.db, 0, 100);
    expect(events.filter(({ sealed }) => sealed.event.public['case'] === kept)).toHaveLength(1);
    const ids = events.map(({ sealed }) => sealed.event.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(expect.arrayContaining([...ownIds(laptop), ...ownIds(restored)]));
  });

  it('sends again what a registry lost that was itself restored', async () => {
    await laptop.sync.enrol({ code: await registry.invite() });
    for (let i = 0; i < 5; i += 1) laptop.addCase();
    await laptop.sync.now();
    const log = laptop.log();
    const { db } = registry.context;
    const kept = log.read(2, 1)[0];
    await db.deleteFrom('log_events').where('seq', '>', 3).execute();
    await db.deleteFrom('event_ids').where('seq', '>', 3).execute();
    await db.deleteFrom('receipts').execute();
    await db
      .updateTable('logs')
      .set({ seq: 3, hash: kept?.hash ?? '' })
      .execute();
    laptop.addCase();
    expect(await laptop.sync.now()).toMatchObject({ log: log.id, receipted: 7, waiting: 0, lastProblem: null });
    expect(await storedSeqs(log.id)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(laptop.store.resendFrom()).toBeNull();
  });
});

describe('the sync page', () => {
  it('tells the same case entered twice, by tags that are not the reference', async () => {
    await laptop.sync.enrol({ code: await registry.invite() });
    const other = await open();
    await other.sync.enrol({ code: await registry.invite() });
    laptop.addCase('HQ 2026/17');
    other.addCase('hq-2026-17');
    await laptop.sync.now();
    const { history } = await other.sync.now();
    expect(history.length).toBeGreaterThan(1);
    const tags = await registry.context.db.selectFrom('reference_tags').select('tag').execute();
    expect(new Set(tags.map(({ tag }) => tag)).size).toBe(1);
    // the registry's words, with the reference this laptop has for the case
    expect(history.some(({ sentence }) => inEnglish(sentence).startsWith('hq-2026-17: '))).toBe(true);
  });

  it('says that the clock of the laptop is off, once', async () => {
    await laptop.sync.enrol({ code: await registry.invite() });
    laptop.clock.now = () => registry.clock.now() - 3 * 86_400_000;
    laptop.addCase();
    await laptop.sync.now();
    laptop.addCase();
    const { history } = await laptop.sync.now();
    expect(history.filter(({ sentence }) => inEnglish(sentence).includes('3 days behind'))).toHaveLength(1);
  });

  it('can be asked to stop waiting; everything stays queued', async () => {
    await laptop.sync.enrol({ code: await registry.invite() });
    laptop.network = (input) =>
      new Promise((_resolve, reject) => {
        const { signal } = input as Request;
        signal.addEventListener('abort', () => reject(signal.reason as Error));
      });
    const person = new AbortController();
    const asked = laptop.sync.now(person.signal);
    setImmediate(() => person.abort());
    await expect(asked).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(laptop.sync.status()).toMatchObject({ phase: 'idle', waiting: 1 });
    laptop.network = fetch;
    expect(await laptop.sync.now()).toMatchObject({ waiting: 0 });
  });

  it('keeps the last fifty sentences', () => {
    for (let i = 0; i < 80; i += 1) laptop.store.say('2026-10-05T08:00:00.000Z', quoted(`sentence ${i}`));
    const { history } = laptop.sync.status();
    expect(history).toHaveLength(50);
    expect(history[0]?.sentence).toEqual(quoted('sentence 79'));
  });

  it('leaves no release files behind in the temporary folder', async () => {
    // A folder of this test's own: others use the shared one at the same time.
    const temporary = mkdtempSync(join(tmpdir(), 'outpost-empty-'));
    for (const name of ['TMPDIR', 'TEMP', 'TMP']) vi.stubEnv(name, temporary);
    expect(tmpdir()).toBe(temporary);
    await laptop.sync.enrol({ code: await registry.invite() });
    await laptop.sync.now();
    expect(readdirSync(temporary)).toEqual([]);
    vi.unstubAllEnvs();
    rmSync(temporary, { recursive: true });
  });
});
