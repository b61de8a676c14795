import { expect, test } from './fixtures.ts';
import { startDemo } from './hosts.ts';
import { goTo, lock } from './steps.ts';

test('five hundred cases: urgent first, a pinned order, a short list in the page', async ({ stage, demo }) => {
  const page = await stage.open(await demo.freshAddress());
  const grid = page.getByRole('grid', { name: 'Open cases' });
  await expect(grid).toBeVisible();
  await expect.poll(async () => Number(await grid.getAttribute('aria-rowcount'))).toBeGreaterThan(100);
  await expect(grid.getByRole('row').first()).toContainText('Money is leaving now');
  // Only what is near the view exists in the page, however long the queue is.
  expect(await grid.getByRole('row').count()).toBeLessThan(80);
  await expect(page.getByRole('contentinfo', { name: 'Status' })).toContainText('demo, nothing is kept');
});

test('how many rows the list has is not known while it loads, and then stays', async ({ stage, demo }) => {
  const page = await stage.open('about:blank');
  await page.addInitScript(() => {
    const seen: (string | null)[] = [];
    Object.assign(window, { seen });
    const note = (): void => {
      const count = document.querySelector('[role=grid]')?.getAttribute('aria-rowcount');
      if (count !== undefined && count !== seen.at(-1)) seen.push(count);
    };
    new MutationObserver(note).observe(document, { subtree: true, childList: true, attributes: true });
  });
  await page.goto(await demo.freshAddress());
  const grid = page.getByRole('grid', { name: 'Open cases' });
  await expect(grid.getByRole('row').first()).toBeVisible();
  const seen = await page.evaluate(() => (window as unknown as { seen: string[] }).seen);
  expect(seen).toEqual(['-1', await grid.getAttribute('aria-rowcount')]);
  const last = Number(seen.at(-1));
  await grid.press('End');
  await expect(grid.locator(`[aria-rowindex="${last}"]`)).toBeVisible();
  await expect(grid.locator(`[aria-rowindex="${last + 1}"]`)).toHaveCount(0);
});

test('by keyboard alone: move, read, search, pages, palette, help', async ({ stage, demo }) => {
  const page = await stage.open(await demo.freshAddress());
  const grid = page.getByRole('grid');
  const selected = grid.locator('[aria-selected="true"]');
  await expect(selected).toHaveCount(1);
  const first = await selected.innerText();
  await page.keyboard.press('j');
  await expect(selected).not.toHaveText(first);
  const second = await selected.innerText();
  const reference = /SIM-\d+/.exec(second)?.[0] ?? '';
  await expect(page.getByRole('article')).toContainText(reference);
  await page.keyboard.press('k');
  await expect.poll(async () => selected.innerText()).toBe(first);
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/#\/case\//);
  await page.keyboard.press('Escape');
  await expect(page).toHaveURL(/#\/queue\//);

  await page.keyboard.press('/');
  await expect(page.getByLabel('Search cases')).toBeFocused();
  await page.keyboard.type(reference);
  // The case, and the heading of its group.
  await expect(grid).toHaveAttribute('aria-rowcount', '2');
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Delete');
  await page.keyboard.press('Escape');

  for (const [key, title] of [
    ['m', 'Monitor'],
    ['o', 'Models'],
    ['s', 'Sync'],
    ['e', 'Settings'],
    ['n', 'New case'],
  ] as const) {
    await page.keyboard.press('g');
    await page.keyboard.press(key);
    await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  }
  await page.keyboard.press('Control+k');
  await page.keyboard.type('queue');
  await page.keyboard.press('Enter');
  await expect(grid).toBeVisible();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('a reload keeps the place, and the list follows what another window does', async ({ stage, demo }) => {
  const [page, other] = [await stage.open(await demo.freshAddress()), await stage.open(await demo.freshAddress())];
  const selected = page.getByRole('grid').locator('[aria-selected="true"]');
  for (let step = 0; step < 8; step += 1) await page.keyboard.press('j');
  await expect(selected).toHaveCount(1);
  const place = page.url();
  await page.reload();
  await expect(selected).toHaveCount(1);
  expect(page.url()).toBe(place);

  const reference = /SIM-\d+/.exec(await selected.innerText())?.[0] ?? '';
  await other.goto(place);
  await expect(other.getByRole('article')).toContainText(reference);
  await other.keyboard.press('o');
  await other.keyboard.press('g');
  await other.getByLabel('Note on the outcome').fill('The provider called back with the invoice.');
  await other.getByRole('button', { name: 'Save outcome' }).click();
  await expect(page.getByRole('article').getByText('Genuine provider').first()).toBeVisible();
});

test('a page of the window can be left and opened by its address', async ({ stage, demo }) => {
  const page = await stage.open(await demo.freshAddress());
  await goTo(page, 'Monitor');
  await expect(page.getByText(/New since .* upi payment/i).first()).toBeVisible();
  await page.goBack();
  await expect(page.getByRole('grid')).toBeVisible();
  await page.goForward();
  await expect(page).toHaveURL(/#\/monitor$/);
});

test('locking hides everything at once in every window, and the passphrase brings it back', async ({ stage }) => {
  const demo = await startDemo();
  try {
    const [page, other] = [await stage.open(demo.address), await stage.open(await demo.freshAddress())];
    await expect(other.getByRole('grid')).toBeVisible();
    await lock(page);
    await expect(other.getByRole('heading', { name: 'Outpost is locked' })).toBeVisible();
    expect(await other.locator('body').innerText()).not.toContain('SIM-');
    await page.getByLabel('Passphrase').fill(demo.passphrase ?? '');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Demo person' }).click();
    await expect(page.getByRole('grid')).toBeVisible();
  } finally {
    expect(await demo.stop()).toBe(0);
  }
});
