import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { test } from './fixtures.ts';
import { PAGES, THEMES } from './pages.ts';
import { lock, setUp } from './steps.ts';

const SIZES = [
  { width: 1024, height: 640 },
  { width: 1366, height: 768 },
  { width: 1920, height: 1080 },
] as const;

// Set by build/screenshots.ts; the second is the folder of the pictures in README and guides.
const OUT = process.env['OUTPOST_SHOTS'] ?? 'docs/screenshots';
const GUIDES = process.env['OUTPOST_GUIDE_PICTURES'];
/** Pages that README and guides show. */
const SHOWN = new Set(['queue', 'new-case', 'monitor', 'sync']);

async function shoot(page: Page, name: string, theme: string): Promise<void> {
  mkdirSync(OUT, { recursive: true });
  for (const size of SIZES) {
    await page.setViewportSize(size);
    // Lists and charts measure themselves again after a change of size.
    await page.waitForTimeout(250);
    await page.screenshot({ path: join(OUT, `${name}-${theme}-${size.width}.png`), animations: 'disabled' });
  }
  await page.setViewportSize(SIZES[1]);
}

for (const theme of THEMES) {
  test(`pictures of every page, ${theme}`, async ({ stage, demo }) => {
    test.setTimeout(300_000);
    const page = await stage.open(await demo.freshAddress());
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    for (const { name, open } of PAGES) {
      await open(page);
      await shoot(page, name, theme);
      if (SHOWN.has(name) && theme === 'light' && GUIDES !== undefined)
        await page.screenshot({ path: join(GUIDES, `${name}.png`) });
    }
  });

  test(`pictures of first start and lock, ${theme}`, async ({ stage }) => {
    test.setTimeout(120_000);
    const host = await stage.host();
    const page = await stage.open(host.address);
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    await page.getByRole('heading', { name: 'Set up Outpost' }).waitFor();
    await shoot(page, 'first-start', theme);
    await setUp(page);
    await shoot(page, 'empty-queue', theme);
    await lock(page);
    await shoot(page, 'lock', theme);
  });
}
