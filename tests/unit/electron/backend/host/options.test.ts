import { withCompanions } from '../../../../../shared/encoding/companions.ts';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readPastCases } from '../../../../../electron/backend/demo/read-cases.ts';
import { defaultDataDir, makeFolder } from '../../../../../electron/backend/host/folders.ts';
import { parseHostOptions } from '../../../../../electron/backend/host/options.ts';
import { complaintsSchema } from '../../../../../shared/encoding/complaints.ts';
import { assetOf } from '../../../../../shared/hosting/assets.ts';
import { attachment, downloadName } from '../../../../../shared/hosting/download-name.ts';
import { bundledModelsDir } from '../../../../support/backend.ts';
import { saying } from '../../../../support/saying.ts';

test('options of a host are read, and a wrong one is named', () => {
  expect(parseHostOptions([], true)).toEqual({ port: 0, dataDir: null, demo: false, keep: false, help: false });
  expect(parseHostOptions(['--port=4711', '--data-dir', '/data', '--keep'], true)).toMatchObject({
    port: 4711,
    dataDir: '/data',
    keep: true,
  });
  expect(() => parseHostOptions(['--prot', '1'], true)).toThrow(saying(/--prot[\s\S]*--port N/));
  expect(() => parseHostOptions(['--port', '70000'], true)).toThrow(saying(/0 to 65535/));
  expect(() => parseHostOptions(['--demo', '--data-dir', '/data'], true)).toThrow(saying(/folder of its own/));
  // The desktop shell's own switches stand among ours.
  expect(parseHostOptions(['--no-sandbox', '.', '--data-dir=/data'], false).dataDir).toBe('/data');
});

test.each([
  ['linux', { XDG_DATA_HOME: '/xdg' }, '/xdg/outpost'],
  ['linux', { XDG_DATA_HOME: 'relative' }, '/home/a/.local/share/outpost'],
  ['linux', {}, '/home/a/.local/share/outpost'],
  ['darwin', {}, '/home/a/Library/Application Support/Outpost'],
  ['win32', { LOCALAPPDATA: 'C:\\Users\\a\\AppData\\Local' }, 'C:\\Users\\a\\AppData\\Local\\Outpost'],
] as const)('data of a user lies where %s keeps it (%j)', (platform, env, folder) => {
  expect(defaultDataDir({ platform, env, home: '/home/a' })).toBe(folder);
});

test('a data folder that is a file is refused in words', () => {
  const folder = mkdtempSync(join(tmpdir(), 'outpost-folder-'));
  const file = join(folder, 'file');
  writeFileSync(file, '');
  expect(() => makeFolder(file)).toThrow(saying(/data folder .*--data-dir/));
  expect(makeFolder(join(folder, 'a', 'b'))).toBe(join(folder, 'a', 'b'));
  rmSync(folder, { recursive: true });
});

test('a download has a name that cannot leave its folder and is never empty', () => {
  expect(downloadName('../../etc/passwd')).toBe('passwd');
  expect(downloadName('..\\..\\a\u0000b.csv')).toBe('ab.csv');
  expect([downloadName(null), downloadName('...'), downloadName('a/')]).toEqual([
    'outpost-file',
    'outpost-file',
    'outpost-file',
  ]);
  expect(attachment('a"b.csv')).not.toContain('"a"b');
});

test('only plain names of known kinds are files of the window', () => {
  expect(assetOf('/')).toMatchObject({ segments: ['index.html'] });
  expect(assetOf('/assets/index-1a_B.js')).toMatchObject({ type: 'text/javascript; charset=utf-8' });
  for (const path of ['', 'a.js', '/.env.js', '/a.exe', '/a', '/a.toString', '/a//b.js', '/..'])
    expect(assetOf(path)).toBeNull();
});

test('demonstration cases end yesterday or today, and nothing of them lies in the future', () => {
  const csv = readFileSync(join(bundledModelsDir, 'demo-cases.csv'), 'utf8');
  for (const now of ['2026-03-01T00:30:00.000Z', '2027-12-31T23:30:00.000Z'].map(Date.parse)) {
    const cases = readPastCases(csv, withCompanions(complaintsSchema), now);
    const newest = Math.max(...cases.map((one) => one.at));
    expect(cases).toHaveLength(500);
    expect(newest).toBeLessThanOrEqual(now);
    expect(now - newest).toBeLessThan(2 * 86_400_000);
    expect(cases.some((one) => (one.outcome?.at ?? 0) > now)).toBe(false);
    expect(cases.filter((one) => one.outcome === undefined).length).toBeGreaterThan(50);
  }
});
