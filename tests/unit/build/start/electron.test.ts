import { describe, expect, it } from 'vitest';
import { prepareElectron, rememberFailedLaunch } from '../../../../build/start/electron.ts';
import type { ElectronWorld } from '../../../../build/start/electron.ts';

const HOUR = 60 * 60 * 1000;

interface Machine {
  world: ElectronWorld;
  installs: () => number;
  memory: () => string | null;
  wait: (ms: number) => void;
}

function machine(settings: { installed?: boolean; installer?: string | null; display?: boolean } = {}): Machine {
  let now = Date.UTC(2026, 2, 3);
  let installs = 0;
  let memory: string | null = null;
  let program = settings.installed === true ? '/shell/electron' : null;
  const problem = settings.installer ?? null;
  const world: ElectronWorld = {
    now: () => now,
    platform: 'linux',
    env: settings.display === false ? {} : { DISPLAY: ':0' },
    version: '45.4.1',
    findProgram: () => program,
    install: () => {
      installs += 1;
      if (problem === null) program = '/shell/electron';
      return Promise.resolve(problem);
    },
    readMemory: () => memory,
    writeMemory: (text) => (memory = text),
  };
  return { world, installs: () => installs, memory: () => memory, wait: (ms) => (now += ms) };
}

describe('getting the desktop shell', () => {
  it('uses the one that is installed without asking its installer', async () => {
    const { world, installs } = machine({ installed: true });
    expect(await prepareElectron(world, false)).toEqual({ available: true, program: '/shell/electron' });
    expect(installs()).toBe(0);
  });

  it('installs it once and forgets an earlier failure', async () => {
    const { world, installs, memory } = machine();
    rememberFailedLaunch(world, 'it was not ready in time');
    expect(await prepareElectron(world, true)).toEqual({ available: true, program: '/shell/electron' });
    expect(installs()).toBe(1);
    expect(memory()).toBeNull();
  });

  it('remembers a failure for a day, then tries again', async () => {
    const offline = machine({ installer: 'it could not be downloaded' });
    const first = await prepareElectron(offline.world, false);
    expect(first).toEqual({ available: false, reason: 'it could not be downloaded' });

    offline.wait(23 * HOUR);
    const second = await prepareElectron(offline.world, false);
    expect(second.available === false && second.reason).toContain('--retry-electron');
    expect(offline.installs()).toBe(1);

    offline.wait(2 * HOUR);
    await prepareElectron(offline.world, false);
    expect(offline.installs()).toBe(2);
  });

  it('tries at once when asked to, when the wanted version changed, and when the clock went back', async () => {
    const offline = machine({ installer: 'it could not be downloaded' });
    await prepareElectron(offline.world, false);
    await prepareElectron(offline.world, true);
    expect(offline.installs()).toBe(2);
    await prepareElectron({ ...offline.world, version: '46.0.0' }, false);
    expect(offline.installs()).toBe(3);
    offline.wait(-48 * HOUR);
    await prepareElectron(offline.world, false);
    expect(offline.installs()).toBe(4);
  });

  it('goes past an installed shell that did not come up earlier that day', async () => {
    const { world } = machine({ installed: true });
    rememberFailedLaunch(world, 'it ended with code 1');
    expect(await prepareElectron(world, false)).toMatchObject({ available: false });
  });

  it('takes a damaged note for none', async () => {
    const { world, installs } = machine();
    world.writeMemory('{"failedAt":');
    expect(await prepareElectron(world, false)).toMatchObject({ available: true });
    expect(installs()).toBe(1);
  });

  it('does not install a shell that has no display to appear on', async () => {
    const { world, installs } = machine({ display: false });
    expect(await prepareElectron(world, false)).toEqual({ available: false, reason: 'there is no display' });
    expect(installs()).toBe(0);
  });
});
