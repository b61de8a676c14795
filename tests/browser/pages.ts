import { expect, type Page } from '@playwright/test';
import type { Language } from '../../shared/language/language.ts';
import { english } from './words.ts';

export const THEMES = ['light', 'dark'] as const;

/** A page of the window: how to get there, and what shows that it has everything it will have. */
interface PageShown {
  readonly name: string;
  readonly open: (page: Page) => Promise<void>;
}

export async function openAt(page: Page, hash: string): Promise<void> {
  await page.evaluate((to) => void (window.location.hash = to), hash);
}

/** Lets what was asked for arrive: nothing is loading any more, fonts stand, motion has ended. */
export async function settled(page: Page): Promise<void> {
  await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  await page.evaluate(() =>
    Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => undefined))).then(
      () => undefined,
    ),
  );
}

/** Moves on to a case whose score may be seen: some are drawn for an audit, and theirs comes after the outcome. */
async function chooseScored(page: Page, { say }: Language): Promise<void> {
  const why = page.getByRole('heading', { name: say('window_case.why') });
  const later = page.getByRole('article').getByText(say('window_verdict.long_later'));
  for (let step = 0; step < 10; step += 1) {
    await expect(why.or(later).first()).toBeVisible();
    if (await why.isVisible()) return;
    await page.keyboard.press('j');
    await expect(page.locator('[aria-busy="true"], [inert]')).toHaveCount(0);
  }
  throw new Error('Ten cases in a row were drawn for an audit.');
}

/** A file to import: names and places in it are data, every other word is said by the window. */
const complaints = `reference,received,resident,place,phone,money_asked,money_asked_currency,tactics,outcome,narrative
P-2041,2026-09-21,Kamala Devi,Pune,0141 555 0107,120.50,INR,,,The screen turned red and a number to call stood on it.
P-2042,2026-09-22,Ravi Menon,Nagpur,0141 555 0142,,,gift cards,confirmed_scam,He was told to buy cards and read out the codes.
P-2043,yesterday,Asha,Goa,12,maybe,,,,
`;

/** What is shown of that file as it is: headers, cells, words that outcomes are known by, and what it is written in. */
export const importedTexts: readonly string[] = [
  ...complaints.split(/[,\n]/).filter(Boolean),
  ...['scam', 'genuine', 'genuine_provider', 'inconclusive'],
  'UTF-8',
];

const simple = (name: string, hash: string, heading: string): PageShown => ({
  name,
  async open(page) {
    await openAt(page, hash);
    await expect(page.getByRole('heading', { level: 1, name: heading }).first()).toBeVisible();
    await settled(page);
  },
});

/** Every page of an open window with cases in it. */
export function pagesIn(language: Language): readonly PageShown[] {
  const { say } = language;
  return [
    {
      name: 'queue',
      async open(page) {
        // A fresh window is there already and is about to choose the first case by itself.
        if (/#\/(?!queue)/.test(page.url())) await openAt(page, '#/queue');
        await expect(page.getByRole('grid').locator('[aria-selected="true"]')).toHaveCount(1);
        await expect(page.getByRole('grid')).not.toContainText('No facts recorded yet', { timeout: 60_000 });
        await chooseScored(page, language);
        await settled(page);
      },
    },
    simple('new-case', '#/new', say('window_frame.pages_new')),
    simple('import', '#/import', say('window_import.title')),
    {
      name: 'import-read',
      async open(page) {
        await openAt(page, '#/import');
        await page.locator('main input[type=file]').setInputFiles({
          name: '2026-09',
          mimeType: 'text/csv',
          buffer: Buffer.from(complaints),
        });
        await expect(page.locator('.save-bar')).toBeVisible();
        await settled(page);
      },
    },
    simple('monitor', '#/monitor', say('window_monitor.title')),
    simple('models', '#/models', say('window_models.title')),
    simple('sync', '#/sync', say('window_sync.title')),
    simple('settings', '#/settings', say('window_settings.title')),
    simple('interview-sheet', '#/sheet', say('window_intake.sheet_title')),
    {
      name: 'palette',
      async open(page) {
        await openAt(page, '#/settings');
        await expect(page.getByRole('heading', { level: 1, name: say('window_settings.title') })).toBeVisible();
        await page.keyboard.press('Control+k');
        await expect(page.getByRole('dialog')).toBeVisible();
        await settled(page);
      },
    },
    {
      name: 'keys',
      async open(page) {
        await page.keyboard.press('Escape');
        await expect(page.getByRole('dialog')).toHaveCount(0);
        await openAt(page, '#/monitor');
        await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
        await page.keyboard.press('?');
        await expect(page.getByRole('dialog', { name: say('window_frame.help') })).toBeVisible();
        await settled(page);
      },
    },
  ];
}

/** {@link pagesIn} for windows that speak English. */
export const PAGES = pagesIn(english);
