import { expect, test } from './fixtures.ts';
import { startHost } from './hosts.ts';
import { edit, goTo, openFirst, setUp, takeIn, unlockRestarted } from './steps.ts';

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
  await takeIn(page, 'Meera Iyer');
  await goTo(page, 'New case');
  await expect(page.getByLabel('Resident', { exact: true })).toHaveValue('');
  await page.reload();
  await expect(page.getByLabel('Resident', { exact: true })).toHaveValue('');
});

test('a form takes no letters while it is saved: they would be in no case', async ({ stage }) => {
  const host = await stage.host();
  const page = await stage.open(host.address);
  await setUp(page);
  let answer = (): void => undefined;
  const asked = new Promise<void>((resolve) => (answer = resolve));
  await page.route('**/rpc/cases/create', async (route) => {
    await asked;
    await route.continue();
  });
  await goTo(page, 'New case');
  await page.getByLabel('Resident', { exact: true }).fill('Meera Iyer');
  await page.getByLabel('Their words').fill('A pop-up.');
  await page.getByRole('button', { name: 'Save and score' }).click();
  await expect(page.getByRole('form', { name: 'Intake' })).toHaveAttribute('aria-busy', 'true');
  const place = page.getByLabel('Place', { exact: true });
  await place.pressSequentially('Hillview');
  await expect(place).toHaveValue('');
  answer();
  await expect(page.getByRole('article').getByRole('heading', { name: /Meera Iyer/ })).toBeVisible();
  await goTo(page, 'New case');
  await expect(place).toHaveValue('');
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

test('what is typed while the host is down is kept once it is back, for its person', async ({ stage }) => {
  const host = await stage.host();
  const page = await stage.open(host.address);
  await setUp(page);
  await goTo(page, 'New case');
  const resident = page.getByLabel('Resident', { exact: true });
  await resident.fill('Meera Iyer');
  await expect(page.getByText(/draft kept/)).toBeVisible();
  await host.crash();
  await page.getByLabel('Place', { exact: true }).fill('Hillview');
  await expect(page.getByText(/not kept yet/)).toBeVisible();
  await expect(page.getByRole('alert').getByText(/does not answer/)).toBeVisible();

  const again = await startHost(host.dataDir);
  try {
    await unlockRestarted(page);
    await goTo(page, 'New case');
    await expect(resident).toHaveValue('Meera Iyer');
    await expect(page.getByLabel('Place', { exact: true })).toHaveValue('Hillview');
    await expect(page.getByText(/draft kept/)).toBeVisible();
  } finally {
    await page.close();
    await again.stop();
  }
});

test('a draft that could not be read is not taken for an empty form', async ({ stage }) => {
  const host = await stage.host();
  const page = await stage.open(host.address);
  await setUp(page);
  await goTo(page, 'New case');
  const resident = page.getByLabel('Resident', { exact: true });
  await resident.fill('Meera Iyer');
  await expect(page.getByText(/draft kept/)).toBeVisible();
  await goTo(page, 'Queue');
  await page.route('**/rpc/drafts/get', (route) => route.abort());
  await goTo(page, 'New case');
  await expect(page.getByRole('alert').getByText(/does not answer/)).toBeVisible();
  await expect(resident).toHaveCount(0);
  await page.unroute('**/rpc/drafts/get');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(resident).toHaveValue('Meera Iyer');
});

test('an edit left half done shows at once what was saved since, before it goes on', async ({ stage }) => {
  const host = await stage.host();
  const page = await stage.open(host.address);
  await setUp(page);
  await takeIn(page, 'Meera Iyer');
  await edit(page);
  await page.getByLabel('How to make contact').fill('Never ring');
  await expect(page.getByText(/draft kept/)).toBeVisible();
  const url = page.url();
  const other = await stage.open(await host.freshAddress());
  await openFirst(other);
  await edit(other);
  // The same person in another window: the draft is there too.
  await expect(other.getByLabel('How to make contact')).toHaveValue('Never ring');
  await other.getByLabel('How to make contact').fill('Ring twice');
  await other.getByRole('button', { name: 'Save changes' }).click();
  await expect(other.getByRole('article').getByText('Ring twice')).toBeVisible();
  await page.getByLabel('Place', { exact: true }).fill('Lowfield');
  await expect(page.getByText(/draft kept/)).toBeVisible();
  await page.goto(url);
  await page.reload();
  const sheet = page.getByRole('dialog', { name: /was edited meanwhile/ });
  const row = sheet.getByRole('row', { name: /How to make contact/ });
  await expect(row).toContainText('Ring twice');
  await expect(row).toContainText('Never ring');
  await expect(sheet.getByRole('columnheader', { name: /Saved by Asha Rao/ })).toBeVisible();
  const goOn = sheet.getByRole('button', { name: 'Go on with these choices' });
  await expect(goOn).toHaveAttribute('aria-disabled', 'true');
  await sheet.getByRole('radio', { name: /^Saved by/ }).check();
  await goOn.click();
  await expect(sheet).toHaveCount(0);
  await expect(page.getByLabel('How to make contact')).toHaveValue('Ring twice');
  await expect(page.getByLabel('Place', { exact: true })).toHaveValue('Lowfield');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expect(page.getByRole('article').getByText('Ring twice')).toBeVisible();
});

test('a half-typed outcome stays when another window records one, and says so', async ({ stage }) => {
  const host = await stage.host();
  const page = await stage.open(host.address);
  await setUp(page);
  await takeIn(page, 'Meera Iyer');
  const box = page.getByRole('article').getByRole('form', { name: 'Outcome' });
  await box.getByLabel('Note on the outcome').fill('The bank says');
  const other = await stage.open(await host.freshAddress());
  await openFirst(other);
  const theirs = other.getByRole('article').getByRole('form', { name: 'Outcome' });
  await expect(theirs.getByLabel('Note on the outcome')).toHaveValue('The bank says');
  await theirs.getByRole('radio', { name: 'Confirmed scam' }).check();
  await theirs.getByLabel('Note on the outcome').fill('Paid in gift cards');
  await theirs.getByRole('button', { name: 'Save outcome' }).click();
  await expect(theirs).toHaveCount(0);
  const overtaken = box.getByRole('status');
  await expect(overtaken).toContainText('Recorded meanwhile: Confirmed scam');
  await expect(overtaken).toContainText('Paid in gift cards');
  await expect(box.getByLabel('Note on the outcome')).toHaveValue('The bank says');
  await box.getByRole('button', { name: 'Keep it' }).click();
  await expect(page.getByRole('group', { name: 'Outcome' }).getByText('Paid in gift cards')).toBeVisible();
});
