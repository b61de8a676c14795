import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { goTo, setUp } from './steps.ts';

const ftc = `Company_Phone_Number,Created_Date,Violation_Date,Consumer_City,Consumer_State,Consumer_Area_Code,Subject,Recorded_Message_Or_Robocall
8005550107,2026-09-23 00:02:35,2026-09-22 18:00:00,Albany,New York,518,Computer & technical support,Y
8005550142,2026-09-23 00:05:11,2026-09-22 19:00:00,Reno,Nevada,775,Dropped call or no message,
=12,yesterday,2026-09-22 18:00:00,Troy,New York,518,Other,N
`;
const own = 'When,Who,narrative,Result\n3/4/2026,Kamala Devi,They called,proven\n5/4/2026,Ravi Menon,A pop-up,\n';

async function choose(page: Page, name: string, text: string): Promise<void> {
  await page.getByLabel(/^(Choose a|Another) file$/).setInputFiles({
    name,
    mimeType: 'text/csv',
    buffer: Buffer.from(text),
  });
}

/** A fresh laptop, on the page. */
async function onPage(stage: Parameters<Parameters<typeof test>[2]>[0]['stage']): Promise<Page> {
  const page = await stage.open((await stage.host()).address);
  await setUp(page);
  await page.keyboard.press('g');
  await page.keyboard.press('i');
  await expect(page.getByRole('heading', { level: 1, name: 'Import cases' })).toBeVisible();
  return page;
}

test('a public file is looked at, taken in, known the second time, and taken back', async ({ stage }) => {
  const page = await onPage(stage);
  const found = page.getByRole('region', { name: 'What was found' });
  await choose(page, 'calls.csv', ftc);
  await expect(found).toContainText('3 rows in calls.csv: 2 new cases, 0 known already, 1 refused.');
  await expect(found).toContainText('UTF-8, separated by commas.');
  await expect(found).toContainText('Do Not Call');
  const rows = page.getByRole('table', { name: 'The first 2 rows as cases' });
  await expect(rows.getByRole('row', { name: /Albany/ })).toContainText('8005550107');
  await expect(page.getByRole('table', { name: '1 row becomes no case' })).toContainText(
    'Created_Date: this is no date',
  );
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save refused rows as CSV' }).click();
  expect((await saved).suggestedFilename()).toBe('calls-refused.csv');

  await page.getByRole('button', { name: 'Take in 2 cases' }).click();
  await expect(found).toContainText('2 cases were taken in from calls.csv.');
  expect(await page.evaluate(() => document.activeElement?.tagName)).not.toBe('BODY');
  await found.getByRole('link', { name: 'Go to the queue' }).click();
  await expect(page.getByRole('grid').getByText('Reno, Nevada')).toBeVisible();

  await page.keyboard.press('g');
  await page.keyboard.press('i');
  await choose(page, 'calls.csv', ftc);
  await expect(found).toContainText('0 new cases, 2 known already, 1 refused.');
  await expect(page.getByRole('button', { name: 'Take in 0 cases' })).toHaveAttribute('aria-disabled', 'true');
  await page.getByRole('button', { name: 'Discard' }).click();

  const earlier = page.getByRole('table', { name: 'Earlier imports' });
  await earlier.getByRole('button', { name: 'Undo the import of calls.csv' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Undo' }).click();
  await expect(earlier.getByRole('button', { name: 'undone' })).toBeFocused();
  await goTo(page, 'Queue');
  await expect(page.getByRole('grid')).toHaveCount(0);
});

test('columns nobody knows are said to be what they are, and read again', async ({ stage }) => {
  const page = await onPage(stage);
  const found = page.getByRole('region', { name: 'What was found' });
  await choose(page, 'own.csv', own);
  await expect(page.getByRole('alert')).toContainText('exactly one has to be');
  await expect(found).toContainText('its columns could not be taken this way');
  const taken = (column: string) => page.getByRole('combobox', { name: `What ${column} is taken for` });
  const again = page.getByRole('button', { name: 'Read again' });
  await taken('When').selectOption('Date received');
  await page.getByRole('combobox', { name: 'Order of the dates in When' }).selectOption('Day first, 31/12');
  await taken('Who').selectOption('Resident');
  await taken('Result').selectOption('Outcome');
  await again.click();
  await expect(found).toContainText('1 new case, 0 known already, 1 refused.');
  await page.getByRole('combobox', { name: 'proven' }).selectOption('Confirmed scam');
  await expect(page.getByRole('button', { name: /^Take in/ })).toHaveAttribute('aria-disabled', 'true');
  await again.click();
  await expect(page.getByRole('row', { name: /Kamala Devi/ }).first()).toContainText('Confirmed scam');
  await expect(page.getByRole('row', { name: /Kamala Devi/ }).first()).toContainText('3 Apr');
});

test('what is no file of cases is refused with what to do, and nothing stays of it', async ({ stage }) => {
  const page = await onPage(stage);
  await choose(page, 'empty.csv', '');
  await expect(page.getByRole('alert')).toContainText('The CSV file is empty');
  await choose(page, 'calls.csv', ftc);
  await expect(page.getByRole('alert')).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Take in 2 cases' })).toBeVisible();
  await goTo(page, 'Queue');
  await goTo(page, 'New case');
  await page.getByRole('button', { name: 'Import cases' }).click();
  await expect(page.getByText('Nothing was imported on this laptop yet.')).toBeVisible();
});
