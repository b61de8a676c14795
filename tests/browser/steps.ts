import { expect, type Page } from '@playwright/test';

export const PASSPHRASE = 'correct horse battery staple';

/** Sets Outpost up as on a first start and returns the recovery key; `look` sees the page that shows it. */
export async function setUp(
  page: Page,
  name = 'Asha Rao',
  look: () => Promise<void> = () => Promise.resolve(),
): Promise<string> {
  await expect(page.getByRole('heading', { name: 'Set up Outpost' })).toBeVisible();
  await page.getByLabel('Your name').fill(name);
  await page.getByLabel('Office').fill('North');
  await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
  await page.getByLabel('Passphrase again').fill(PASSPHRASE);
  await page.getByRole('button', { name: 'Set up' }).click();
  await expect(page.getByRole('heading', { name: 'Your recovery key' })).toBeVisible();
  await expect(page.getByTestId('recovery-key')).toHaveText(/-/);
  const key = await page.getByTestId('recovery-key').innerText();
  // News of the open vault arrive meanwhile; the key stays until it is confirmed.
  await expect(page.getByRole('button', { name: 'Continue' })).toHaveAttribute('aria-disabled', 'true');
  await look();
  await page.getByLabel('I have it on paper').check();
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible();
  return key;
}

/** Answers a yes/no question of the intake form. */
export async function answer(page: Page, question: string, value: 'Yes' | 'No'): Promise<void> {
  await page.getByRole('radiogroup', { name: question }).getByRole('radio', { name: value, exact: true }).check();
}

/** Goes to a page of the rail. */
export async function goTo(page: Page, name: string): Promise<void> {
  await page
    .getByRole('navigation', { name: 'Main' })
    .getByRole('link', { name: new RegExp(`^${name}`) })
    .click();
}

/** Locks by the menu of the person in the strip. */
export async function lock(page: Page): Promise<void> {
  await page
    .getByRole('contentinfo', { name: 'Status' })
    .getByRole('button', { name: /North$/ })
    .click();
  await page.getByRole('menuitem', { name: 'Lock now' }).click();
  await expect(page.getByRole('heading', { name: 'Outpost is locked' })).toBeVisible();
}

/** Opens the vault of a locked window. */
export async function unlock(page: Page): Promise<void> {
  await page.getByLabel('Passphrase').fill(PASSPHRASE);
  await page.getByRole('button', { name: 'Unlock' }).click();
}

/** Waits until a window that was left open has found the restarted host, and opens the vault as a person of the laptop. */
export async function unlockRestarted(page: Page, name = 'Asha Rao'): Promise<void> {
  await expect(page.getByRole('heading', { name: 'Outpost is locked' })).toBeVisible({ timeout: 40_000 });
  await unlock(page);
  await page.getByRole('button', { name: new RegExp(name) }).click();
}

/** Takes a case in and stays on it. */
export async function takeIn(page: Page, resident: string): Promise<void> {
  await goTo(page, 'New case');
  await answer(page, 'Did the caller ask for remote access to the computer?', 'Yes');
  await page.getByLabel('Resident', { exact: true }).fill(resident);
  await page.getByRole('button', { name: 'Save and score' }).click();
  await expect(page.getByRole('article').getByRole('heading', { name: new RegExp(resident) })).toBeVisible();
}

/** Goes from an open case to the form that edits it. */
export async function edit(page: Page): Promise<void> {
  await page.getByRole('article').getByRole('button', { name: /^Edit/ }).first().click();
  await expect(page.getByRole('heading', { name: /^Edit/ })).toBeVisible();
}

/** Goes to the first case of the queue. */
export async function openFirst(page: Page): Promise<void> {
  await goTo(page, 'Queue');
  // Not by its reasons: one case in twenty is drawn for a check and shows none.
  await page.getByRole('grid').locator('[role="row"][aria-selected]').first().click();
}
