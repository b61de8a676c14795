import { expect, test } from './fixtures.ts';
import { startHost } from './hosts.ts';
import { answer, edit, goTo, lock, openFirst, PASSPHRASE, setUp, takeIn, unlock, unlockRestarted } from './steps.ts';

test('what is typed survives a reload, a lock and a restart of the host, and belongs to its person', async ({
  stage,
}) => {
  const host = await stage.host();
  const page = await stage.open(host.address);
  await setUp(page);
  await goTo(page, 'New case');
  const resident = page.getByLabel('Resident', { exact: true });
  await resident.fill('Meera Iyer');
  await expect(page.getByText(/draft kept/)).toBeVisible();

  await page.reload();
  await expect(resident).toHaveValue('Meera Iyer');

  // Locked before the pause after which a draft is kept.
  await page.getByLabel('Place', { exact: true }).fill('Hillview');
  await lock(page);
  await unlock(page);
  await goTo(page, 'New case');
  await expect(page.getByLabel('Place', { exact: true })).toHaveValue('Hillview');

  // Another person of the same laptop begins with an empty form.
  await goTo(page, 'Settings');
  await page.getByLabel('Name', { exact: false }).last().fill('Ravi');
  await page.getByRole('button', { name: 'Add' }).click();
  await page
    .getByRole('contentinfo', { name: 'Status' })
    .getByRole('button', { name: /North$/ })
    .click();
  await page.getByRole('menuitem', { name: 'Ravi' }).click();
  await goTo(page, 'New case');
  await expect(resident).toHaveValue('');

  // The window that was left open finds the host that was started again.
  await host.stop();
  const again = await startHost(host.dataDir);
  try {
    await unlockRestarted(page);
    await goTo(page, 'New case');
    await expect(resident).toHaveValue('Meera Iyer');
  } finally {
    await page.close();
    await again.stop();
  }
});

test('a half-typed outcome note stays with its case while others are looked at', async ({ stage }) => {
  const host = await stage.host();
  const page = await stage.open(host.address);
  await setUp(page);
  await takeIn(page, 'Meera Iyer');
  await takeIn(page, 'Noor Khan');
  const note = page.getByRole('article').getByLabel('Note on the outcome');
  await note.fill('Called back, the number');
  await goTo(page, 'Queue');
  const grid = page.getByRole('grid');
  await grid.focus();
  const first = await grid.locator('[aria-selected="true"]').innerText();
  await page.keyboard.press('j');
  await page.keyboard.press('k');
  await page.keyboard.press('k');
  const selected = grid.locator('[aria-selected="true"]');
  await page.keyboard.press('j');
  await expect(selected).toHaveCount(1);
  const values = new Set<string>();
  for (const key of ['k', 'j'] as const) {
    await page.keyboard.press(key);
    await expect(page.getByRole('article')).toBeVisible();
    await expect.poll(() => note.inputValue()).toMatch(/^(Called back, the number)?$/);
    await page.waitForTimeout(400);
    values.add(await note.inputValue());
  }
  expect(first).not.toBe('');
  expect([...values].toSorted()).toEqual(['', 'Called back, the number']);
});

test('an edit made on an older version shows both and loses neither', async ({ stage }) => {
  const host = await stage.host();
  const page = await stage.open(host.address);
  await setUp(page);
  await takeIn(page, 'Meera Iyer');
  const other = await stage.open(await host.freshAddress());
  await edit(page);
  await openFirst(other);
  await edit(other);
  await other.getByLabel('How to make contact').fill('Ring twice');
  await other.getByLabel('Place', { exact: true }).fill('Hillview');
  await other.getByRole('button', { name: 'Save changes' }).click();
  await expect(other.getByRole('article').getByText('Ring twice')).toBeVisible();

  await page.getByLabel('How to make contact').fill('Never ring');
  await page.getByRole('button', { name: 'Save changes' }).click();
  const sheet = page.getByRole('dialog', { name: /was edited meanwhile/ });
  await expect(sheet.getByRole('row', { name: /How to make contact/ })).toContainText('Ring twice');
  await expect(sheet.getByRole('row', { name: /How to make contact/ })).toContainText('Never ring');
  await expect(sheet.getByRole('definition').getByText('Hillview')).toBeVisible();
  await sheet.getByRole('radio', { name: /^Saved by/ }).check();
  await sheet.getByRole('button', { name: 'Save with these choices' }).click();
  await expect(page.getByRole('article').getByText('Ring twice')).toBeVisible();

  // A second edit starts from what is saved, not from what was read before.
  await edit(page);
  await expect(page.getByLabel('How to make contact')).toHaveValue('Ring twice');
  await expect(page.getByLabel('Place', { exact: true })).toHaveValue('Hillview');
});

