import type { IpcRendererEvent } from 'electron';
import { MessageChannel } from 'node:worker_threads';
import { expect, test, vi } from 'vitest';
import { createPortTransport } from '../../electron/backend/host/message-port.ts';
import { connect } from '../../renderer/transport/client.ts';
import type { OutpostBridge } from '../../shared/hosting/bridge.ts';
import type { Sentence } from '../../shared/language/sentence.ts';
import { saying } from '../support/saying.ts';
import { FakePort } from '../support/electron-fake.ts';
import { backendSuite } from './backend-suite.ts';

type PortListener = (event: Pick<IpcRendererEvent, 'ports'>) => void;

const electron = vi.hoisted(() => ({
  listeners: [] as ((event: { ports: unknown[] }) => void)[],
  asked: [] as string[],
  bridges: [] as unknown[],
}));
vi.mock('electron', () => ({
  ipcRenderer: {
    on: (_channel: string, listener: PortListener) => electron.listeners.push(listener as never),
    send: (channel: string) => electron.asked.push(channel),
  },
  contextBridge: { exposeInMainWorld: (_name: string, bridge: unknown) => electron.bridges.push(bridge) },
}));

/** Loads the preload script as a new window does, and returns what the page gets and how a line reaches it. */
async function openPage(): Promise<{ bridge: OutpostBridge; giveLine: (port: unknown) => void }> {
  vi.resetModules();
  await import('../../electron/preload.ts');
  const bridge = electron.bridges.at(-1) as OutpostBridge;
  const listener = electron.listeners.at(-1);
  return { bridge, giveLine: (port) => listener?.({ ports: [port] }) };
}

function line(router: Parameters<typeof createPortTransport>[0]): { page: MessagePort; cut: () => void } {
  const { port1, port2 } = new MessageChannel();
  createPortTransport(router).serve(new FakePort(port1));
  return { page: port2 as unknown as MessagePort, cut: () => port1.close() };
}

backendSuite('the bridge of the desktop shell', async (backend) => {
  const { bridge, giveLine } = await openPage();
  const { page, cut } = line(backend.router);
  giveLine(page);
  const { client } = connect({ outpost: bridge, location: { origin: '' } } as unknown as Window);
  return { client, close: () => Promise.resolve(cut()) };
});

test('the bridge asks for its line, and calls made before it comes wait for it', async () => {
  const { bridge, giveLine } = await openPage();
  expect(electron.asked.at(-1)).toBe('outpost:connect');
  expect(Object.keys(bridge).toSorted()).toEqual(['call', 'download', 'subscribe', 'upload']);
  const { os } = await import('@orpc/server');
  const call = bridge.call(['echo'], 'early');
  const { page, cut } = line({ echo: os.handler(({ input }) => input) });
  giveLine(page);
  expect(await call).toEqual({ ok: true, value: 'early' });
  cut();
});

test('when the backend is started again, open calls fail with a sentence, streams end, and new calls take the new line', async () => {
  const { bridge, giveLine } = await openPage();
  const { os } = await import('@orpc/server');
  const router = {
    echo: os.handler(({ input }) => input),
    never: os.handler(() => new Promise(() => undefined)),
    stream: os.handler(async function* () {
      yield 1;
      await new Promise(() => undefined);
    }),
  };
  const [first, second] = [line(router), line(router)];
  giveLine(first.page);
  const open = bridge.call(['never'], null);
  const ended = new Promise<Sentence>((resolve) =>
    bridge.subscribe(['stream'], null, () => giveLine(second.page), resolve),
  );
  expect(await open).toMatchObject({
    ok: false,
    error: { code: 'INTERNAL', message: expect.stringContaining('What was saved before is kept') },
  });
  expect(await ended).toEqual(saying('What was saved before is kept'));
  expect(await bridge.call(['echo'], 'again')).toEqual({ ok: true, value: 'again' });
  first.cut();
  second.cut();
});

test('a call can be cancelled from the page', async () => {
  const { bridge, giveLine } = await openPage();
  const { os } = await import('@orpc/server');
  const { page, cut } = line({ never: os.handler(() => new Promise(() => undefined)) });
  giveLine(page);
  const answer = bridge.call(['never'], null, (cancel) => cancel());
  expect(await answer).toMatchObject({ ok: false, error: { code: 'CANCELLED' } });
  cut();
});
