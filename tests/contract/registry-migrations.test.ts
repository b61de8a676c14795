import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Kysely } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { migrate } from '../../registry/migrations/index.ts';
import { openPostgres, openSqlite } from '../../registry/store/open.ts';
import type { Store } from '../../registry/store/tables.ts';
import { startPostgres, type TestPostgres } from '../support/postgres.ts';

/** The tables as the first shape had them, for writing rows the way the first program did. */
interface FirstShape {
  devices: { id: string; office: string; key: string; seal_to: string; enrolled_at: string; last_seen: string | null };
  offices: { id: string; name: string; office_key: string; created_at: string };
  runs: {
    id: string;
    parent: string | null;
    params: string;
    seed: number;
    dataset: string;
    metrics: string;
    timings: string;
    notes: string;
    created_at: string;
  };
}

const at = '2026-01-01T00:00:00.000Z';
const device = { id: 'd', office: 'o', key: 'k', seal_to: 'age1x', enrolled_at: at, last_seen: null };
const office = { id: 'o', name: 'Büro ✓', office_key: 'a'.repeat(64), created_at: at };
const run = {
  id: 'r',
  parent: null,
  params: '{}',
  seed: 9_007_199_254_740_991,
  dataset: 'x',
  metrics: '{}',
  timings: '{}',
  notes: '',
  created_at: at,
};

describe.each(['sqlite', 'postgres'] as const)('a store of the first shape on %s', (dialect) => {
  let folder: string;
  let postgres: TestPostgres | null = null;
  let db: Store;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'outpost-migrations-'));
    postgres = dialect === 'postgres' ? await startPostgres() : null;
    db = postgres === null ? openSqlite(join(folder, 'registry.sqlite')) : openPostgres(postgres.url);
  });
  afterEach(async () => {
    await db.destroy();
    await postgres?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('keeps every row through all later steps', async () => {
    await migrate(db, '0001-core');
    const first = db as unknown as Kysely<FirstShape>;
    await first.insertInto('offices').values(office).execute();
    await first.insertInto('devices').values(device).execute();
    await first.insertInto('runs').values(run).execute();
    await migrate(db);
    expect(await db.selectFrom('devices').selectAll().execute()).toEqual([{ ...device, revoked_at: null }]);
    expect(await db.selectFrom('offices').selectAll().execute()).toEqual([office]);
    expect(await db.selectFrom('runs').selectAll().execute()).toEqual([run]);
    await migrate(db);
  });

  it('is left as it was when a step fails', async () => {
    await migrate(db, '0002-pipeline');
    const first = db as unknown as Kysely<FirstShape>;
    await first.insertInto('devices').values(device).execute();
    // Someone has added the column by hand: the step cannot run, and nothing of it may stay behind.
    await db.schema.alterTable('devices').addColumn('revoked_at', 'text').execute();
    await expect(migrate(db)).rejects.toMatchObject({ code: 'BAD_DATABASE' });
    await db.schema.alterTable('devices').dropColumn('revoked_at').execute();
    await migrate(db);
    expect(await db.selectFrom('devices').selectAll().execute()).toEqual([{ ...device, revoked_at: null }]);
  });
});
