import type { App, IpcMain, IpcMainEvent, MessageChannelMain, Protocol, SafeStorage, Session } from 'electron';
import { EventEmitter } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { createUploadedFiles } from '../../../../electron/backend/exchange/uploaded-files.ts';
import { confineNavigation, confineSession } from '../../../../electron/shell/web-security.ts';
import { acceptWindows, isOurWindow } from '../../../../electron/shell/connect.ts';
import { childEnvironment } from '../../../../electron/shell/environment.ts';
import { createKeychain } from '../../../../electron/shell/keychain.ts';
import { menuTemplate } from '../../../../electron/shell/menu.ts';
import { createAppHandler, declareAppScheme } from '../../../../electron/shell/protocol.ts';
import { windowOptions } from '../../../../electron/shell/window.ts';
import { english } from '../../../support/commands.ts';
import { FakeChannel } from '../../../support/electron-fake.ts';
import { quietRuntime } from '../../../../shared/hosting/quiet-runtime.ts';

describe('the window of the desktop shell', () => {
  test('runs the page sandboxed, isolated and without Node', () => {
    const { webPreferences, minWidth, minHeight } = windowOptions('/app/preload.cjs');
    expect(webPreferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
    });
    expect([minWidth, minHeight]).toEqual([1024, 640]);
  });

  test('goes nowhere but to our own page', () => {
    const app = new EventEmitter();
    confineNavigation(app as unknown as App);
    const contents = Object.assign(new EventEmitter(), { setWindowOpenHandler: vi.fn() });
    app.emit('web-contents-created', {}, contents);
    const navigate = (url: string) => {
      const event = { url, preventDefault: vi.fn() };
      contents.emit('will-navigate', event);
      return event.preventDefault.mock.calls.length === 0;
    };
    expect(navigate('app://outpost/#/queue')).toBe(true);
    for (const url of [
      'https://example.org/',
      'app://outpost.example/',
      'app://other/',
      'file:///etc/passwd',
      'javascript:1',
    ]) {
      expect(navigate(url)).toBe(false);
    }
    expect(contents.setWindowOpenHandler.mock.calls[0]?.[0]({ url: 'app://outpost/' })).toEqual({ action: 'deny' });
    const webview = { preventDefault: vi.fn() };
    contents.emit('will-attach-webview', webview);
    expect(webview.preventDefault).toHaveBeenCalled();
  });

  test('is granted no permission and loads nothing from elsewhere', () => {
    const onBeforeRequest = vi.fn();
    const session = {
      setPermissionRequestHandler: vi.fn(),
      setPermissionCheckHandler: vi.fn(),
      setDevicePermissionHandler: vi.fn(),
      webRequest: { onBeforeRequest },
    };
    confineSession(session as unknown as Session);
    const answer = vi.fn();
    session.setPermissionRequestHandler.mock.calls[0]?.[0](null, 'media', answer);
    expect(answer).toHaveBeenCalledWith(false);
    expect(session.setPermissionCheckHandler.mock.calls[0]?.[0]()).toBe(false);
    expect(session.setDevicePermissionHandler.mock.calls[0]?.[0]()).toBe(false);
    const cancelled = (url: string): boolean => {
      const done = vi.fn();
      onBeforeRequest.mock.calls[0]?.[0]({ url }, done);
      return z.object({ cancel: z.boolean() }).parse(done.mock.calls[0]?.[0]).cancel;
    };
    expect(cancelled('app://outpost/assets/main.js')).toBe(false);
    expect(
      ['https://example.org/', 'http://127.0.0.1:1/', 'file:///etc/passwd', 'ws://x/', 'nonsense'].map(cancelled),
    ).toEqual(Array<boolean>(5).fill(true));
  });
});

describe('a line to the backend', () => {
  const frame = (url: string, parent: unknown = null) => ({ senderFrame: { url, parent } }) as unknown as IpcMainEvent;

  test('is given to the top frame of our page only', () => {
    expect(isOurWindow(frame('app://outpost/'))).toBe(true);
    expect(isOurWindow(frame('app://outpost/', {}))).toBe(false);
    expect(isOurWindow(frame('https://example.org/'))).toBe(false);
    expect(isOurWindow({ senderFrame: null })).toBe(false);
  });

  test('has one end with the backend and one with the window', () => {
    const ipcMain = new EventEmitter();
    const connect = vi.fn();
    const refused = vi.fn();
    acceptWindows(
      ipcMain as unknown as IpcMain,
      () => new FakeChannel() as unknown as MessageChannelMain,
      connect,
      refused,
    );
    const mainFrame = { postMessage: vi.fn() };
    ipcMain.emit('outpost:connect', { ...frame('app://outpost/'), sender: { mainFrame } });
    expect(connect).toHaveBeenCalledOnce();
    expect(mainFrame.postMessage).toHaveBeenCalledWith('outpost:port', null, [expect.anything()]);
    ipcMain.emit('outpost:connect', { ...frame('https://example.org/'), sender: { mainFrame } });
    expect(connect).toHaveBeenCalledOnce();
    expect(refused).toHaveBeenCalledWith('https://example.org/');
  });
});

