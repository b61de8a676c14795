import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { checkSources } from './checks.ts';
import { run, runTool, TOP } from './tools/run.ts';
import { againstExit, countsLine, countsSchema, fromPlaywright, single, sum } from './test/counts.ts';
import type { Counts } from './test/counts.ts';
import { browserSources, getBrowser } from './test/get-browser.ts';

const RESULTS = join(TOP, 'test-results');
const VITEST_REPORT = join(RESULTS, 'vitest-counts.json');
const PLAYWRIGHT_REPORT = join(RESULTS, 'playwright.json');
const MINUTE = 60_000;

type Part = readonly [name: string, run: () => Promise<Counts>];

function readReport(file: string, parse: (report: unknown) => Counts): Counts | null {
  return existsSync(file) ? parse(JSON.parse(readFileSync(file, 'utf8'))) : null;
}

async function runVitest(): Promise<Counts> {
  const args = ['run', '--reporter=default', '--reporter=./build/test/vitest-reporter.ts'];
  const env = { ...process.env, OUTPOST_COUNTS_FILE: VITEST_REPORT };
  const ended = await runTool('vitest/vitest.mjs', args, { env, timeoutMs: 19 * MINUTE });
  return againstExit(
    'vitest',
    readReport(VITEST_REPORT, (report) => countsSchema.parse(report)),
    ended.code,
  );
}

async function runBrowserSpecs(browser: string | null): Promise<Counts> {
  if (browser === null) {
    return single(false, 'No browser for the browser tests: install Chromium, Chrome or Edge, or set OUTPOST_BROWSER.');
  }
  const env = { ...process.env, OUTPOST_BROWSER: browser, PLAYWRIGHT_JSON_OUTPUT_FILE: PLAYWRIGHT_REPORT };
  const args = ['test', '--project=browser', '--reporter=list,json'];
  const ended = await runTool('@playwright/test/cli.js', args, { env, timeoutMs: 14 * MINUTE });
  return againstExit('playwright', readReport(PLAYWRIGHT_REPORT, fromPlaywright), ended.code);
}

/** A script of this project that stands for one test: its exit code decides. */
function script(name: string, args: readonly string[], timeoutMs: number): Part {
  return [
    name,
    async () => {
      const ended = await run(process.execPath, args, { timeoutMs });
      const how = ended.timedOut ? 'took too long' : `ended with code ${ended.code ?? 'none'}`;
      return single(ended.code === 0, `${name} ${how}.`);
    },
  ];
}

/** The packed files can only be run where they were packed for. */
function packageCheck(): Part {
  const name = 'package:check';
  if (process.platform === 'linux') return script(name, ['build/package-check.ts'], 5 * MINUTE);
  const skipped = [{ name, reason: 'it packs for Linux and runs the result, so it needs Linux' }];
  return [name, () => Promise.resolve({ passed: 0, failed: 0, skipped, notes: [] })];
}

async function runPart([name, runIt]: Part): Promise<Counts> {
  console.log(`\n== ${name}`);
  const started = performance.now();
  const counts = await runIt().catch((error: unknown) => single(false, `${name}: ${String(error)}`));
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`-- ${name}: ${countsLine(counts)} (${seconds} s)`);
  return counts;
}

function report(total: Counts): void {
  console.log('');
  for (const { name, reason } of total.skipped) console.log(`skipped: ${name}: ${reason}`);
  for (const note of total.notes) console.log(`failed: ${note}`);
  console.log(countsLine(total));
}

rmSync(RESULTS, { recursive: true, force: true });
mkdirSync(RESULTS, { recursive: true });
const browser = await getBrowser(browserSources());
const parts: readonly Part[] = [
  ['checks', async () => sum((await checkSources()).map((one) => single(one.passed, `${one.name}: see above.`)))],
  ['vitest', runVitest],
  script('build', ['build/bundle.ts'], 3 * MINUTE),
  packageCheck(),
  ['browser', () => runBrowserSpecs(browser)],
  script('story', ['tests/story/main.ts'], 8 * MINUTE),
];
const results: Counts[] = [];
for (const part of parts) results.push(await runPart(part));
const total = sum(results);
report(total);
process.exitCode = total.failed > 0 ? 1 : 0;
