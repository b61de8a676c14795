import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { migrations } from '../../../../../electron/backend/migrations/index.ts';
import { openDatabase } from '../../../../../electron/backend/store/database.ts';
import { createKeyValues } from '../../../../../electron/backend/store/key-values.ts';
import { createSyncStore } from '../../../../../electron/backend/store/sync.ts';
import { signReceipt } from '../../../../../shared/log/signed.ts';
import { quoted } from '../../../../../shared/language/sentence.ts';

it('sync comes to a database of version 2 without touching what is in it', () => {
  const dir = mkdtempSync(join(tmpdir(), 'outpost-migration-'));
  const file = join(dir, 'outpost.db');
  const key = new Uint8Array(32).fill(9);
  const log = '01a10b13-a800-70c0-8e40-72c3c8d474ff';
  const before = openDatabase(
    file,
    key,
    migrations.filter(({ version }) => version <= 2),
  );
  before.prepare('INSERT INTO logs (id, ordinal, public_key, receipted) VALUES (?, 1, ?, 3)').run(log, 'a'.repeat(64));
  before.prepare('INSERT INTO key_values (key, value) VALUES (?, ?)').run('office', '"North"');
  before.close();
  const db = openDatabase(file, key, migrations);
  expect(db.prepare('SELECT id, receipted FROM logs').all()).toEqual([{ id: log, receipted: 3 }]);
  const store = createSyncStore(db, createKeyValues(db));
  expect(store.history()).toEqual([]);
  expect([
    store.lastReceipt(log),
    store.lastContact(),
    store.lastProblem(),
    store.registryTime(),
    store.resendFrom(),
  ]).toEqual([null, null, null, null, null]);
  const at = '2026-10-05T08:00:00.000Z';
  const receipt = signReceipt(
    { format: 'outpost.receipt/1', registry: 'r', log, seq: 3, hash: 'b'.repeat(64), at, clockOffsetMs: 5 },
    '1'.repeat(64),
  );
  store.keepReceipt(receipt);
  store.keepReceipt(receipt);
  expect(store.lastReceipt(log)).toEqual(receipt);
  store.keepMetadata(new Map([['root.json', new Uint8Array([1, 2])]]));
  store.keepMetadata(
    new Map([
      ['root.json', new Uint8Array([3])],
      ['timestamp.json', new Uint8Array([4])],
    ]),
  );
  expect([...store.metadata()].map(([name, bytes]) => [name, [...bytes]])).toEqual([
    ['root.json', [3]],
    ['timestamp.json', [4]],
  ]);
  const now = Date.parse(at);
  store.sawRegistryTime(at, now);
  store.sawRegistryTime('2026-10-01T08:00:00.000Z', now);
  expect(store.registryTime()).toBe(at);
  expect(createKeyValues(db).get('office')).toBe('North');
  db.close();
  rmSync(dir, { recursive: true, force: true });
});

it('what was kept in English words before is shown as quoted, and what can be made again is', () => {
  const dir = mkdtempSync(join(tmpdir(), 'outpost-migration-'));
  const file = join(dir, 'outpost.db');
  const key = new Uint8Array(32).fill(9);
  const before = openDatabase(
    file,
    key,
    migrations.filter(({ version }) => version <= 8),
  );
  const at = '2026-10-05T08:00:00.000Z';
  before.prepare('INSERT INTO sync_history (at, sentence) VALUES (?, ?)').run(at, '3 entries "sent" and receipted.');
  before
    .prepare('INSERT INTO key_values (key, value) VALUES (?, ?)')
    .run('sync.lastProblem', JSON.stringify({ at, code: 'OFFLINE', message: 'No line.' }));
  before.close();
  const db = openDatabase(file, key, migrations);
  const store = createSyncStore(db, createKeyValues(db));
  expect(store.history()).toEqual([{ at, sentence: quoted('3 entries "sent" and receipted.') }]);
  expect(store.lastProblem()).toBeNull();
  expect(db.prepare('SELECT count(*) AS n FROM explanations').get()).toEqual({ n: 0 });
  db.close();
  rmSync(dir, { recursive: true, force: true });
});
