import { PassThrough } from 'node:stream';
import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { appWindowArguments, startApplication } from '../../../../build/start/launch.ts';
import type { StartWorld } from '../../../../build/start/launch.ts';
import { parseStartOptions } from '../../../../build/start/options.ts';
import { waitUntilReady } from '../../../../build/start/ready.ts';
import type { Readiness } from '../../../../build/start/ready.ts';

const URL_ONCE = 'http://127.0.0.1:4321/?token=once';
const READY: Readiness = { state: 'ready', detail: URL_ONCE };

interface Scene {
  electron?: string;
  shell?: Readiness;
  host?: Readiness;
  browser?: string | null;
  display?: boolean;
  root?: boolean;
}

function stage(scene: Scene): { world: StartWorld; did: string[]; printed: string[] } {
  const did: string[] = [];
  const printed: string[] = [];
  const world: StartWorld = {
    platform: 'linux',
    isRoot: scene.root ?? false,
    hasDisplay: scene.display ?? true,
    top: '/outpost',
    profileDir: '/profile',
    say: (line) => void printed.push(line),
    freshen: (bundle) => Promise.resolve(void did.push(`freshen ${bundle}`)),
    prepareElectron: () =>
      Promise.resolve(
        scene.electron === undefined
          ? { available: false, reason: 'it could not be downloaded' }
          : { available: true, program: scene.electron },
      ),
    forgetElectron: (reason) => void did.push(`remember: ${reason}`),
    findBrowser: () => (scene.browser === undefined ? '/usr/bin/chromium' : scene.browser),
    spawn: (program, args) => {
      did.push([program, ...args].join(' '));
      const readiness = (program === scene.electron ? scene.shell : scene.host) ?? READY;
      return {
        ready: () => Promise.resolve(readiness),
        ended: Promise.resolve(0),
        kill: () => void did.push(`kill ${program}`),
      };
    },
    openWindow: (program, args) => {
      did.push(`window ${program} ${args[0]}`);
      return { pid: 1 };
    },
    node: 'node24',
  };
  return { world, did, printed };
}

describe('npm start', () => {
  it('stays with the desktop shell once that is ready', async () => {
    const { world, did } = stage({ electron: '/electron', shell: { state: 'ready', detail: '' } });
    expect(await startApplication(parseStartOptions(['--demo']), world)).toBe(0);
    expect(did).toEqual(['freshen renderer', 'freshen app', '/electron /outpost --demo']);
  });

  it('opens a browser window and says why, when the shell cannot be had', async () => {
    const { world, did, printed } = stage({});
    expect(await startApplication(parseStartOptions(['--demo']), world)).toBe(0);
    expect(did).toEqual([
      'freshen renderer',
      'node24 electron/serve.ts --demo',
      `window /usr/bin/chromium --app=${URL_ONCE}`,
    ]);
    expect(printed).toEqual([
      'Opening in a browser window, because the desktop shell is not available: it could not be downloaded.',
    ]);
  });

  it.each<[string, Readiness, string]>([
    ['hangs', { state: 'timeout' }, 'it was not ready in time'],
    ['dies', { state: 'exited', code: 127 }, 'it ended with code 127'],
  ])('ends a shell that %s, remembers it and falls back', async (_how, shell, reason) => {
    const { world, did } = stage({ electron: '/electron', shell });
    expect(await startApplication(parseStartOptions([]), world)).toBe(0);
    expect(did.slice(3, 6)).toEqual(['kill /electron', `remember: ${reason}`, 'node24 electron/serve.ts']);
  });

  it('ends quietly when a shell that already runs takes over', async () => {
    const { world, did } = stage({ electron: '/electron', shell: { state: 'exited', code: 0 } });
    expect(await startApplication(parseStartOptions([]), world)).toBe(0);
    expect(did).toHaveLength(3);
  });

  it('prints the address only, and asks for no shell, with --no-open or --port', async () => {
    const { world, did, printed } = stage({ electron: '/electron' });
    await startApplication(parseStartOptions(['--no-open', '--port', '4321']), world);
    expect(did).toEqual(['freshen renderer', 'node24 electron/serve.ts --port 4321']);
    expect(printed).toEqual([`Open this address in a browser on this machine; it works once: ${URL_ONCE}`]);
    expect(parseStartOptions(['--port=4321']).browserHost).toBe(true);
  });

  it.each<[string, Scene]>([
    ['no browser', { browser: null }],
    ['no display', { display: false }],
  ])('prints the address where there is %s', async (_what, scene) => {
    const { world, did, printed } = stage(scene);
    await startApplication(parseStartOptions([]), world);
    expect(did.some((one) => one.startsWith('window'))).toBe(false);
    expect(printed.at(-1)).toContain(URL_ONCE);
  });

  it('passes on the exit code of a host that does not start', async () => {
    expect(await startApplication(parseStartOptions([]), stage({ host: { state: 'exited', code: 4 } }).world)).toBe(4);
    const hung = stage({ host: { state: 'timeout' } });
    expect(await startApplication(parseStartOptions([]), hung.world)).toBe(1);
    expect(hung.did).toContain('kill node24');
  });

  it('only asks the host for its options with --help', async () => {
    const { world, did, printed } = stage({ electron: '/electron', host: { state: 'exited', code: 0 } });
    expect(await startApplication(parseStartOptions(['--help']), world)).toBe(0);
    expect(did).toEqual(['node24 electron/serve.ts --help']);
    expect(printed[0]).toContain('--no-open');
  });

  it('gives up the sandbox of the window only as root', () => {
    expect(appWindowArguments(URL_ONCE, '/profile', false)).not.toContain('--no-sandbox');
    expect(appWindowArguments(URL_ONCE, '/profile', true)).toContain('--no-sandbox');
    expect(appWindowArguments(URL_ONCE, '/profile', false)).toContain('--user-data-dir=/profile');
  });
});

describe('waiting for a host', () => {
  const host = (): { child: EventEmitter & { stdout: PassThrough }; shown: string[] } => ({
    child: Object.assign(new EventEmitter(), { stdout: new PassThrough() }),
    shown: [],
  });

  it('finds the ready line between others, which are shown', async () => {
    const { child, shown } = host();
    const ready = waitUntilReady(child, 60_000, (line) => void shown.push(line));
    child.stdout.write('passphrase: lantern\nOUTPOST_RE');
    child.stdout.write(`ADY ${URL_ONCE}\nOUTPOST_READYING is no such line\n`);
    expect(await ready).toEqual(READY);
    expect(shown[0]).toBe('passphrase: lantern');
  });

  it('reports a host that ended, could not be started or says nothing', async () => {
    const ended = host();
    const first = waitUntilReady(ended.child, 60_000, () => undefined);
    ended.child.emit('close', 3);
    expect(await first).toEqual({ state: 'exited', code: 3 });

    const missing = host();
    const second = waitUntilReady(missing.child, 60_000, () => undefined);
    missing.child.emit('error', new Error('ENOENT'));
    expect(await second).toEqual({ state: 'exited', code: null });

    expect(await waitUntilReady(host().child, 1, () => undefined)).toEqual({ state: 'timeout' });
  });
});
