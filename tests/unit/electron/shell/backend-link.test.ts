import type { MessageChannelMain, UtilityProcess } from 'electron';
import { describe, expect, test } from 'vitest';
import { createBackendLink, type BackendLinkOptions } from '../../../../electron/shell/backend-link.ts';
import { foreign } from '../../../../shared/errors/index.ts';
import { english } from '../../../support/commands.ts';
import { FakeChannel, FakeProcess, sentTo } from '../../../support/electron-fake.ts';

const tick = () => new Promise((resolve) => setImmediate(resolve));

function setUp(overrides: Partial<BackendLinkOptions> = {}) {
  const backends: FakeProcess[] = [];
  const children: FakeProcess[] = [];
  const heard: string[] = [];
  const fork = (into: FakeProcess[]) => (): UtilityProcess => {
    const process = new FakeProcess();
    into.push(process);
    return process as unknown as UtilityProcess;
  };
  let now = 0;
  const link = createBackendLink({
    forkBackend: fork(backends),
    forkInference: fork(children),
    channel: () => new FakeChannel() as unknown as MessageChannelMain,
    keychain: {
      available: () => Promise.resolve(true),
      wrap: (bytes) => Promise.resolve(`wrapped-${bytes}`),
      unwrap: () => Promise.reject(new Error('The keyring is locked.')),
    },
    start: { dataDir: '/data', modelsDir: '/models', appVersion: '1.0.0', demo: false, logLevel: 'silent' },
    onReady: () => heard.push('ready'),
    onFailed: (code, why) => heard.push(`${code}: ${english.say(why)}`),
    onGone: (again) => heard.push(again ? 'gone, again' : 'gone for good'),
    now: () => now,
    ...overrides,
  });
  return { link, backends, children, heard, pass: (ms: number) => void (now += ms) };
}
const only = (processes: FakeProcess[]): FakeProcess => {
  const [process] = processes;
  if (process === undefined) throw new Error('Nothing was started.');
  return process;
};

describe('the link to the backend process', () => {
  test('tells it first where everything lies and whether keys can be protected', async () => {
    const { link, backends, heard } = setUp();
    await link.start();
    expect(only(backends).received[0]?.data).toMatchObject({ kind: 'start', dataDir: '/data', canWrap: true });
    only(backends).parentPort.postMessage({ kind: 'ready', notice: null });
    await tick();
    expect(heard).toEqual(['ready']);
  });

  test('passes on why the backend could not be opened', async () => {
    const { link, backends, heard } = setUp();
    await link.start();
    only(backends).parentPort.postMessage({ kind: 'failed', code: 'FOLDER_BUSY', sentence: foreign('In use.') });
    await tick();
    expect(heard).toEqual(['FOLDER_BUSY: In use.']);
  });

  test('has keys wrapped and says when that fails', async () => {
    const { link, backends } = setUp();
    await link.start();
    const backend = only(backends);
    backend.parentPort.postMessage({ kind: 'wrap', id: 1, bytes: 'a2V5' });
    backend.parentPort.postMessage({ kind: 'unwrap', id: 2, bytes: 'a2V5' });
    await tick();
    await tick();
    expect(sentTo(backend, 'key')[0]?.data).toEqual({ kind: 'key', id: 1, bytes: 'wrapped-a2V5' });
    expect(sentTo(backend, 'key_failed')[0]?.data).toEqual({
      kind: 'key_failed',
      id: 2,
      message: 'The keyring is locked.',
    });
  });

  test('starts an inference process with a direct line between it and the backend', async () => {
    const { link, backends, children } = setUp();
    await link.start();
    const backend = only(backends);
    backend.parentPort.postMessage({ kind: 'spawn_inference', id: 1 });
    await tick();
    const child = only(children);
    child.spawned(4711);
    const [started] = sentTo(backend, 'inference_started');
    expect(started?.data).toEqual({ kind: 'inference_started', id: 1, pid: 4711 });
    const [backendEnd] = started?.ports ?? [];
    const [childEnd] = child.received[0]?.ports ?? [];
    const heard = new Promise((resolve) => childEnd?.once('message', ({ data }: { data: unknown }) => resolve(data)));
    childEnd?.start();
    backendEnd?.postMessage('score this');
    await expect(heard).resolves.toBe('score this');
    backendEnd?.close();

    backend.parentPort.postMessage({ kind: 'kill_inference', id: 1 });
    await tick();
    expect(child.killed).toBe(true);
    child.end(9);
    expect(sentTo(backend, 'inference_exited')[0]?.data).toEqual({ kind: 'inference_exited', id: 1, code: 9 });
  });

  test('ends inference processes whose backend is gone, and offers to start again', async () => {
    const { link, backends, children, heard } = setUp();
    await link.start();
    only(backends).parentPort.postMessage({ kind: 'spawn_inference', id: 1 });
    await tick();
    only(backends).end(1);
    expect(only(children).killed).toBe(true);
    expect(heard).toEqual(['gone, again']);
  });

  test('gives up when the backend keeps ending, but not when that was long ago', async () => {
    const { link, backends, heard, pass } = setUp();
    for (let at = 0; at < 4; at += 1) {
      await link.start();
      backends.at(-1)?.end(1);
      pass(10_000);
    }
    expect(heard.at(-1)).toBe('gone for good');
    pass(120_000);
    await link.start();
    backends.at(-1)?.end(1);
    expect(heard.at(-1)).toBe('gone, again');
  });

  test('closes orderly: the end it asked for is no accident', async () => {
    const { link, backends, heard } = setUp();
    await link.start();
    const closed = link.close();
    expect(sentTo(only(backends), 'close')).toHaveLength(1);
    only(backends).end(0);
    await closed;
    expect(heard).toEqual([]);
  });
});
