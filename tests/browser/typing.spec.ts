import { expect, test } from './fixtures.ts';
import { answer, goTo, setUp } from './steps.ts';

test('a case that was saved while its draft was on its way does not come back as a draft', async ({ stage }) => {
  const host = await stage.host();
  const page = await stage.open(host.address);
  await setUp(page);
  // The first score of a slow laptop: saved at once, answered later than a draft takes to be kept.
  await page.route('**/rpc/cases/create', async (route) => {
    const response = await route.fetch();
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    await route.fulfill({ response });
  });
  await goTo(page, 'New case');
  await answer(page, 'Did the caller ask for remote access to the computer?', 'Yes');
  await page.getByLabel('Resident', { exact: true }).fill('Meera Iyer');
  await page.getByRole('button', { name: 'Save and score' }).click();
  await expect(page.getByRole('article').getByRole('heading', { name: /Meera Iyer/ })).toBeVisible();
  await goTo(page, 'New case');
  await expect(page.getByLabel('Resident', { exact: true })).toHaveValue('');
  await page.reload();
  await expect(page.getByLabel('Resident', { exact: true })).toHaveValue('');
});

test('what is typed right before a reload, or before the window is closed, is kept', async ({ stage }) => {
  const host = await stage.host();
  const page = await stage.open(host.address);
  await setUp(page);
  await goTo(page, 'New case');
  const resident = page.getByLabel('Resident', { exact: true });
  await expect(resident).toHaveValue('');
  await resident.fill('Meera Iyer');
  await page.reload();
  await expect(resident).toHaveValue('Meera Iyer');
  await page.getByLabel('Place', { exact: true }).fill('Hillview');
  await page.close({ runBeforeUnload: true });
  const next = await stage.open(await host.freshAddress());
  await goTo(next, 'New case');
  await expect(next.getByLabel('Resident', { exact: true })).toHaveValue('Meera Iyer');
  await expect(next.getByLabel('Place', { exact: true })).toHaveValue('Hillview');
});
