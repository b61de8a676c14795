import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pino } from 'pino';
import { v7 as uuidv7 } from 'uuid';
import { buildRegistry } from '../../../registry/app.ts';
import { maxBlobBytes } from '../../../platform/blobs/by-hash.ts';
import { fileDigest } from '../../../platform/file-digest.ts';
import { readCode, testLog } from '../../support/laptop.ts';
import { testRegistry, type TestRegistry } from '../../support/registry.ts';

let registry: TestRegistry;
beforeAll(async () => void (registry = await testRegistry()));
afterAll(async () => registry.close());

const at = (path: string, init?: RequestInit) => fetch(`${registry.url}${path}`, init);
const json = { 'content-type': 'application/json' };

describe('remote calls', () => {
  it('answer garbage, wrong types and other methods with an error of the table', async () => {
    for (const body of ['{', 'null', '[]', '<html>', '', '{"json":{"log":5}}']) {
      const answer = await at('/rpc/feedback/state', { method: 'POST', headers: json, body });
      expect(answer.status).toBe(400);
      expect(await answer.json()).toMatchObject({ json: { code: 'BAD_INPUT' } });
    }
    expect(
      (await at('/rpc/feedback/state', { method: 'POST', headers: { 'content-type': 'text/html' }, body: 'x' })).status,
    ).toBeGreaterThanOrEqual(400);
    for (const method of ['GET', 'PUT', 'DELETE'])
      expect((await at('/rpc/feedback/push', { method })).status).toBeGreaterThanOrEqual(400);
    expect((await at('/rpc/nothing/here', { method: 'POST', headers: json, body: '{"json":{}}' })).status).toBe(404);
    expect(
      (await at('/rpc/__proto__/constructor', { method: 'POST', headers: json, body: '{"json":{}}' })).status,
    ).toBe(404);
  });

  it('name the fields of an input that are not valid, and repeat no values', async () => {
    const error = await registry
      .client()
      .device.enrol({ ...testLog().enrolmentRequest('private words here'), signature: 'zz' })
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'BAD_INPUT', message: 'The input is not valid: signature.' });
    expect(JSON.stringify(error)).not.toContain('private words');
  });

  it('refuse bodies above the limit without reading them', async () => {
    const answer = await at('/rpc/feedback/push', {
      method: 'POST',
      headers: json,
      body: `"${'x'.repeat(24 * 1024 * 1024)}"`,
    });
    expect(answer.status).toBe(413);
    expect(await answer.json()).toMatchObject({ json: { code: 'BAD_INPUT' } });
  });

  it('survive a connection that is cut in the middle of a body', async () => {
    await new Promise<void>((resolve) => {
      const socket = connect(Number(new URL(registry.url).port), '127.0.0.1', () => {
        socket.write(
          'POST /rpc/feedback/push HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{"json":',
        );
        setImmediate(() => socket.destroy());
      });
      socket.once('close', () => resolve());
    });
    expect(await registry.client().hello({})).toMatchObject({ registry: registry.context.registry });
  });

  it('answer a batch that was recorded and sent again with the receipt it had', async () => {
    const log = testLog();
    await registry.client().device.enrol(log.enrolmentRequest(readCode(await registry.invite()).secret));
    log.appendCase();
    const body = JSON.stringify({ json: log.batch(1) });
    const send = async () => (await at('/rpc/feedback/push', { method: 'POST', headers: json, body })).json();
    const first = await send();
    registry.clock.advance(3_600_000);
    expect(await send()).toEqual(first);
  });

  it('hide what went wrong inside, and log it without the body', async () => {
    const lines: string[] = [];
    const db = registry.context.db.withoutPlugins();
    const broken = new Proxy(db, {
      get: () => () => {
        throw new TypeError('secret detail');
      },
    });
    const logger = pino({ level: 'error' }, { write: (line: string) => void lines.push(line) });
    const app = buildRegistry({ context: { ...registry.context, db: broken }, logger });
    const log = uuidv7();
    const answer = await app.inject({ method: 'POST', url: '/rpc/feedback/state', payload: { json: { log } } });
    expect(answer.statusCode).toBe(500);
    expect(answer.json()).toMatchObject({ json: { code: 'INTERNAL' } });
    expect(answer.body).not.toContain('secret detail');
    expect(lines.join('')).toContain('unexpected error');
    expect(lines.join('')).not.toContain(log);
    await app.close();
  });
});

