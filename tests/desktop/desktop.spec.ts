import { _electron, expect, test } from '@playwright/test';
import { collectProblems } from '../browser/fixtures.ts';
import { newFolder } from '../browser/hosts.ts';
import { answer, goTo, lock, PASSPHRASE, setUp } from '../browser/steps.ts';
import { findRuntime, TOP } from './runtime.ts';

// The same steps as in the browser, in the desktop shell itself. Needs its runtime, `npm run build` and a display.
test('from the first start to a scored case in the desktop shell', async () => {
  const executablePath = findRuntime();
  if (executablePath === null)
    throw new Error('The desktop runtime is not installed: run node node_modules/electron/install.js.');
  const folder = newFolder();
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const shell = await _electron.launch({
    executablePath,
    args: [...sandbox, TOP, `--data-dir=${folder.dir}`],
    cwd: TOP,
  });
  const problems: string[] = [];
  try {
    const page = await shell.firstWindow();
    collectProblems(page, problems);
    expect(page.url()).toMatch(/^app:\/\/outpost\//);
    expect(await page.evaluate(() => typeof (globalThis as { require?: unknown }).require)).toBe('undefined');
    await setUp(page);
    await goTo(page, 'New case');
    await answer(page, 'Did the caller ask for remote access to the computer?', 'Yes');
    await page.getByLabel('Resident', { exact: true }).fill('Meera Iyer');
    await page.getByRole('button', { name: 'Save and score' }).click();
    await expect(page.getByRole('article').getByRole('heading', { name: /Meera Iyer/ })).toBeVisible();
    await lock(page);
    await page.getByLabel('Passphrase').fill(PASSPHRASE);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible();
  } finally {
    await shell.close();
    folder.remove();
  }
  expect(problems).toEqual([]);
});
