import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { testBackend, testClock, testIntake, testPassphrase, type TestBackend } from '../support/backend.ts';
import { poisonedInference } from '../support/poisoned-inference.ts';
import { expect, test } from './fixtures.ts';
import { newFolder, startHost } from './hosts.ts';
import { goTo } from './steps.ts';

/**
 * A case whose score is shown. Now and then one is drawn for a check by a hash of its id, which follows from the time of
 * this run; recording an outcome takes such a case out of the work left.
 */
async function shownCase(client: TestBackend['client']): Promise<string> {
  for (;;) {
    const { id } = await client.cases.create(testIntake());
    if (!(await client.cases.get({ id, look: false })).row.scoreHidden) return id;
    await client.cases.recordOutcome({ id, base: null, outcome: 'confirmed_scam', reason: null, note: '' });
  }
}

test('reasons that could not be worked out are said at the case and where work is listed, and can be tried again', async ({
  stage,
}) => {
  const folder = newFolder();
  try {
    const { version: appVersion } = JSON.parse(
      readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'),
    ) as { version: string };
    const model = poisonedInference();
    const clock = testClock(new Date().toISOString());
    const laptop = await testBackend({ dataDir: folder.dir, appVersion, clock, spawnInference: model.spawn });
    await laptop.client.cases.create(testIntake());
    await laptop.client.vault.confirmRecoveryKey({});
    await laptop.backend.idle();
    model.poison = 'reasons';
    const id = await shownCase(laptop.client);
    await laptop.backend.idle();
    await laptop.backend.close();

    const host = await startHost(folder.dir);
    try {
      const page = await stage.open(host.address);
      await page.getByLabel('Passphrase').fill(testPassphrase);
      await page.getByRole('button', { name: 'Unlock' }).click();
      await goTo(page, 'Models');
      await expect(page.getByText('Reasons are being worked out for 1 case. It failed for 1 case;')).toBeVisible();
      await page.evaluate((hash) => (location.hash = hash), `#/case/${id}`);
      const problem = page.getByRole('alert').filter({ hasText: 'could not be worked out' });
      await expect(problem).toContainText('the score stands');
      await problem.getByRole('button', { name: 'Try again' }).click();
      await expect(page.getByText(/^Mostly because of/)).toBeVisible();
      await expect(problem).toBeHidden();
    } finally {
      await host.stop();
    }
  } finally {
    folder.remove();
  }
});
