import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { migrate } from '../../../../registry/storage/migrations/index.ts';
import { recordRun } from '../../../../learning/runs/record.ts';
import { endKilledRuns, findRun, listRuns, sayAlive } from '../../../../learning/runs/store.ts';
import { openSqlite } from '../../../../platform/database.ts';
import type { Store } from '../../../../registry/storage/db/tables.ts';
import { learnCommand } from '../../../support/commands.ts';
import { saying } from '../../../support/saying.ts';
import { folderBlobs } from '../../../../platform/blobs/folder-blobs.ts';

const now = Date.parse('2026-10-01T00:00:00Z');
const start = {
  kind: 'training',
  trainer: 'logistic',
  params: {},
  seed: 1,
  dataset: 'ab',
  codeVersion: '1',
  simulated: false,
} as const;
let folder: string;
let db: Store;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-killed-'));
  db = openSqlite(join(folder, 'runs.sqlite'));
  await migrate(db);
});
afterEach(async () => {
  await db.destroy();
  rmSync(folder, { recursive: true, force: true });
});

it('a run whose program was killed is distinguished from one that goes on, and ends as it does when it was only slow', async () => {
  const place = { db, blobs: folderBlobs(folder), clock: { now: () => now } };
  await recordRun(place, start, async ({ id }) => {
    const status = async (): Promise<string> => (await findRun(db, id)).status;
    await endKilledRuns(db, now + 60_000);
    expect(await status()).toBe('running');
    await sayAlive(db, id, now + 3_600_000);
    await endKilledRuns(db, now + 3_610_000);
    expect(await status()).toBe('running');
    await endKilledRuns(db, now + 4_000_000);
    expect(await status()).toBe('killed');
    return { outcome: {}, value: null };
  });
  expect(await listRuns(db, { status: 'done' })).toHaveLength(1);
});

it('the list of runs says which were killed', async () => {
  await recordRun({ db, blobs: folderBlobs(folder), clock: { now: () => now } }, start, async ({ id }) => {
    const { out } = await learnCommand(['runs', 'show', id, '--runs', folder]);
    expect(out).toMatch(/killed: The program was ended before it could say how the run went/);
    return { outcome: {}, value: null };
  });
});

it('a reason that an earlier version kept in words is quoted', async () => {
  const place = { db, blobs: folderBlobs(folder), clock: { now: () => now } };
  const { run } = await recordRun(place, start, async () => ({ outcome: {}, value: null }));
  const words = 'The disk was full: {"free": 0}.';
  await db.updateTable('runs').set({ status: 'failed', reason: words }).where('id', '=', run).execute();
  expect((await findRun(db, run)).reason).toEqual(saying(`“${words}”`));
  expect((await learnCommand(['runs', 'list', '--runs', folder])).out).toContain(`failed: “${words}”`);
});
