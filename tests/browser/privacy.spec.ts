import { expect, test } from './fixtures.ts';
import { answer, edit, goTo, openFirst, setUp, takeIn } from './steps.ts';

test('an erased case is unreadable at once: in the pane, by Back, and in another window', async ({ stage }) => {
  const host = await stage.host();
  const page = await stage.open(host.address);
  await setUp(page);
  await takeIn(page, 'Zebedee Quill');
  await expect(page.getByText('Zebedee Quill').first()).toBeVisible();
  const address = page.url();
  const other = await stage.open(await host.freshAddress());
  await other.goto(address);
  await expect(other.getByText('Zebedee Quill').first()).toBeVisible();
  await goTo(other, 'Monitor');

  await page.getByRole('article').getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: /Erase/ }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: /Erase/ }).click();
  await expect(page.getByText('Zebedee Quill')).toHaveCount(0);
  await page.goto(address);
  await expect(page.getByText(/not on this laptop|erased/i).first()).toBeVisible();
  await expect(page.getByText('Zebedee Quill')).toHaveCount(0);

  await other.goBack();
  await expect(other.getByText(/not on this laptop|erased/i).first()).toBeVisible();
  await expect(other.getByText('Zebedee Quill')).toHaveCount(0);
});

test('a form that edits a case goes when the case is erased in another window', async ({ stage }) => {
  const host = await stage.host();
  const page = await stage.open(host.address);
  await setUp(page);
  await takeIn(page, 'Zebedee Quill');
  const other = await stage.open(await host.freshAddress());
  await openFirst(other);
  await edit(other);
  await expect(other.getByLabel('Resident', { exact: true })).toHaveValue('Zebedee Quill');

  await page.getByRole('article').getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: /Erase/ }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: /Erase/ }).click();
  await expect(other.getByText(/not on this laptop|erased/i).first()).toBeVisible();
  await expect(other.getByLabel('Resident', { exact: true })).toHaveCount(0);
});

test('a report in A4 portrait has the case on it, also after a click', async ({ stage, demo }) => {
  const page = await stage.open(await demo.freshAddress());
  await page.setViewportSize({ width: 1366, height: 768 });
  await page.getByRole('grid').getByRole('row').nth(2).click();
  const heading = page.locator('#case-title');
  await expect(heading).toBeVisible();
  // 794 px wide: the paper of a browser, on which rules for narrow windows must not apply.
  await page.setViewportSize({ width: 794, height: 1123 });
  await page.emulateMedia({ media: 'print' });
  await expect(heading).toBeVisible();
  await expect(page.getByRole('article').getByRole('region', { name: 'Facts' })).toBeVisible();
  await page.emulateMedia({ media: 'screen' });
});

test('a redacted report names no person, place or reference, and dates on paper carry their year', async ({
  stage,
}) => {
  const host = await stage.host();
  const page = await stage.open(host.address);
  await setUp(page);
  await goTo(page, 'New case');
  await answer(page, 'Did the caller ask for remote access to the computer?', 'Yes');
  await page.getByLabel('Resident', { exact: true }).fill('Anna Nováková');
  await page.getByLabel('Place', { exact: true }).fill('Olomouc');
  await page.getByLabel('Add a tactic', { exact: true }).fill('Asked Anna Nováková to buy Steam cards');
  await page.getByLabel('Add a tactic', { exact: true }).press('Enter');
  await page.getByRole('button', { name: 'Save and score' }).click();
  const report = page.getByRole('article');
  await expect(report.getByRole('heading', { name: /Nováková/ })).toBeVisible();
  const [reference] = /[A-Z]{3}-\d+/.exec(await report.getByRole('heading', { name: /Nováková/ }).innerText())!;
  await page.evaluate(() => {
    window.print = () => {};
  });
  const print = async (form: string): Promise<string> => {
    await report.getByRole('button', { name: 'Print report' }).click();
    await page.getByRole('menuitem', { name: form, exact: true }).click();
    await page.emulateMedia({ media: 'print' });
    const text = `${await page.title()}\n${await page.locator('body').innerText()}`;
    await page.emulateMedia({ media: 'screen' });
    await page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
    return text;
  };

  const redacted = await print('Redacted report, without score');
  expect(redacted).toContain('1 tactic:');
  expect(redacted).not.toMatch(/Nováková|Steam|Olomouc|Asha Rao|A score advises/);
  // Nor its reference, which never leaves either: it goes by the id that the centre knows.
  expect(redacted).not.toContain(reference);
  expect(redacted).toContain(`Redacted report on a case`);
  expect(redacted).toContain(/(?:queue|case)\/([0-9a-f-]{36})/.exec(page.url())![1]!);
  const plain = await print('Report without score');
  expect(plain).toContain(`Report on case ${reference}`);
  expect(plain).toMatch(/Asked Anna Nováková[^]*20\d\d/);
  expect(plain).toContain('Olomouc');
  expect(plain).not.toMatch(/A score advises|today|left out/i);
  expect(await print('Report with score')).toContain('A score advises');
});
