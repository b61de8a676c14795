import { existsSync } from 'node:fs';
import { expect, test } from './fixtures.ts';
import { ended, newFolder, runServe, startDemo } from './hosts.ts';
import { setUp } from './steps.ts';

test('the address works once, and the window has a clean one', async ({ stage }) => {
  const host = await stage.host();
  const page = await stage.open(host.address);
  await setUp(page);
  expect(page.url()).not.toContain('token');
  expect(await page.evaluate(() => document.cookie)).toBe('');
  const answer = await fetch(host.address, { redirect: 'manual' });
  expect([answer.status, await answer.text()]).toEqual([403, expect.stringContaining('was used already')]);
  expect(answer.headers.get('set-cookie')).toBeNull();
});

test('a second start on the same folder opens a window of the running one', async ({ stage }) => {
  const host = await stage.host();
  const page = await stage.open(host.address);
  await setUp(page);
  const second = await runServe(['--data-dir', host.dataDir]);
  expect(await ended(second.child, false)).toBe(0);
  expect(new URL(second.address).port).toBe(new URL(host.address).port);
  const other = await stage.open(second.address);
  await expect(other.getByRole('navigation', { name: 'Main' })).toBeVisible();
});

test('the host ends by itself some seconds after its last window is closed, and leaves no note', async ({ stage }) => {
  const folder = newFolder();
  const { child, address } = await runServe(['--data-dir', folder.dir]);
  const page = await stage.open(address);
  await setUp(page);
  await page.reload();
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible();
  expect(child.exitCode).toBeNull();
  await page.close();
  expect(await ended(child, false)).toBe(0);
  expect(existsSync(`${folder.dir}/running.json`)).toBe(false);
  folder.remove();
});

test('a demonstration leaves nothing behind', async () => {
  const demo = await startDemo();
  expect(existsSync(demo.dataDir)).toBe(true);
  expect(await demo.stop()).toBe(0);
  expect(existsSync(demo.dataDir)).toBe(false);
});
