import { existsSync } from 'node:fs';
import { Client, Pool } from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import { startPglite } from '../../support/pglite-server.ts';
import { findPostgresBin, startPostgres } from '../../support/postgres.ts';

const cleanups: Array<() => Promise<void>> = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

async function startBoth(): Promise<string[]> {
  const started = [await startPostgres(), await startPglite()];
  cleanups.push(...started.map((one) => one.stop));
  return started.map((one) => one.url);
}

describe('the PostgreSQL that tests get', () => {
  it('keeps the transactions of two connections apart', async () => {
    for (const url of await startBoth()) {
      const pool = new Pool({ connectionString: url, max: 2 });
      const [one, two] = [await pool.connect(), await pool.connect()];
      await one.query('CREATE TABLE t (n integer NOT NULL)');
      await one.query('BEGIN');
      await one.query('INSERT INTO t VALUES ($1)', [1]);
      const other = two.query('INSERT INTO t VALUES ($1)', [2]);
      await one.query('ROLLBACK');
      await other;
      expect((await one.query<{ n: number }>('SELECT n FROM t')).rows).toEqual([{ n: 2 }]);
      one.release();
      two.release();
      await pool.end();
    }
  });

  it('reports an error of SQL and stays usable', async () => {
    for (const url of await startBoth()) {
      const client = new Client({ connectionString: url });
      await client.connect();
      await expect(client.query('SELECT * FROM missing')).rejects.toMatchObject({ code: '42P01' });
      expect((await client.query<{ n: number }>('SELECT 1 AS n')).rows).toEqual([{ n: 1 }]);
      await client.end();
    }
  });

  it('uses the folder named by the environment and else one that exists', () => {
    expect(findPostgresBin({ OUTPOST_POSTGRES_BIN: '/opt/pg/bin' })).toBe('/opt/pg/bin');
    const found = findPostgresBin({});
    expect(found === null || existsSync(found)).toBe(true);
  });
});
