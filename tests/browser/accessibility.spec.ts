import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { PAGES, THEMES } from './pages.ts';
import { lock, setUp } from './steps.ts';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).withTags(RULES).analyze();
  return found.flatMap((rule) =>
    rule.nodes.map((node) => `${rule.id}: ${node.target.join(' ')}: ${node.failureSummary ?? ''}`),
  );
}

for (const theme of THEMES) {
  test(`every page is free of violations in ${theme}`, async ({ stage, demo }) => {
    test.setTimeout(240_000);
    const page = await stage.open(await demo.freshAddress());
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    for (const { name, open } of PAGES) {
      await open(page);
      expect.soft(await violations(page), name).toEqual([]);
    }
  });

  test(`first start, recovery key and lock are free of violations in ${theme}`, async ({ stage }) => {
    const host = await stage.host();
    const page = await stage.open(host.address);
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    await expect(page.getByRole('heading', { name: 'Set up Outpost' })).toBeVisible();
    expect.soft(await violations(page), 'first start').toEqual([]);
    await setUp(page, 'Asha Rao', async () => {
      expect.soft(await violations(page), 'recovery key').toEqual([]);
    });
    expect.soft(await violations(page), 'empty queue').toEqual([]);
    await lock(page);
    expect.soft(await violations(page), 'lock').toEqual([]);
  });
}

test('nothing moves when motion is not wanted, and everything is there at 200 %', async ({ stage, demo }) => {
  const page = await stage.open(await demo.freshAddress());
  await page.emulateMedia({ reducedMotion: 'reduce' });
  // Twice the size on a small screen leaves half the room.
  await page.setViewportSize({ width: 683, height: 400 });
  await expect(page.getByRole('grid')).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
});
