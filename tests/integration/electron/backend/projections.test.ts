import { afterEach, expect, test } from 'vitest';
import { projectionVersion } from '../../../../electron/backend/store/projections.ts';
import { testBackend, testIntake, testPassphrase, type TestBackend } from '../../../support/backend.ts';
import { derivedTables } from '../../../support/log.ts';

const open: TestBackend[] = [];
afterEach(async () => {
  for (const test of open.splice(0)) await test.dispose();
});

/** A laptop with one case, whose tables are then spoilt as an older program might have left them. */
async function spoilt(): Promise<{ test: TestBackend; id: string; before: unknown }> {
  const test = await testBackend();
  open.push(test);
  const { id } = await test.client.cases.create(testIntake({ tactics: ['UPI payment'] }));
  await test.backend.idle();
  const { db } = test.backend.context.session();
  const before = derivedTables(db);
  db.exec('DELETE FROM case_tactics; DELETE FROM case_search; UPDATE cases SET stake_amount = 1');
  return { test, id, before };
}

async function again({ client, backend }: TestBackend, version: number | null): Promise<unknown> {
  backend.context.session().keyValues.set('projections.version', version);
  await client.vault.lock({});
  await client.vault.unlock({ passphrase: testPassphrase });
  const { db, keyValues } = backend.context.session();
  return { tables: derivedTables(db), version: keyValues.get('projections.version') };
}

test('tables written by another version of the program are rebuilt from the log at the next unlocking', async () => {
  const { test: laptop, before } = await spoilt();
  const left = derivedTables(laptop.backend.context.session().db);
  expect(await again(laptop, projectionVersion)).toEqual({ tables: left, version: projectionVersion });
  expect(await again(laptop, projectionVersion + 1)).toEqual({ tables: before, version: projectionVersion });
  laptop.backend.context.session().db.exec('DELETE FROM case_search');
  expect(await again(laptop, null)).toEqual({ tables: before, version: projectionVersion });
});

test.each([
  ['private part', "UPDATE private_payloads SET text = '{}' WHERE event_id = (SELECT current_event FROM cases)"],
  ['entry', "UPDATE events SET text = '{}' WHERE type = 'case.scored'"],
])('a damaged %s keeps nobody out: the tables stay as they were', async (_, damage) => {
  const { test: laptop, id } = await spoilt();
  const { db } = laptop.backend.context.session();
  const left = derivedTables(db);
  db.exec(damage);
  expect(await again(laptop, 0)).toEqual({ tables: left, version: 0 });
  expect((await laptop.client.cases.list({ show: 'open', search: '', limit: 9, offset: 0 })).rows[0]?.id).toBe(id);
});
