import { defineConfig } from '@playwright/test';
import { findBrowser } from './build/tools/find-browser.ts';

const browser = findBrowser();
const isRoot = process.getuid?.() === 0;

export default defineConfig({
  outputDir: 'test-results/playwright',
  timeout: 120_000,
  expect: { timeout: 20_000 },
  fullyParallel: false,
  workers: 2,
  retries: 0,
  forbidOnly: true,
  reporter: 'list',
  use: {
    actionTimeout: 30_000,
    viewport: { width: 1366, height: 768 },
    trace: 'retain-on-failure',
    launchOptions: {
      ...(browser === null ? {} : { executablePath: browser }),
      // Chromium refuses to sandbox as root; for everyone else the sandbox stays on.
      args: isRoot ? ['--no-sandbox'] : [],
    },
  },
  projects: [
    { name: 'browser', testDir: 'tests/browser', testMatch: '**/*.spec.ts' },
    { name: 'screenshots', testDir: 'tests/browser', testMatch: '**/*.shots.ts' },
    { name: 'desktop', testDir: 'tests/desktop', testMatch: '**/*.spec.ts' },
  ],
});
