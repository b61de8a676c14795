import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import { EventEmitter } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi, type Mock } from 'vitest';
import { runBackendProcess, type ParentPort } from '../../../electron/backend/host/process.ts';
import { createBackend } from '../../../electron/backend/index.ts';
import type { BackendClient } from '../../../shared/contract/backend.ts';
import { serve } from '../../../electron/backend/inference/serve.ts';
import { createSessions } from '../../../electron/backend/inference/sessions.ts';
import { FakeChannel, FakeProcess, type FakeMessage, type FakePort } from '../../support/electron-fake.ts';
import { bundledModelsDir, testBackend, testIntake, testPassphrase } from '../../support/backend.ts';

interface Stage {
  readonly app: EventEmitter & { exit: ReturnType<typeof vi.fn>; quit: () => void };
  readonly fork: Mock<(program: string, args: string[], options: { env: Record<string, string> }) => FakeProcess>;
  readonly processes: { program: string; env: Record<string, string>; process: FakeProcess }[];
  readonly errors: string[];
  readonly ports: FakePort[];
  readonly handled: Map<string, (request: Request) => Promise<Response>>;
  readonly ipcMain: EventEmitter;
  readonly powerMonitor: EventEmitter;
  readonly sender: unknown;
}

/** Plays the backend process: the real backend behind the fake process's port. */
function playBackend(process: FakeProcess): void {
  runBackendProcess(
    process.parentPort as unknown as ParentPort,
    async ({ message, secrets, spawnInference }) => {
      // Only for its options: cheap scrypt, a clock that stands still, no network.
      const scratch = await testBackend({ create: false });
      await scratch.dispose();
      const { dataDir, modelsDir, appVersion } = message;
      return createBackend({ ...scratch.options, dataDir, modelsDir, appVersion, secrets, spawnInference });
    },
    (code) => process.end(code),
  );
}

/** Plays the inference process: the real one, in this process, on the line it is handed. */
function playInference(process: FakeProcess): void {
  process.parentPort.on('message', ({ ports: [line] }: FakeMessage) => {
    if (line === undefined) return;
    const port = {
      send: (message: unknown) => line.postMessage(message),
      onMessage: (listener: (message: unknown) => void) =>
        void line.on('message', (event: { data: unknown }) => listener(event.data)),
      onClose: (listener: () => void) => void line.on('close', listener),
    };
    serve(port, createSessions(), (code) => process.end(code));
    line.start();
  });
  process.kill = () => {
    process.end(0);
    return true;
  };
  setImmediate(() => process.spawned(globalThis.process.pid));
}

function buildStage(dataDir: string, gotLock = true): Stage {
  const app = Object.assign(new EventEmitter(), {
    isPackaged: true,
    exit: vi.fn(),
    quit: () => void app.emit('before-quit', { preventDefault: () => undefined }),
    getVersion: () => '0.1.0-test',
    getAppPath: () => join(bundledModelsDir, '..'),
    setPath: vi.fn(),
    requestSingleInstanceLock: () => gotLock,
    whenReady: () => Promise.resolve(),
  });
  const [processes, errors, ports]: [Stage['processes'], string[], FakePort[]] = [[], [], []];
  const handled: Stage['handled'] = new Map();
  const ipcMain = new EventEmitter();
  const powerMonitor = new EventEmitter();
  const mainFrame = { postMessage: (_channel: string, _body: null, [port]: [FakePort]) => void ports.push(port) };
  const sender = { mainFrame };
  class BrowserWindow extends EventEmitter {
    static getAllWindows = () => [];
    webContents = sender;
    loadURL = () => Promise.resolve();
  }
  const listeners = {
    setPermissionRequestHandler: vi.fn(),
    setPermissionCheckHandler: vi.fn(),
    setDevicePermissionHandler: vi.fn(),
  };
  const fork = vi.fn((program: string, _args: string[], { env }: { env: Record<string, string> }) => {
    const process = new FakeProcess();
    processes.push({ program, env, process });
    if (program.endsWith('backend-process.js')) playBackend(process);
    else playInference(process);
    return process;
  });
  const electron = {
    app,
    BrowserWindow,
    dialog: { showErrorBox: (title: string, message: string) => errors.push(`${title}: ${message}`) },
    ipcMain,
    Menu: { buildFromTemplate: vi.fn(), setApplicationMenu: vi.fn() },
    MessageChannelMain: FakeChannel,
    powerMonitor,
    protocol: {
      registerSchemesAsPrivileged: vi.fn(),
      handle: (scheme: string, handler: never) => handled.set(scheme, handler),
    },
    safeStorage: { isAsyncEncryptionAvailable: () => Promise.resolve(false) },
    session: { defaultSession: { ...listeners, webRequest: { onBeforeRequest: vi.fn() } } },
    utilityProcess: { fork },
  };
  vi.doMock('electron', () => electron);
  process.argv = ['outpost', `--data-dir=${dataDir}`, '--no-sandbox'];
  return { app, fork, processes, errors, ports, handled, ipcMain, powerMonitor, sender };
}

