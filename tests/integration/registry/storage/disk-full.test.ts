import { saying } from '../../../support/saying.ts';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { syncLaptop, type SyncLaptop } from '../../../support/sync-laptop.ts';
import { testRegistry, type TestRegistry } from '../../../support/registry.ts';

let registry: TestRegistry;
let laptop: SyncLaptop;
beforeEach(async () => {
  registry = await testRegistry();
  laptop = await syncLaptop(registry.clock);
  await laptop.sync.enrol({ code: await registry.invite() });
});
afterEach(async () => {
  await laptop.close();
  await registry.close();
});

const numberOf = async (pragma: string): Promise<number> => {
  const { rows } = await sql.raw<Record<string, number>>(`PRAGMA ${pragma}`).execute(registry.context.db);
  return Object.values(rows[0] ?? {})[0] ?? 0;
};

test('a full disk of the registry is not taken for one of the laptop, and nothing is lost', async () => {
  // SQLite fails with the same code as on a disk that has no block left.
  await numberOf(`max_page_count = ${await numberOf('page_count')}`);
  for (let left = 100; left > 0; left -= 1) laptop.addCase();
  const { waiting } = laptop.sync.status();
  const full = await laptop.sync.now();
  expect(full).toMatchObject({ waiting, lastProblem: { code: 'OFFLINE' } });
  expect(full.lastProblem?.sentence).toEqual(saying(/^The registry cannot store anything: its disk is full/));
  await numberOf('max_page_count = 1000000');
  expect(await laptop.sync.now()).toMatchObject({ waiting: 0, lastProblem: null });
  const stored = await registry.context.db.selectFrom('log_events').select('seq').execute();
  expect(stored).toHaveLength(laptop.log().head().seq);
});
