import { beyondEdge } from './audit.ts';
import { expect, test } from './fixtures.ts';
import { PAGES, THEMES } from './pages.ts';

const SIZES = [
  { width: 1024, height: 640 },
  { width: 1366, height: 768 },
] as const;

for (const size of SIZES) {
  for (const theme of THEMES) {
    test(`no page scrolls sideways at ${size.width} x ${size.height}, ${theme}`, async ({ stage, demo }) => {
      test.setTimeout(120_000);
      const page = await stage.open(await demo.freshAddress());
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
      await page.setViewportSize(size);
      for (const { name, open } of PAGES) {
        await open(page);
        expect.soft(await beyondEdge(page), name).toBe(0);
      }
    });
  }
}

test('the outcome form stays in the narrow pane, also with the reason of an inconclusive one', async ({
  stage,
  demo,
}) => {
  const page = await stage.open(await demo.freshAddress());
  await page.setViewportSize(SIZES[0]);
  await PAGES[0]!.open(page);
  const form = page.getByRole('form', { name: 'Outcome' });
  await form.getByRole('radio', { name: 'Inconclusive' }).check({ force: true });
  await expect(form.getByRole('combobox')).toBeVisible();
  for (const part of await form.locator('kbd, label, input, select, button').all()) {
    const box = (await part.boundingBox())!;
    expect(box.x + box.width).toBeLessThanOrEqual(SIZES[0].width);
  }
});

for (const size of [SIZES[0], { width: 1024, height: 700 }, SIZES[1]]) {
  test(`an opened case shows verdict, score and first reason without scrolling at ${size.width} x ${size.height}`, async ({
    stage,
    demo,
  }) => {
    const page = await stage.open(await demo.freshAddress());
    await page.setViewportSize(size);
    await PAGES[0]!.open(page);
    const score = page.getByRole('article').getByRole('region', { name: 'Score', exact: true });
    const outcome = (await page.getByRole('form', { name: 'Outcome' }).boundingBox())!;
    for (const part of [
      score.locator('.verdict').first(),
      score.getByText(/^\d+\u00a0%$/),
      score.getByText(/^Mostly/),
    ]) {
      const box = (await part.boundingBox())!;
      expect(box.y).toBeGreaterThan(0);
      expect(box.y + box.height).toBeLessThanOrEqual(outcome.y);
    }
  });
}

test('no reason of the queue is cut at 1366 x 768: one without room is left out whole', async ({ stage, demo }) => {
  const page = await stage.open(await demo.freshAddress());
  await PAGES[0]!.open(page);
  const reasons = page.locator('.queue-row .c-reason > span');
  await expect.poll(() => reasons.count()).toBeGreaterThan(12);
  const cut = await reasons.evaluateAll((parts) =>
    parts.flatMap((part) => {
      const [own, cell] = [part.getBoundingClientRect(), part.parentElement!.getBoundingClientRect()];
      const hidden = own.top >= cell.bottom - 1;
      const whole = part.scrollWidth <= part.clientWidth + 1 && own.bottom <= cell.bottom + 1;
      return hidden || whole ? [] : [part.textContent];
    }),
  );
  expect(cut).toEqual([]);
  const first = await page
    .locator('.queue-row .c-reason > span:first-child')
    .evaluateAll((parts) =>
      parts.every((part) => part.getBoundingClientRect().top < part.parentElement!.getBoundingClientRect().bottom - 1),
    );
  expect(first).toBe(true);
});

test('a figure and its per cent sign stay on one line in the lead of the monitor', async ({ stage, demo }) => {
  const page = await stage.open(await demo.freshAddress());
  await page.setViewportSize(SIZES[0]);
  await PAGES.find(({ name }) => name === 'monitor')!.open(page);
  const lead = page.locator('.finding .say');
  await expect(lead).toContainText('%');
  expect(await lead.innerText()).not.toMatch(/\d %/);
});
