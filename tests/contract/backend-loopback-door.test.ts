import fc from 'fast-check';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { programLanguage } from '../../platform/language/catalogues.ts';
import { raw, signIn, startTestHost, type TestHost } from '../support/host.ts';

let subject: TestHost;
let cookie: string;
beforeAll(async () => {
  subject = await startTestHost();
  cookie = await signIn(subject.host);
});
afterAll(() => subject.close());

const get = (path: string, headers: Record<string, string> = {}) =>
  raw(subject.host.port, path, { headers: { cookie, ...headers } });
const post = (path: string, headers: Record<string, string> = {}, body = '{}') =>
  raw(subject.host.port, path, {
    method: 'POST',
    headers: { cookie, origin: subject.origin, 'content-type': 'application/json', ...headers },
    body,
  });

describe('an address of the browser host', () => {
  test('opens a session once, with a cookie that scripts and other sites cannot use', async () => {
    const url = new URL(subject.host.address());
    const first = await raw(subject.host.port, `${url.pathname}${url.search}`);
    expect(first.status).toBe(303);
    expect(first.headers.location).toBe('/');
    const [set] = first.headers['set-cookie'] ?? [];
    expect(set).toMatch(
      new RegExp(`^outpost-${subject.host.instance}=[A-Za-z0-9_-]{43}; Path=/; HttpOnly; SameSite=Strict$`),
    );
    const second = await raw(subject.host.port, `${url.pathname}${url.search}`);
    expect(second.status).toBe(403);
    expect(second.headers['set-cookie']).toBeUndefined();
  });

  test('of another instance or made up opens nothing', async () => {
    expect((await raw(subject.host.port, '/enter?token=made-up')).status).toBe(403);
    expect((await raw(subject.host.port, '/enter')).status).toBe(403);
  });
});

describe('without a session', () => {
  test.each(['/', '/assets/main-1a.js', '/rpc/app/status', '/files/0123', '/nothing'])('%s is closed', async (path) => {
    const answer = await raw(subject.host.port, path);
    expect(answer.status).toBe(403);
    expect(answer.body).not.toContain('<!doctype');
  });

  test('the cookie of another instance does not count', async () => {
    const answer = await raw(subject.host.port, '/', {
      headers: { cookie: cookie.replace(subject.host.instance, '0'.repeat(16)) },
    });
    expect(answer.status).toBe(403);
  });
});

describe('the language that Outpost was asked for', () => {
  test('reaches the page, and is that of what is no page', async () => {
    const language = programLanguage(join(import.meta.dirname, '../../shared/language'), { OUTPOST_LANGUAGE: 'en-XA' });
    const pseudo = await startTestHost({ language, asked: 'en-XA' });
    try {
      const page = await raw(pseudo.host.port, '/', { headers: { cookie: await signIn(pseudo.host) } });
      expect(page.body).toContain('<html data-language="en-XA" lang="en">');
      expect(page.headers['content-length']).toBe(String(Buffer.byteLength(page.body)));
      expect((await raw(pseudo.host.port, '/')).body).toMatch(/^⟦/);
    } finally {
      await pseudo.close();
    }
  });

  test('is left to the browser when none was asked for', async () => {
    expect((await get('/')).body).toContain('<html lang="en">');
  });
});