const argv = [...process.argv];
let dataDir: string;
let lines: string[];
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'outpost-main-'));
  lines = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((line) => lines.push(String(line)) > 0);
  vi.resetModules();
});
afterEach(() => {
  vi.unstubAllEnvs();
  process.argv = argv;
  rmSync(dataDir, { recursive: true, force: true });
});

test('the desktop shell takes a case through window, backend and inference process, locks on wake, and ends orderly', async () => {
  const stage = buildStage(dataDir);
  await import('../../../electron/main.ts');
  await vi.waitUntil(() => lines.includes('OUTPOST_READY\n'));
  expect(stage.processes[0]?.process.received[0]?.data).toMatchObject({ modelsDir: bundledModelsDir, canWrap: false });

  stage.ipcMain.emit('outpost:connect', { senderFrame: { url: 'app://outpost/', parent: null }, sender: stage.sender });
  const [port] = stage.ports;
  if (port === undefined) throw new Error('The window was given no line.');
  const client: BackendClient = createORPCClient(new RPCLink({ port }));
  port.start();
  expect((await client.app.status({})).vault).toBe('new');
  await client.vault.create({ passphrase: testPassphrase, personName: 'Asha Rao', office: 'North' });
  const { id } = await client.cases.create(testIntake());
  const view = await client.cases.get({ id });
  expect([view.scoreProblem, view.firstScore !== null || view.row.scoreHidden]).toEqual([null, true]);
  expect(stage.processes.map(({ program }) => program.split('/').at(-1))).toEqual([
    'backend-process.js',
    'inference-child.js',
  ]);

  for (const event of ['suspend', 'resume', 'lock-screen']) {
    await client.vault.unlock({ passphrase: testPassphrase });
    expect((await client.app.status({})).vault).toBe('open');
    stage.powerMonitor.emit(event);
    await vi.waitUntil(async () => (await client.app.status({})).vault === 'locked');
  }

  const uploaded = await stage.handled.get('app')?.(new Request('app://outpost/files', { method: 'POST', body: 'x' }));
  expect(uploaded?.status).toBe(200);

  stage.app.emit('window-all-closed');
  await vi.waitUntil(() => stage.app.exit.mock.calls.length > 0);
  expect(stage.app.exit).toHaveBeenCalledWith(0);
  expect(stage.errors).toEqual([]);
});

test('a second shell hands over to the running one and ends without touching anything', async () => {
  const stage = buildStage(dataDir, false);
  await import('../../../electron/main.ts');
  await vi.waitUntil(() => stage.app.exit.mock.calls.length > 0);
  expect(stage.app.exit).toHaveBeenCalledWith(0);
  expect([stage.processes, lines, existsSync(join(dataDir, 'lock.db'))]).toEqual([[], [], false]);
});

test('a backend that cannot be started again is shown in words and ends the shell', async () => {
  const stage = buildStage(dataDir);
  await import('../../../electron/main.ts');
  await vi.waitUntil(() => lines.includes('OUTPOST_READY\n'));
  stage.fork.mockImplementation(() => {
    throw new Error('No process can be started.');
  });
  stage.processes[0]?.process.end(1);
  await vi.waitUntil(() => stage.app.exit.mock.calls.length > 0);
  expect(stage.errors).toEqual(['Outpost stopped: No process can be started.']);
  expect(stage.app.exit).toHaveBeenCalledWith(1);
});

test('the shell speaks the language that it was asked for', async () => {
  vi.stubEnv('OUTPOST_LANGUAGE', 'en-XA');
  const other = await testBackend({ dataDir });
  const stage = buildStage(dataDir);
  await import('../../../electron/main.ts');
  await vi.waitUntil(() => stage.app.exit.mock.calls.length > 0);
  expect(stage.errors[0]).toMatch(/^⟦[^]*⟧: ⟦[^]*⟧$/);
  const missing = await stage.handled.get('app')?.(new Request('app://outpost/nothing.js'));
  expect(await missing?.text()).toMatch(/^⟦/);
  await other.backend.close();
});

test('a data folder in use is shown in words, and nothing is reported ready', async () => {
  const other = await testBackend({ dataDir });
  const stage = buildStage(dataDir);
  await import('../../../electron/main.ts');
  await vi.waitUntil(() => stage.app.exit.mock.calls.length > 0);
  expect(stage.errors[0]).toMatch(/^Outpost cannot open its data: .*\./);
  expect(lines).not.toContain('OUTPOST_READY\n');
  await other.backend.close();
});
