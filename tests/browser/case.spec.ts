import type { Page } from '@playwright/test';
import { createUploadedFiles } from '../../electron/backend/exchange/uploaded-files.ts';
import { testBackend, testPassphrase } from '../support/backend.ts';
import { expect, test } from './fixtures.ts';
import { newFolder, startHost } from './hosts.ts';
import { openAt, settled } from './pages.ts';

const looks = { scam: 'Scam', clear: 'Not scam', outside: 'Outside' } as const;

/** Moves down the queue to a case of a verdict, and waits until it is open. */
async function openOne(page: Page, verdict: (typeof looks)[keyof typeof looks]): Promise<void> {
  const selected = page.getByRole('grid').locator('[aria-selected="true"]');
  await expect(selected).toHaveCount(1);
  for (let step = 0; step < 120; step += 1) {
    if ((await selected.locator('.c-verdict').innerText()).trim() === verdict) {
      const reference = (await selected.locator('.c-ref').innerText()).trim();
      await expect(page.locator('.case:not([inert]) .case-title')).toContainText(reference);
      return settled(page);
    }
    const before = await selected.getAttribute('id');
    await page.keyboard.press('j');
    await expect(selected).not.toHaveAttribute('id', before!);
  }
  throw new Error(`No case of the queue is ${verdict}.`);
}

for (const size of [
  { width: 1366, height: 768 },
  { width: 1024, height: 700 },
]) {
  test(`facts are summed up in a few rows, the others a key away, at ${size.width} x ${size.height}`, async ({
    stage,
    demo,
  }) => {
    const page = await stage.open(await demo.freshAddress());
    await page.setViewportSize(size);
    await openOne(page, 'Scam');
    const facts = page.getByRole('article').getByRole('region', { name: 'Facts' });
    const shown = facts.locator('dl > div:visible');
    await expect(shown.first()).toContainText('Yes');
    expect(await shown.count()).toBeLessThanOrEqual(8);
    expect((await facts.locator('dl').boundingBox())!.height).toBeLessThanOrEqual(8 * 21);
    // The value stands beside its label, not at the far end of the row.
    const [label, value] = [shown.first().locator('dt'), shown.first().locator('dd')];
    const [left, right] = [(await label.boundingBox())!, (await value.boundingBox())!];
    expect(right.x - (left.x + left.width)).toBeLessThanOrEqual(12);
    const before = await shown.count();
    const button = facts.getByRole('button', { name: /^All facts, \d+ unknown/ });
    await expect(button).toHaveAttribute('aria-expanded', 'false');
    const unknown = Number(/\d+/.exec(await button.innerText())![0]);
    await page.keyboard.press('v');
    const named = facts.locator('dl > div').filter({ hasText: /^Unknown/ });
    await expect(named).toBeVisible();
    expect((await named.locator('dd').innerText()).split(', ')).toHaveLength(unknown);
    expect(await shown.count()).toBeGreaterThan(before);
    await facts.getByRole('button', { name: 'Fewer facts' }).click();
    await expect(shown).toHaveCount(before);
  });
}

test('a recorded outcome leads the case, and the first score steps back behind it', async ({ stage, demo }) => {
  const page = await stage.open(await demo.freshAddress());
  await openOne(page, 'Scam');
  const address = page.url();
  await page.keyboard.press('o');
  await page.keyboard.press('g');
  await page.getByLabel('Note on the outcome').fill('The provider sent the invoice.');
  await page.getByRole('button', { name: 'Save outcome' }).click();
  await page.goto(address);
  const score = page.getByRole('article').getByRole('region', { name: 'Score', exact: true });
  const outcome = score.getByRole('group', { name: 'Outcome' });
  await expect(outcome.getByRole('heading', { name: 'Genuine provider' })).toBeVisible();
  await expect(outcome).toContainText(/recorded .* by Demo person/i);
  await expect(outcome).toContainText('The provider sent the invoice.');
  const first = score.getByText(/^First score: Scam \d+\u00a0%, model 1$/);
  expect((await first.boundingBox())!.y).toBeGreaterThan((await outcome.boundingBox())!.y);
  await expect(score.locator('.score-number, .score-bar, .verdict.scam')).toHaveCount(0);
  await expect(page.locator('.why')).toBeVisible();
  await expect(page.locator('.why.red')).toHaveCount(0);
  await expect(page.getByRole('article').getByRole('button', { name: 'Change outcome' })).toBeVisible();
});

test('red is kept for scam, and a score the model does not stand for is neither bold nor a bar', async ({
  stage,
  demo,
}) => {
  const page = await stage.open(await demo.freshAddress());
  const score = page.getByRole('article').getByRole('region', { name: 'Score', exact: true });
  const style = (selector: string, name: string): Promise<string> =>
    page
      .locator(selector)
      .first()
      .evaluate((part, of) => getComputedStyle(part).getPropertyValue(of), name);
  await openOne(page, 'Scam');
  const red = await style('.score-line .verdict', 'color');
  expect(await style('.score-bar .value', 'fill')).toBe(red);
  expect(await style('.why .sum', 'fill')).toBe(red);

  await openOne(page, 'Not scam');
  const [bar, sum] = [await style('.score-bar .value', 'fill'), await style('.why .sum', 'fill')];
  expect([bar, sum]).toEqual([await style('.score-scale', 'color'), await style('.score-scale', 'color')]);
  expect(bar).not.toBe(red);

  await openOne(page, 'Outside');
  await expect(score.getByText('Outside what the model knows').first()).toBeVisible();
  await expect(score.locator('.score-number, .score-bar')).toHaveCount(0);
  await expect(score.getByText(/^First score: \d+\u00a0%, model 1$/)).toHaveCSS('font-weight', '400');
  await expect(page.locator('.queue-row[aria-selected="true"] .c-score')).toHaveCSS('font-weight', '400');
});

test('a past case shows its outcome, and calmly why it has no score', async ({ stage }) => {
  const folder = newFolder();
  try {
    const laptop = await testBackend({ dataDir: folder.dir });
    const exchange = createUploadedFiles(laptop.backend.context.exchangeDir);
    const file = await exchange.save(
      [Buffer.from('received;narrative;outcome;note\n2025-04-03;They called;scam;court\n')],
      1e6,
    );
    for await (const one of await laptop.client.imports.stage({ file, name: 'past.csv', mapping: null }))
      if (one.kind === 'staged') await laptop.client.imports.commit({ id: one.staged.id });
    await laptop.client.vault.confirmRecoveryKey({});
    await laptop.backend.idle();
    const { rows } = await laptop.client.cases.list({ show: 'done', search: '', limit: 1, offset: 0 });
    await laptop.backend.close();

    const host = await startHost(folder.dir);
    try {
      const page = await stage.open(host.address);
      await page.getByLabel('Passphrase').fill(testPassphrase);
      await page.getByRole('button', { name: 'Unlock' }).click();
      await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible();
      await openAt(page, `#/case/${rows[0]!.id}`);
      const score = page.getByRole('article').getByRole('region', { name: 'Score', exact: true });
      await expect(score.getByRole('group', { name: 'Outcome' })).toContainText('Confirmed scam');
      await expect(score.getByText(/^A past case that came with its outcome/)).toBeVisible();
      await expect(score.getByRole('button', { name: 'Score now' })).toHaveCount(0);
      await expect(score.getByText('No score yet')).toHaveCount(0);
    } finally {
      await host.stop();
    }
  } finally {
    folder.remove();
  }
});
