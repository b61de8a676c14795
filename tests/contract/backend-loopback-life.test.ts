import { stat } from 'node:fs/promises';
import { request, type ClientRequest } from 'node:http';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { LoopbackOptions } from '../../electron/loopback/host.ts';
import { howLongItWaits, whyDeserted, type Deserted } from '../../electron/loopback/open-windows.ts';
import {
  askRunning,
  readRunning,
  removeRunning,
  writeRunning,
  type Running,
} from '../../electron/loopback/single-instance.ts';
import { english } from '../support/commands.ts';
import { signIn, startTestHost, type TestHost } from '../support/host.ts';

const open: TestHost[] = [];
afterEach(async () => {
  for (const host of open.splice(0)) await host.close();
});
async function start(options: Partial<LoopbackOptions> = {}): Promise<TestHost> {
  const host = await startTestHost(options);
  open.push(host);
  return host;
}

/** A clock whose timers fire when the test says so. */
function handClock() {
  const timers = new Map<number, { callback: () => void; ms: number }>();
  let last = 0;
  return {
    clock: {
      setTimeout(callback: () => void, ms: number) {
        last += 1;
        const id = last;
        timers.set(id, { callback, ms });
        return { cancel: () => void timers.delete(id) };
      },
    },
    waiting: () => [...timers.values()].map((timer) => timer.ms),
    fire() {
      const [[id, timer] = []] = timers;
      if (id === undefined || timer === undefined) throw new Error('No timer waits.');
      timers.delete(id);
      timer.callback();
    },
  };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Opens the stream of changes as a window does and waits for the first change. */
async function openWindow(subject: TestHost): Promise<ClientRequest> {
  const cookie = await signIn(subject.host);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const headers = { cookie, origin: subject.origin, 'content-type': 'application/json' };
  const stream = request(
    { host: '127.0.0.1', port: subject.host.port, path: '/rpc/live/changes', method: 'POST', headers, agent: false },
    (response) => {
      if (response.statusCode === 200) response.once('data', () => resolve());
      else reject(new Error(`The stream was answered with ${response.statusCode}.`));
      response.on('error', () => undefined);
    },
  );
  stream.on('error', () => undefined);
  stream.end('{}');
  await promise;
  return stream;
}

const times = { arriveMs: 20_000, leaveMs: 8_000 };

describe('the browser host', () => {
  test('leaves when nobody comes', async () => {
    const hand = handClock();
    const deserted: Deserted[] = [];
    const { host } = await start({ clock: hand.clock, times, onDeserted: (why) => deserted.push(why) });
    host.address();
    expect(hand.waiting()).toEqual([20_000]);
    hand.fire();
    await until(() => deserted.length === 1);
    expect(deserted).toEqual(['never_opened']);
  });

  test('stays while a window looks, and leaves some seconds after the last one closed', async () => {
    const hand = handClock();
    const deserted: Deserted[] = [];
    const subject = await start({ clock: hand.clock, times, onDeserted: (why) => deserted.push(why) });
    const [first, second] = [await openWindow(subject), await openWindow(subject)];
    hand.fire();
    first.destroy();
    second.destroy();
    await until(() => hand.waiting().length > 0);
    expect(hand.waiting()).toEqual([8_000]);
    expect(deserted).toEqual([]);
    hand.fire();
    await until(() => deserted.length === 1);
    expect(deserted).toEqual(['all_closed']);
  });

  test('says how long it waits, and why it ends', () => {
    const waits = { arriveMs: 120_000, leaveMs: 8_000 };
    expect(english.say(howLongItWaits(waits))).toContain(
      'not opened within 2 minutes, or 8 seconds after the last window closed',
    );
    expect(english.say(whyDeserted('never_opened', waits))).toContain('nobody opened its address within 2 minutes');
    expect(english.say(whyDeserted('never_opened', { ...waits, arriveMs: 60_000 }))).toContain('within 1 minute.');
    expect(english.say(whyDeserted('all_closed', waits))).toContain('all its windows were closed');
  });

  test('survives a reload', async () => {
    const hand = handClock();
    let deserted = 0;
    const subject = await start({ clock: hand.clock, times, onDeserted: () => (deserted += 1) });
    (await openWindow(subject)).destroy();
    await until(() => hand.waiting()[0] === 8_000);
    await openWindow(subject);
    hand.fire();
    await new Promise((resolve) => setImmediate(resolve));
    expect(deserted).toBe(0);
  });

  test('does not leave in the middle of work', async () => {
    const hand = handClock();
    let deserted = 0;
    let busy = true;
    const { host } = await start({
      clock: hand.clock,
      times,
      onDeserted: () => (deserted += 1),
      isBusy: () => Promise.resolve(busy),
    });
    host.address();
    hand.fire();
    await until(() => hand.waiting().length === 1);
    expect(deserted).toBe(0);
    busy = false;
    hand.fire();
    await until(() => deserted === 1);
  });

  test('says which port it cannot have', async () => {
    const { host } = await start();
    await expect(start({ port: host.port })).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringContaining(String(host.port)),
    });
  });
});

describe('a second start', () => {
  const note = ({ host }: TestHost): Running => ({
    instance: host.instance,
    pid: process.pid,
    port: host.port,
    secret: host.controlSecret,
  });

  test('finds the running host through a note only its owner can read', async () => {
    const subject = await start();
    await writeRunning(subject.dir, note(subject));
    expect((await stat(join(subject.dir, 'running.json'))).mode & 0o777).toBe(0o600);
    const running = await readRunning(subject.dir);
    expect(running).toEqual(note(subject));
    const address = await askRunning(note(subject), fetch);
    expect(address).toMatch(new RegExp(`^${subject.origin}/enter\\?token=`));
  });

  test('is not fooled by a note of a host that is gone, nor by somebody else on its port', async () => {
    const [gone, other] = [await start(), await start()];
    const stale = note(gone);
    await gone.host.close();
    expect(await askRunning(stale, fetch)).toBeNull();
    expect(await askRunning({ ...stale, port: other.host.port }, fetch)).toBeNull();
  });

  test('removes only its own note', async () => {
    const subject = await start();
    await writeRunning(subject.dir, note(subject));
    await removeRunning(subject.dir, '0'.repeat(16));
    expect(await readRunning(subject.dir)).not.toBeNull();
    await removeRunning(subject.dir, subject.host.instance);
    expect(await readRunning(subject.dir)).toBeNull();
  });
});