test('the recovery key is shown again after a reload until it is confirmed, and can be replaced by a new one', async ({
  stage,
}) => {
  const host = await stage.host();
  const page = await stage.open(host.address);
  const shown = page.getByTestId('recovery-key');
  const first = await setUp(page, 'Asha Rao', async () => {
    const before = await shown.innerText();
    await page.reload();
    await expect(shown).toHaveText(before);
  });
  await page.reload();
  await goTo(page, 'Settings');
  const panel = page.getByRole('region', { name: 'Recovery key' });
  await panel.getByLabel('Passphrase').fill('not the passphrase');
  await panel.getByRole('button', { name: 'Make a new key' }).click();
  await expect(panel.getByText(/does not fit/)).toBeVisible();
  await panel.getByLabel('Passphrase').fill(PASSPHRASE);
  await panel.getByRole('button', { name: 'Make a new key' }).click();
  await expect(shown).toHaveText(/-/);
  expect(await shown.innerText()).not.toBe(first);
  await page.getByLabel('I have it on paper').check();
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible();
});

test('two windows on one draft save one case, and the second shows it', async ({ stage }) => {
  const host = await stage.host();
  const page = await stage.open(host.address);
  await setUp(page);
  await goTo(page, 'New case');
  await answer(page, 'Did the caller ask for remote access to the computer?', 'Yes');
  await page.getByLabel('Resident', { exact: true }).fill('Meera Iyer');
  await expect(page.getByText(/draft kept/)).toBeVisible();
  const other = await stage.open(await host.freshAddress());
  await goTo(other, 'New case');
  await expect(other.getByLabel('Resident', { exact: true })).toHaveValue('Meera Iyer');

  await page.getByRole('button', { name: 'Save and score' }).click();
  await expect(page.getByRole('article').getByRole('heading', { name: /Meera Iyer/ })).toBeVisible();
  await other.getByRole('button', { name: 'Save and score' }).click();
  await expect(other.getByRole('alert')).toContainText('saved already');
  await other.getByRole('button', { name: 'Open that case' }).click();
  await expect(other.getByRole('article').getByRole('heading', { name: /Meera Iyer/ })).toBeVisible();
  await expect(other.getByRole('grid').locator('[role="row"][aria-selected]')).toHaveCount(1);
  // What was saved is no draft any more: the form begins again.
  await goTo(other, 'New case');
  await expect(other.getByLabel('Resident', { exact: true })).toHaveValue('');
});

test('an outcome recorded in another window meanwhile is shown beside the one being chosen', async ({ stage }) => {
  const host = await stage.host();
  const page = await stage.open(host.address);
  await setUp(page);
  await takeIn(page, 'Meera Iyer');
  const other = await stage.open(await host.freshAddress());
  await openFirst(other);
  const form = page.getByRole('form', { name: 'Outcome' });
  await form.getByRole('radio', { name: 'Confirmed scam' }).check({ force: true });
  const there = other.getByRole('form', { name: 'Outcome' });
  await there.getByRole('radio', { name: 'Genuine provider' }).check({ force: true });
  await there.getByLabel('Note on the outcome').fill('Called the office');
  await there.getByRole('button', { name: 'Save outcome' }).click();

  await expect(form.getByRole('status')).toContainText('Genuine provider');
  await expect(form.getByRole('status')).toContainText('Called the office');
  await expect(form.getByRole('radio', { name: 'Confirmed scam' })).toBeChecked();
  // Whoever was still writing has not looked up yet: Enter replaces nothing.
  await form.getByLabel('Note on the outcome').press('Enter');
  await expect(form).toContainText('Yours was not saved');
  await expect(other.getByRole('group', { name: 'Outcome' })).toContainText('Genuine provider');
  await form.getByRole('button', { name: 'Save mine instead' }).click();
  await expect(page.getByRole('group', { name: 'Outcome' })).toContainText('Confirmed scam');
});
