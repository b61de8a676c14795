import { test as base, expect, type Browser, type Page } from '@playwright/test';
import { newFolder, startDemo, startHost, type HostProcess } from './hosts.ts';

export { expect };

/** Whatever a page complains about. A refused call is no complaint: the browser notes its status by itself. */
export function collectProblems(page: Page, into: string[]): void {
  page.on('pageerror', (error) => into.push(`error: ${error.message}`));
  page.on('console', (message) => {
    const refusedCall =
      message.text().startsWith('Failed to load resource') && message.location().url.includes('/rpc/');
    if (message.type() === 'error' && !refusedCall) into.push(`console: ${message.text()}`);
  });
  page.on('requestfailed', (request) => {
    const foreign = !/^(app|http|blob|data):(\/\/(127\.0\.0\.1|outpost))?/.test(request.url());
    if (foreign) into.push(`request: ${request.url()}`);
  });
}

async function watchPolicy(page: Page): Promise<void> {
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      console.error(`policy violated: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
    });
  });
}

/** Opens windows on hosts; what they complain about fails the test. */
export interface Stage {
  /** A window on an address, watched; `locale` is what its browser asks for. */
  open(address: string, locale?: string): Promise<Page>;
  /** A host on a fresh folder, stopped after the test. */
  host(): Promise<HostProcess>;
}

async function openWatched(browser: Browser, address: string, locale: string, problems: string[]): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, locale });
  const page = await context.newPage();
  collectProblems(page, problems);
  await watchPolicy(page);
  await page.goto(address);
  return page;
}

export const test = base.extend<{ stage: Stage }, { demo: HostProcess }>({
  /** One demonstration for all tests of a worker that only look at it. */
  demo: [
    async ({}, use) => {
      const demo = await startDemo();
      await use(demo);
      await demo.stop();
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  stage: async ({ browser }, use) => {
    const problems: string[] = [];
    const closing: (() => Promise<unknown>)[] = [];
    await use({
      async open(address, locale = 'en-GB') {
        const page = await openWatched(browser, address, locale, problems);
        closing.unshift(() => page.context().close());
        return page;
      },
      async host() {
        const folder = newFolder();
        const host = await startHost(folder.dir);
        closing.push(host.stop, () => Promise.resolve(folder.remove()));
        return host;
      },
    });
    for (const close of closing) await close();
    expect(problems).toEqual([]);
  },
});
