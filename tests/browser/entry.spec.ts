import type { Locator, Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { lock, setUp } from './steps.ts';

const SIZES = [
  { width: 1024, height: 640 },
  { width: 1366, height: 768 },
] as const;

async function boxOf(part: Locator): Promise<{ x: number; y: number; right: number; bottom: number }> {
  const { x, y, width, height } = (await part.boundingBox())!;
  return { x, y, right: x + width, bottom: y + height };
}

/** The card of an entry page is whole in the window, and each label stands at the left over a field as wide as the form. */
async function expectWhole(page: Page, size: (typeof SIZES)[number]): Promise<void> {
  await page.setViewportSize(size);
  const card = await boxOf(page.getByRole('main').getByRole('region'));
  expect(card.y).toBeGreaterThan(0);
  expect(card.bottom).toBeLessThan(size.height);
  const form = await boxOf(page.locator('form'));
  for (const row of await page.locator('.labelled').all()) {
    const [label, field] = [await boxOf(row.locator('.label')), await boxOf(row.locator('input'))];
    expect([label.x, field.x, field.right]).toEqual([form.x, form.x, form.right]);
    expect(await row.evaluate((element) => getComputedStyle(element).backgroundColor)).toBe('rgba(0, 0, 0, 0)');
  }
}

test('first start and lock are whole at both sizes, with room for the recovery key', async ({ stage }) => {
  const host = await stage.host();
  const page = await stage.open(host.address);
  await page.getByRole('heading', { name: 'Set up Outpost' }).waitFor();
  for (const size of SIZES) {
    await expectWhole(page, size);
    await expect(page.getByRole('button', { name: 'Set up' })).toBeInViewport({ ratio: 1 });
  }
  const key = await setUp(page);
  await lock(page);
  await page.getByRole('button', { name: 'Use the recovery key' }).click();
  const field = page.getByLabel('Recovery key');
  await field.fill(key);
  for (const size of SIZES) {
    await expectWhole(page, size);
    expect(await field.evaluate((input) => input.scrollWidth - input.clientWidth)).toBe(0);
  }
});