describe('with a session', () => {
  test('the window is served with its content type, uncached, under the strict policy', async () => {
    const page = await get('/');
    expect(page.status).toBe(200);
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(page.headers['cache-control']).toBe('no-store');
    expect(page.headers['x-content-type-options']).toBe('nosniff');
    expect(page.headers['cross-origin-opener-policy']).toBe('same-origin');
    expect(page.headers['cross-origin-resource-policy']).toBe('same-origin');
    const policy = String(page.headers['content-security-policy']);
    for (const part of [
      "default-src 'none'",
      "script-src 'self'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
    ]) {
      expect(policy).toContain(part);
    }
    expect(policy).not.toContain('unsafe');
    expect((await get('/assets/main-1a.js')).headers['content-type']).toBe('text/javascript; charset=utf-8');
  });

  test.each([
    ['another host name', { host: 'outpost.example' }, 421],
    ['the right port under another name', { host: 'localhost:1' }, 421],
    ['another origin', { origin: 'http://127.0.0.1:1' }, 403],
    ['no origin to speak of', { origin: 'null' }, 403],
    ['another site', { 'sec-fetch-site': 'cross-site' }, 403],
    ['another port of this machine', { 'sec-fetch-site': 'same-site' }, 403],
  ])('a request from %s is turned away', async (_name, headers, status) => {
    expect((await get('/', headers)).status).toBe(status);
    expect((await post('/rpc/app/status', headers)).status).toBe(status);
  });

  test('a call names its origin and is made by POST', async () => {
    const answer = await post('/rpc/app/status');
    expect(answer.status).toBe(200);
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
    const bare = await raw(subject.host.port, '/rpc/app/status', { method: 'POST', headers: { cookie }, body: '{}' });
    expect(bare.status).toBe(403);
    expect((await get('/rpc/app/status')).status).toBe(405);
    expect(
      (await raw(subject.host.port, '/', { method: 'DELETE', headers: { cookie, origin: subject.origin } })).status,
    ).toBe(405);
    expect((await post('/rpc/app/nothing')).status).toBe(404);
    expect((await post('/')).status).toBe(405);
  });

  test('a call that is too long is refused', async () => {
    const answer = await post('/rpc/app/status', {}, JSON.stringify({ json: 'x'.repeat(5_000_000) }));
    expect(answer.status).toBe(413);
  });

  test.each([
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/assets/..%5c..%5csecret.txt',
    '//secret.txt',
    '/assets//../../secret.txt',
    '/secret.txt%00.html',
    '/.hidden.js',
    '/assets',
    '/assets/',
    '/constructor.constructor',
  ])('%s leads nowhere', async (path) => {
    const answer = await get(path);
    expect(answer.status).toBe(404);
    expect(answer.body).not.toContain('not to be seen');
  });

  test('no path at all leads out of the folder of the window', async () => {
    const piece = fc.constantFrom(
      '..',
      '.',
      '%2e%2e',
      '%2f',
      '\\',
      '/',
      'secret.txt',
      'assets',
      'index.html',
      '%00',
      '~',
      ':',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 8 }), async (pieces) => {
        const answer = await get(`/${pieces.join('')}`);
        expect(answer.body).not.toContain('not to be seen');
        expect([200, 404]).toContain(answer.status);
      }),
      { numRuns: 100 },
    );
  });
});

describe('files', () => {
  test('come in under a token and leave under a harmless name', async () => {
    const sent = await post('/files', { 'content-type': 'application/octet-stream' }, 'Grüße');
    expect(sent.status).toBe(200);
    const { token } = JSON.parse(sent.body) as { token: string };
    const back = await get(`/files/${token}?name=${encodeURIComponent('../../über "alles".csv')}`);
    expect(back.status).toBe(200);
    expect(back.body).toBe('Grüße');
    expect(back.headers['content-type']).toBe('application/octet-stream');
    expect(back.headers['content-disposition']).toBe(
      `attachment; filename="_ber alles.csv"; filename*=UTF-8''%C3%BCber%20alles.csv`,
    );
  });

  test('that do not exist are answered with the code', async () => {
    const answer = await get(`/files/${'0'.repeat(32)}`);
    expect(answer.status).toBe(404);
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'NOT_FOUND' });
    expect((await get('/files/..%2f..%2fsecret.txt')).status).toBe(404);
  });
});

describe('the control door', () => {
  const ask = (headers: Record<string, string>) => raw(subject.host.port, '/control', { method: 'POST', headers });
  const bearer = () => ({ authorization: `Bearer ${subject.host.controlSecret}` });

  test('gives a fresh address to who knows the secret', async () => {
    const answer = await ask(bearer());
    expect(answer.status).toBe(200);
    const url = new URL((JSON.parse(answer.body) as { address: string }).address);
    expect((await raw(subject.host.port, `${url.pathname}${url.search}`)).status).toBe(303);
  });

  test('is closed to pages and to everybody else', async () => {
    expect((await ask({})).status).toBe(403);
    expect((await ask({ authorization: 'Bearer wrong' })).status).toBe(403);
    expect((await ask({ ...bearer(), origin: subject.origin })).status).toBe(403);
    expect((await ask({ ...bearer(), cookie })).status).toBe(403);
    expect((await ask({ ...bearer(), 'sec-fetch-site': 'same-origin' })).status).toBe(403);
    expect((await ask({ ...bearer(), host: 'outpost.example' })).status).toBe(421);
    expect((await raw(subject.host.port, '/control', { headers: bearer() })).status).toBe(405);
  });
});
