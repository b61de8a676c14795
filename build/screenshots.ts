import { findBrowser } from './find-browser.ts';
import { runTool } from './run.ts';

// Pictures of every page, light and dark, into test-results/screenshots: to look at, never compared by a machine.
if (findBrowser() === null) {
  console.error('Screenshots need Chromium, Chrome or Edge: install one, or name it in OUTPOST_BROWSER.');
  process.exitCode = 1;
} else {
  const args = ['test', '--project=screenshots', ...process.argv.slice(2)];
  process.exitCode = (await runTool('@playwright/test/cli.js', args)).code ?? 1;
}
