import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { rebuildProjections } from '../../../../electron/backend/store/projections.ts';
import { testBackend, testIntake, testPassphrase, type TestBackend } from '../../../support/backend.ts';
import { derivedTables, verifiedHead } from '../../../support/log.ts';

const program = join(import.meta.dirname, '../../../support/programs/take-in-cases.ts');

/** Runs the program on a folder and kills it after it has reported some saved cases. */
async function killAfter(folder: string, cases: number): Promise<string[]> {
  const child = spawn(process.execPath, [program, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  const reported: string[] = [];
  const exited = once(child, 'exit');
  for await (const line of createInterface({ input: child.stdout })) {
    reported.push(line);
    if (reported.length === cases) child.kill('SIGKILL');
  }
  await exited;
  return reported;
}

test('after a kill in the middle of writing, every case that was said to be saved is there and all holds together', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'outpost-crash-'));
  const reported = await killAfter(folder, 25);
  let opened: TestBackend | null = null;
  try {
    opened = await testBackend({ dataDir: folder, create: false });
    const { client, backend } = opened;
    await client.vault.unlock({ passphrase: testPassphrase });
    await backend.idle();
    const { rows } = await client.cases.list({ show: 'open', search: '', limit: 1000, offset: 0 });
    expect(rows.map((row) => row.reference)).toEqual(expect.arrayContaining(reported));
    expect(rows.every((row) => row.scoreHidden || row.score !== null)).toBe(true);
    const { db, log } = backend.context.session();
    expect(verifiedHead(db, log().id)).toEqual(log().head());
    const before = derivedTables(db);
    rebuildProjections(db);
    expect(derivedTables(db)).toEqual(before);
    await client.cases.create(testIntake());
  } finally {
    await opened?.dispose();
  }
});

test('locking in the middle of a first score keeps the case, and it is scored after unlocking', async () => {
  const opened = await testBackend();
  try {
    const { client, backend } = opened;
    const creating = Promise.allSettled([client.cases.create(testIntake()), client.cases.create(testIntake())]);
    await new Promise((resolve) => void setImmediate(resolve));
    await client.vault.lock({});
    await creating;
    await expect(client.cases.list({ show: 'open', search: '', limit: 10, offset: 0 })).rejects.toThrow(
      expect.objectContaining({ code: 'LOCKED' }),
    );
    await client.vault.unlock({ passphrase: testPassphrase });
    await backend.idle();
    const { rows } = await client.cases.list({ show: 'open', search: '', limit: 10, offset: 0 });
    expect(rows).toHaveLength(2);
    expect(rows.every((row) => row.scoreHidden || row.score !== null)).toBe(true);
  } finally {
    await opened.dispose();
  }
});