describe('keys and the operating system', () => {
  const storage = (available: boolean, backend: string) =>
    ({
      isAsyncEncryptionAvailable: () => Promise.resolve(available),
      getSelectedStorageBackend: () => backend,
      encryptStringAsync: (text: string) => Promise.resolve(Buffer.from(Buffer.from(text).toReversed())),
      decryptStringAsync: (bytes: Buffer) =>
        Promise.resolve({ result: Buffer.from(bytes.toReversed()).toString(), shouldReEncrypt: false }),
    }) as unknown as SafeStorage;

  test.each([
    ['linux', 'gnome_libsecret', true],
    ['linux', 'basic_text', false],
    ['linux', 'unknown', false],
    ['darwin', 'basic_text', true],
    ['win32', 'basic_text', true],
  ] as const)('on %s with %s protection counts: %s', async (platform, backend, counts) => {
    expect(await createKeychain(storage(true, backend), platform).available()).toBe(counts);
    expect(await createKeychain(storage(false, backend), platform).available()).toBe(false);
  });

  test('what was wrapped can be unwrapped', async () => {
    const keychain = createKeychain(storage(true, 'gnome_libsecret'), 'linux');
    expect(await keychain.unwrap(await keychain.wrap('a2V5'))).toBe('a2V5');
  });

  test('no secret of the session reaches a child process', () => {
    const env = {
      PATH: '/bin',
      HOME: '/home/a',
      NODE_OPTIONS: '--inspect',
      API_TOKEN: 'x',
      HTTPS_PROXY: 'http://proxy',
    };
    expect(childEnvironment(env, 'backend')).toEqual({
      ...quietRuntime,
      PATH: '/bin',
      HOME: '/home/a',
      HTTPS_PROXY: 'http://proxy',
    });
    expect(childEnvironment(env, 'inference')).toEqual({
      ...quietRuntime,
      PATH: '/bin',
      HOME: '/home/a',
    });
  });
});

describe('the address of the window', () => {
  let dir: string;
  let handle: (request: Request) => Promise<Response>;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'outpost-shell-'));
    await mkdir(join(dir, 'renderer'));
    await writeFile(join(dir, 'renderer', 'index.html'), '<!doctype html><html lang="en">');
    await writeFile(join(dir, 'secret.txt'), 'not to be seen');
    handle = createAppHandler({
      rendererDir: join(dir, 'renderer'),
      exchange: createUploadedFiles(join(dir, 'exchange')),
      language: english,
      asked: null,
    });
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));

  test('is declared as an origin of its own', () => {
    const registerSchemesAsPrivileged = vi.fn();
    declareAppScheme({ registerSchemesAsPrivileged } as unknown as Protocol);
    expect(registerSchemesAsPrivileged.mock.calls[0]?.[0]).toMatchObject([
      { scheme: 'app', privileges: { standard: true, secure: true } },
    ]);
  });

  test('serves the page with the headers of the browser host', async () => {
    const page = await handle(new Request('app://outpost/'));
    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    for (const address of ['app://other/', 'app://outpost/..%2fsecret.txt', 'app://outpost/nothing.js']) {
      const answer = await handle(new Request(address));
      expect([answer.status, await answer.text()]).toEqual([404, 'There is no such page.\n']);
    }
    expect((await handle(new Request('app://outpost/', { method: 'DELETE' }))).status).toBe(405);
  });

  test('tells the page which language Outpost was asked for', async () => {
    const files = {
      rendererDir: join(dir, 'renderer'),
      exchange: createUploadedFiles(join(dir, 'exchange')),
      language: english,
    };
    const pageAsked = async (asked: string | null) =>
      (await createAppHandler({ ...files, asked })(new Request('app://outpost/'))).text();
    expect(await pageAsked('en-XA')).toContain('<html data-language="en-XA" lang="en">');
    for (const none of [null, 'x" onload="y', '']) expect(await pageAsked(none)).not.toContain('data-language');
  });

  test('takes files in and gives them out under a harmless name', async () => {
    const sent = await handle(new Request('app://outpost/files', { method: 'POST', body: 'content' }));
    const { token } = (await sent.json()) as { token: string };
    const back = await handle(new Request(`app://outpost/files/${token}?name=../a.csv`));
    expect(await back.text()).toBe('content');
    expect(back.headers.get('content-disposition')).toContain('filename="a.csv"');
    const missing = await handle(new Request(`app://outpost/files/${'0'.repeat(32)}`));
    expect([missing.status, await missing.json()]).toMatchObject([404, { code: 'NOT_FOUND' }]);
    const foreign = new Request('app://outpost/files', {
      method: 'POST',
      body: 'x',
      headers: { origin: 'https://example.org' },
    });
    expect((await handle(foreign)).status).toBe(403);
  });
});

test('the menu shows every page and takes no keys away from them', () => {
  const shown: string[] = [];
  const template = menuTemplate('linux', english, (hash) => shown.push(hash));
  const go = template.find((item) => item.label === 'Go')?.submenu;
  for (const item of Array.isArray(go) ? go : []) (item.click as (() => void) | undefined)?.();
  expect(shown).toEqual(['#/queue', '#/new', '#/monitor', '#/models', '#/sync', '#/settings']);
  expect(JSON.stringify(template)).not.toContain('accelerator');
});
