import { copyFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { testBackend, testIntake, testPassphrase } from '../support/backend.ts';
import { expect, test } from './fixtures.ts';
import { newFolder, startHost } from './hosts.ts';

test('after a fork the timeline goes on where the parent log ended', async ({ stage }) => {
  const folder = newFolder();
  try {
    const first = await testBackend({ dataDir: folder.dir });
    const { id } = await first.client.cases.create(testIntake());
    await first.client.vault.confirmRecoveryKey({});
    await first.backend.idle();
    const log = first.backend.context.session().log();
    log.setReceipted(log.head().seq);
    await first.backend.close();
    const file = join(folder.dir, 'outpost.db');
    copyFileSync(file, `${file}.backup`);
    rmSync(file);
    renameSync(`${file}.backup`, file);
    const second = await first.restart();
    await second.client.vault.unlock({ passphrase: testPassphrase });
    const outcome = { id, base: null, outcome: 'confirmed_scam', reason: null, note: '' } as const;
    await second.client.cases.recordOutcome(outcome);
    const { timeline } = await second.client.cases.get({ id });
    expect(timeline.map(({ type }) => type)).toEqual(['case.received', 'case.scored', 'case.outcome']);
    expect(new Set(timeline.map((entry) => entry.id)).size).toBe(3);
    await second.backend.close();

    const host = await startHost(folder.dir);
    try {
      const page = await stage.open(host.address);
      await page.getByLabel('Passphrase').fill(testPassphrase);
      await page.getByRole('button', { name: 'Unlock' }).click();
      await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible();
      await page.evaluate((hash) => (location.hash = hash), `#/case/${id}`);
      const entries = page.getByRole('region', { name: 'Timeline' }).getByRole('listitem');
      await expect(entries).toHaveText([/Outcome: confirmed scam/, /First score/, /Taken in/]);
    } finally {
      await host.stop();
    }
  } finally {
    folder.remove();
  }
});