describe('admin calls', () => {
  const { viewer, trainer, approver, operator } = {
    viewer: 'viewer',
    trainer: 'trainer',
    approver: 'approver',
    operator: 'operator',
  } as const;
  it('ask for a sign-in with the right', async () => {
    const missing = { candidate: uuidv7() };
    const calls = {
      read: (token?: string) => registry.client(token).admin.proposals({}),
      propose: (token?: string) =>
        registry.client(token).admin.propose({ model: 'a'.repeat(64), manifest: 'b'.repeat(64) }),
      sign: (token?: string) => registry.client(token).admin.sign({ ...missing, targets: '{}' }),
      decline: (token?: string) => registry.client(token).admin.decline({ ...missing, reason: 'no' }),
      channel: (token?: string) => registry.client(token).admin.setChannel({ release: 'releases/x', offices: [] }),
    };
    const allowed = {
      read: [viewer, trainer, approver, operator],
      propose: [trainer, approver],
      sign: [approver],
      decline: [approver],
      channel: [operator],
    };
    for (const [name, call] of Object.entries(calls)) {
      await expect(call()).rejects.toMatchObject({ code: 'FORBIDDEN' });
      await expect(call('x'.repeat(43))).rejects.toMatchObject({ code: 'FORBIDDEN' });
      for (const role of [viewer, trainer, approver, operator]) {
        const outcome = await call(registry.tokens[role]).then(
          () => 'done',
          (error: { code: string }) => error.code,
        );
        const may = (allowed[name as keyof typeof allowed] as readonly string[]).includes(role);
        expect([name, role, outcome !== 'FORBIDDEN']).toEqual([name, role, may]);
      }
    }
  });

  it('say that a server without the monitor has none', async () => {
    await expect(registry.client(registry.tokens.viewer).admin.monitor({})).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});

describe('files', () => {
  const put = (name: string, body: Uint8Array, token: string | null = registry.tokens.trainer) =>
    at(`/files/${name}`, {
      method: 'PUT',
      headers: {
        'content-type': 'application/octet-stream',
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      },
      body: Buffer.from(body),
    });

  it('are kept under their hash, for signed-in admins', async () => {
    const bytes = Buffer.from('a model');
    const { sha256 } = fileDigest(bytes);
    expect((await put(sha256, bytes, null)).status).toBe(403);
    expect((await put(sha256, bytes, registry.tokens.viewer)).status).toBe(403);
    expect((await put(sha256, bytes)).status).toBe(201);
    expect((await put(sha256, bytes)).status).toBe(201);
    expect((await at(`/files/${sha256}`)).status).toBe(403);
    const got = await at(`/files/${sha256}`, { headers: { authorization: `Bearer ${registry.tokens.viewer}` } });
    expect(Buffer.from(await got.arrayBuffer())).toEqual(bytes);
  });

  it('are not kept under another hash, above the limit, or under a path', async () => {
    expect((await put('a'.repeat(64), Buffer.from('other bytes'))).status).toBe(400);
    const large = new Uint8Array(maxBlobBytes + 1);
    const refused = await put(fileDigest(large).sha256, large).then(
      (answer) => answer.status,
      () => 'cut off',
    );
    expect([400, 413, 'cut off']).toContain(refused);
    expect((await put('..%2f..%2fkeys', Buffer.from('x'))).status).toBe(400);
    for (const name of ['a'.repeat(64), fileDigest(large).sha256]) {
      expect(
        (await at(`/files/${name}`, { headers: { authorization: `Bearer ${registry.tokens.viewer}` } })).status,
      ).toBe(404);
    }
  });
});

describe('release files', () => {
  it('never come from outside of their folders', async () => {
    for (const path of [
      '../keys/online.json',
      '..%2fkeys%2fonline.json',
      '%2e%2e/%2e%2e/keys/online.json',
      '.hidden',
      '',
      'a//b',
      '/etc/passwd',
      'a%00b',
    ]) {
      const answer = await at(`/releases/metadata/${path}`);
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(await answer.text()).not.toContain('AGE-SECRET');
    }
    expect((await at('/releases/metadata/1.root.json')).status).toBe(200);
    expect((await at('/releases/metadata/1.root.json', { method: 'POST', body: 'x' })).status).toBeGreaterThanOrEqual(
      400,
    );
  });

  it('are given in byte ranges as the standard says', async () => {
    const { blobs } = registry.context;
    await blobs.put('releases/targets/ten', Buffer.from('0123456789'));
    await blobs.put('releases/targets/none', Buffer.from(''));
    const asked = async (name: string, range?: string): Promise<[number, string | null, string]> => {
      const answer = await at(`/releases/targets/${name}`, { headers: range === undefined ? {} : { range } });
      return [answer.status, answer.headers.get('content-range'), await answer.text()];
    };
    const whole = [200, null, '0123456789'];
    expect(await asked('ten')).toEqual(whole);
    expect(await asked('ten', 'bytes=0-0')).toEqual([206, 'bytes 0-0/10', '0']);
    expect(await asked('ten', 'bytes=4-')).toEqual([206, 'bytes 4-9/10', '456789']);
    expect(await asked('ten', 'bytes=-3')).toEqual([206, 'bytes 7-9/10', '789']);
    expect(await asked('ten', 'bytes=-30')).toEqual([206, 'bytes 0-9/10', '0123456789']);
    expect(await asked('ten', 'bytes=2-100')).toEqual([206, 'bytes 2-9/10', '23456789']);
    expect(await asked('ten', 'bytes=0-1,3-4')).toEqual(whole);
    for (const range of ['bytes=10-', 'bytes=5-2', 'bytes=-0'])
      expect(await asked('ten', range)).toEqual([416, 'bytes */10', '']);
    expect(await asked('none', 'bytes=0-')).toEqual([416, 'bytes */0', '']);
  });
});
