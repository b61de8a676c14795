import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import type { Manifest } from '../../shared/encoding/manifest.ts';
import en from '../../shared/language/en.json' with { type: 'json' };
import { beyondEdge, collectData, cutTexts, plainTexts, type Data } from './audit.ts';
import { expect, test, type Stage } from './fixtures.ts';
import { ended, newFolder, runServe, TOP } from './hosts.ts';
import { importedTexts, openAt, pagesIn, settled } from './pages.ts';
import { edit, goTo, PASSPHRASE, setUp, takeIn } from './steps.ts';
import { pseudoLanguage } from './words.ts';

const SIZES = [
  { width: 1024, height: 640 },
  { width: 1366, height: 768 },
] as const;

const { say } = pseudoLanguage;

interface Audited {
  readonly page: Page;
  /** Looks at what the window shows now, at both sizes. */
  readonly look: (name: string) => Promise<void>;
}

/** A window that speaks the pseudo-language. */
async function openPseudo(stage: Stage, address: string): Promise<Audited> {
  const page = await stage.open('about:blank', 'en-XA');
  const data: Data = collectData(page);
  // A stream is not read to its end: what it sends of a file is known from the file.
  for (const text of importedTexts) data.set(text, 'value');
  await page.goto(address);
  const look = async (name: string): Promise<void> => {
    for (const size of SIZES) {
      await page.setViewportSize(size);
      await settled(page);
      // Lists and charts measure themselves again after a change of size.
      await page.waitForTimeout(120);
      expect.soft(await beyondEdge(page), `${name} at ${size.width}: pixels beyond the edge`).toBe(0);
      expect.soft(await cutTexts(page), `${name} at ${size.width}: cut or covered`).toEqual([]);
    }
    expect.soft(await plainTexts(page, data), `${name}: said by no catalogue`).toEqual([]);
  };
  return { page, look };
}

async function closeDialog(page: Page): Promise<void> {
  await page.keyboard.press('Escape');
  await expect(page.locator('[role=dialog], [role=alertdialog], [role=menu]')).toHaveCount(0);
}

test('every page speaks by the catalogue and has room for longer words', async ({ stage, demo }) => {
  test.setTimeout(180_000);
  const { page, look } = await openPseudo(stage, await demo.freshAddress());
  await expect(page.locator('html')).toHaveAttribute('lang', pseudoLanguage.locale);
  for (const { name, open } of pagesIn(pseudoLanguage)) {
    await open(page);
    await look(name);
  }
  await closeDialog(page);
});

test('so do the lists, menus and forms of a case', async ({ stage, demo }) => {
  test.setTimeout(180_000);
  const { page, look } = await openPseudo(stage, await demo.freshAddress());
  await pagesIn(pseudoLanguage)[0]!.open(page);
  const article = page.getByRole('article');
  await article.getByRole('radio', { name: say('window_case.outcomes_inconclusive') }).check({ force: true });
  await look('outcome form');
  await article.getByRole('button', { name: say('window_case.print') }).click();
  await look('print menu');
  await closeDialog(page);
  await article.getByRole('button', { name: say('window_case.more') }).click();
  await look('menu of a case');
  await page.getByRole('menuitem', { name: say('window_case.erase') }).click();
  await look('before erasing');
  await closeDialog(page);
  await page.getByRole('contentinfo').getByRole('button').last().click();
  await look('menu of the person');
  await closeDialog(page);
  for (const show of ['mine', 'done'] as const) {
    await page.getByRole('button', { name: say(`window_queue.show_${show}`) }).click();
    await settled(page);
    await look(`list: ${show}`);
  }
  const search = page.getByRole('textbox', { name: say('window_queue.search') });
  await search.fill('00009999');
  await expect(
    page.getByRole('heading', { name: say('window_queue.empty_search', { words: '00009999' }) }),
  ).toBeVisible();
  await look('nothing found');
  await search.fill('');
  await openAt(page, '#/case/00000000-0000-7000-8000-000000000000');
  await expect(page.getByRole('heading', { name: say('window_case.gone') })).toBeVisible();
  await look('a case that is gone');
});

test('so do the intake form and what it refuses', async ({ stage, demo }) => {
  test.setTimeout(180_000);
  const { page, look } = await openPseudo(stage, await demo.freshAddress());
  await openAt(page, '#/new');
  await page
    .getByRole('radiogroup', { name: say('window_intake.urgent') })
    .first()
    .getByRole('radio', { name: say('window_intake.yes'), exact: true })
    .check({ force: true });
  await page.locator('input[type=time]').fill('12:40');
  await page.locator('input[inputmode=decimal]').first().fill('1e9x');
  await page.locator('#f-received').fill('');
  await page.locator('#f-phone-0').fill('0141 555 0107');
  const tactic = page.getByRole('textbox', { name: say('window_intake.add_tactic') });
  for (const typed of ['call 0141 555 0107 now', 'fresh trick']) {
    await tactic.fill(typed);
    await page.getByRole('button', { name: say('window_intake.add'), exact: true }).click();
  }
  await page.getByRole('button', { name: say('window_intake.save'), exact: true }).click();
  await expect(page.locator('.field-error').first()).toBeVisible();
  await look('refused entries');
  await page.getByRole('button', { name: say('window_intake.discard') }).click();
  await look('before discarding');
  await page.getByRole('button', { name: say('window_intake.discard_yes'), exact: true }).click();
});

