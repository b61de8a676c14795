import { expect, test } from './fixtures.ts';
import { answer, goTo, setUp } from './steps.ts';

test('Enter in a field of the intake moves on, an indicator is added by it, and Ctrl+Enter saves', async ({
  stage,
}) => {
  const host = await stage.host();
  const page = await stage.open(host.address);
  await setUp(page);
  await goTo(page, 'New case');
  const title = page.getByRole('heading', { level: 1, name: 'New case' });
  await answer(page, 'Did the caller ask for remote access to the computer?', 'Yes');
  const resident = page.getByLabel('Resident', { exact: true });
  await resident.fill('Meera Iyer');
  await resident.press('Enter');
  await expect(page.getByLabel('Phone or address')).toBeFocused();
  const phone = page.getByLabel('Caller’s number').first();
  await phone.fill('+91 80 5550 0123');
  await phone.press('Enter');
  await expect(page.locator('#f-phone-1')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('Payment handle')).toBeFocused();
  await page.getByLabel('Reference').press('Enter');
  await expect(page.getByRole('button', { name: 'Save and score' })).toBeFocused();
  await expect(title).toBeVisible();
  await resident.press('Control+Enter');
  await expect(page.getByRole('article').getByRole('heading', { name: /Meera Iyer/ })).toBeVisible();

  // A letter in the list of reasons chooses none: it is a key of the window, as everywhere else.
  await page.keyboard.press('o');
  await page.keyboard.press('i');
  const form = page.getByRole('form', { name: 'Outcome' });
  await expect(form.getByRole('combobox')).toBeFocused();
  await page.keyboard.press('o');
  await expect(form.getByRole('combobox')).toHaveValue('');
  await page.keyboard.press('s');
  await expect(form.getByRole('radio', { name: 'Confirmed scam' })).toBeChecked();
});

test('at 1024 x 640 the message of a refused entry is in sight', async ({ stage, demo }) => {
  const page = await stage.open(await demo.freshAddress());
  await page.setViewportSize({ width: 1024, height: 640 });
  await goTo(page, 'New case');
  await page.getByLabel('How much money was asked for?').fill('abc');
  await page.getByRole('button', { name: 'Save and score' }).click();
  await expect(page.locator('.field-error').first()).toBeInViewport({ ratio: 1 });
  await answer(page, 'Is money leaving, or is the caller connected, right now?', 'Yes');
  const [words, paid] = await page
    .locator('.paid-at')
    .evaluate((label) => [label.parentElement!.getBoundingClientRect().left, label.getBoundingClientRect().left]);
  expect(paid! - words!).toBeLessThan(16);
});

test('the bar of the score has the colour of its verdict', async ({ stage, demo }) => {
  const page = await stage.open(await demo.freshAddress());
  const grid = page.getByRole('grid');
  await expect(grid.locator('[aria-selected="true"]')).toHaveCount(1);
  const details = page.getByRole('article');
  const bar = details.locator('.bar-cell:not(.scam)');
  for (let step = 0; step < 60 && !(await bar.isVisible()); step += 1) {
    const before = page.url();
    await page.keyboard.press('j');
    await expect.poll(() => page.url()).not.toBe(before);
    await expect(page.locator('[aria-busy="true"], [inert]')).toHaveCount(0);
  }
  const colour = await bar.evaluate((element) => getComputedStyle(element).color);
  await expect(details.locator('.why .total rect')).toHaveCSS('fill', colour);
});