test('so do models, sync, monitor and settings, opened out', async ({ stage, demo }) => {
  test.setTimeout(180_000);
  const { page, look } = await openPseudo(stage, await demo.freshAddress());
  await openAt(page, '#/models');
  await page
    .getByRole('button', { name: say('window_models.import_file') })
    .first()
    .click();
  await look('import of a model');
  await closeDialog(page);
  await page.locator('tr.now').getByRole('button').first().click();
  await expect(page.locator('[role=status]').getByText(/⟦Ñ/)).toBeVisible({ timeout: 60_000 });
  await look('dry run');
  await openAt(page, '#/sync');
  await page.getByRole('button', { name: say('window_sync.preview_show') }).click();
  await page.getByRole('button', { name: say('window_sync.enrol_button'), exact: true }).click();
  await expect(page.locator('.exact pre').first()).toBeVisible();
  await look('sync, opened out');
  await openAt(page, '#/settings');
  await page.locator('#lock-minutes').fill('9999');
  await page.locator('#lock-minutes').press('Enter');
  await page.getByRole('button', { name: say('window_settings.add'), exact: true }).click();
  await expect(page.locator('.field-error')).toHaveCount(2);
  await look('refused settings');
  await openAt(page, '#/monitor');
  const tables = page.getByRole('radio', { name: say('window_monitor.table') });
  for (let at = 0; at < (await tables.count()); at += 1) await tables.nth(at).check({ force: true });
  await look('tables of the monitor');
});

test('so does what stands before the vault is open, and a window whose host is gone', async ({ stage }) => {
  test.setTimeout(180_000);
  const host = await stage.host();
  const { page, look } = await openPseudo(stage, host.address);
  await page.getByRole('button', { name: say('window_entry.create') }).click();
  await look('first start, refused');
  await page.locator('#first-name').fill('Asha Rao');
  await page.locator('#first-passphrase').fill(PASSPHRASE);
  await page.locator('#first-again').fill(PASSPHRASE);
  await page.getByRole('button', { name: say('window_entry.create') }).click();
  await expect(page.getByTestId('recovery-key')).toHaveText(/-/);
  await page.getByTestId('recovery-key').evaluate((element) => void (element.textContent = '1'));
  await look('recovery key');
  await page.getByRole('checkbox').check();
  await page.getByRole('button', { name: say('window_entry.go_on') }).click();
  for (const name of ['queue', 'monitor', 'models', 'sync'] as const) {
    await openAt(page, `#/${name}`);
    await settled(page);
    await look(`${name}, empty`);
  }
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').fill('00009999');
  await look('no action');
  await closeDialog(page);
  await openAt(page, '#/settings');
  // Somebody else works here too, so that it is asked who does.
  await page.getByRole('textbox', { name: say('window_settings.add_name') }).fill('Ravi');
  await page.getByRole('button', { name: say('window_settings.add'), exact: true }).click();
  await expect(page.getByText('Ravi', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: say('window_settings.lock_now') }).click();
  await page.locator('#unlock').fill('wrong');
  await page.locator('form').getByRole('button').first().click();
  await expect(page.locator('.field-error')).toBeVisible();
  await look('locked');
  await page.locator('form').getByRole('button').last().click();
  await look('locked, by recovery key');
  await page.locator('form').getByRole('button').last().click();
  await page.locator('#unlock').fill(PASSPHRASE);
  await page.locator('form').getByRole('button').first().click();
  await expect(page.getByRole('heading', { name: say('window_entry.who') })).toBeVisible();
  await look('who is working');
  await page.getByRole('button', { name: 'Asha Rao' }).click();
  await expect(page.getByRole('contentinfo')).toBeVisible();
  await host.stop();
  await expect(page.getByText(say('window_frame.lost'))).toBeVisible({ timeout: 20_000 });
  await look('without a host');
});

test('so does an edit that somebody else overtook', async ({ stage }) => {
  test.setTimeout(120_000);
  const host = await stage.host();
  const other = await stage.open(host.address);
  await setUp(other);
  await takeIn(other, 'Meera Iyer');
  const { page, look } = await openPseudo(stage, await host.freshAddress());
  await page
    .getByRole('article')
    .getByRole('button', { name: say('window_case.edit') })
    .first()
    .click();
  await page.locator('#f-place').fill('12/34');
  await look('edit of a case');
  await edit(other);
  await other.getByLabel('Place', { exact: true }).fill('Hillview');
  await other.getByRole('button', { name: 'Save changes' }).click();
  await other.getByRole('button', { name: /^All facts/ }).click();
  await expect(other.getByRole('article').getByText('today, Hillview')).toBeVisible();
  await page.getByRole('button', { name: say('window_intake.save_edit') }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await look('both versions of an edit');
});

test('what is said by no catalogue, cut or covered is found', async ({ stage, demo }) => {
  const page = await stage.open('about:blank', 'en-XA');
  const data = collectData(page);
  await page.goto(await demo.freshAddress());
  await pagesIn(pseudoLanguage)[5]!.open(page);
  await page.evaluate(() => {
    const box = document.querySelector('h1')!;
    box.title = 'Plain words';
    const add = (text: string, overflow: string): void => {
      const narrow = document.createElement('i');
      narrow.textContent = text;
      Object.assign(narrow.style, { width: '9px', overflow });
      box.after(narrow);
    };
    add('⟦åååååååååå⟧', 'hidden');
    add('⟦öööööööööö⟧', 'visible');
  });
  expect((await plainTexts(page, data)).map(({ text }) => text)).toEqual(['Plain words']);
  const cut = await cutTexts(page);
  expect(cut.map(({ text }) => text)).toEqual(['⟦åååååååååå⟧', '⟦öööööööööö⟧']);
  expect(cut.map(({ where }) => where.split(' ')[0])).toEqual(['cut', 'drawn']);
});

/** A copy of the program. */
function copyInto(folder: string): void {
  for (const part of [
    'build',
    'electron',
    'models',
    'platform',
    'renderer',
    'shared',
    'package.json',
    'tsconfig.base.json',
  ])
    cpSync(join(TOP, part), join(folder, part), { recursive: true });
  symlinkSync(join(TOP, 'node_modules'), join(folder, 'node_modules'));
}

/** A copy of the program with one file more: a made-up language, Esperanto by name. */
function copyWith(folder: string, marker: string): void {
  copyInto(folder);
  const made = Object.entries(en).map(([code, message]) => [code, `${marker} ${message}`]);
  const catalogue = { ...Object.fromEntries(made), 'language.locale': 'eo' };
  writeFileSync(join(folder, 'shared/language/eo.json'), JSON.stringify(catalogue));
}

test('a window speaks the language that Outpost was asked for, whatever the browser asks for', async ({ stage }) => {
  const data = newFolder();
  const env = { ...process.env, OUTPOST_LANGUAGE: 'en-XA' };
  const host = await runServe(['--data-dir', data.dir, '--keep'], env);
  try {
    const page = await stage.open(host.address, 'en-GB');
    await expect(page.getByRole('button', { name: say('window_entry.create') })).toBeVisible();
    await expect(page.locator('html')).toHaveAttribute('lang', pseudoLanguage.locale);
    await page.evaluate(() => void window.dispatchEvent(new Event('languagechange')));
    await expect(page.getByRole('button', { name: say('window_entry.create') })).toBeVisible();
  } finally {
    await ended(host.child);
    data.remove();
  }
});

test('a further language is one more file, and a window changes to another as it runs', async ({ stage }) => {
  test.setTimeout(120_000);
  const copy = newFolder();
  const data = newFolder();
  try {
    copyWith(copy.dir, 'Jen:');
    execFileSync(process.execPath, ['build/bundle.ts', 'renderer'], { cwd: copy.dir });
    const host = await runServe(['--data-dir', data.dir, '--keep'], process.env, copy.dir);
    try {
      const page = await stage.open(host.address, 'eo');
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Jen: Set up Outpost');
      await expect(page.locator('html')).toHaveAttribute('lang', 'eo');
      await page.evaluate(() => {
        Object.defineProperty(navigator, 'languages', { value: ['en-GB'] });
        window.dispatchEvent(new Event('languagechange'));
      });
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Set up Outpost');
      await expect(page.locator('html')).toHaveAttribute('lang', 'en-GB');
    } finally {
      await ended(host.child);
    }
  } finally {
    copy.remove();
    data.remove();
  }
});

test('a companion of the model names attributes and values in a language that no catalogue is in', async ({
  stage,
}) => {
  test.setTimeout(120_000);
  const [copy, data] = [newFolder(), newFolder()];
  try {
    copyInto(copy.dir);
    symlinkSync(join(TOP, 'dist'), join(copy.dir, 'dist'));
    const file = join(copy.dir, 'models/manifest.json');
    const manifest = JSON.parse(readFileSync(file, 'utf8')) as Manifest;
    const words = { label: 'संपर्क', question: 'संपर्क कैसे हुआ?', name: 'संपर्क', values: { popup: 'पॉप-अप' } };
    const hindi = { ...manifest.texts[0]!, language: 'hi', attributes: { contact_channel: words } };
    writeFileSync(file, JSON.stringify({ ...manifest, texts: [...manifest.texts, hindi] }));
    const env = { ...process.env, OUTPOST_LANGUAGE: 'hi' };
    const host = await runServe(['--data-dir', data.dir, '--keep'], env, copy.dir);
    try {
      const page = await stage.open(host.address);
      await setUp(page);
      await goTo(page, 'New case');
      await page.getByLabel(words.question).selectOption('पॉप-अप');
      await page.getByRole('button', { name: 'Save and score' }).click();
      const facts = page.getByRole('article').locator('dl').filter({ hasText: words.label });
      await expect(facts.getByText('पॉप-अप')).toBeVisible();
    } finally {
      await ended(host.child);
    }
  } finally {
    copy.remove();
    data.remove();
  }
});
