import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { findBrowser } from './tools/find-browser.ts';
import { run, runTool, TOP } from './tools/run.ts';

// Pictures of every page, light and dark, in three sizes: to look at, never compared by a machine. They go into
// docs/screenshots with the pictures of README and guides beside them, or with `--out DIR` into another folder, without those.
const { values } = parseArgs({ options: { out: { type: 'string' } } });
if (findBrowser() === null) {
  console.error('Screenshots need Chromium, Chrome or Edge: install one, or name it in OUTPOST_BROWSER.');
  process.exitCode = 1;
} else {
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    OUTPOST_SHOTS: values.out === undefined ? join(TOP, 'docs', 'screenshots') : resolve(values.out),
    ...(values.out === undefined ? { OUTPOST_GUIDE_PICTURES: join(TOP, 'docs') } : {}),
  };
  const built = await run(process.execPath, [join(TOP, 'build', 'bundle.ts'), 'renderer']);
  const made =
    built.code === 0 ? await runTool('@playwright/test/cli.js', ['test', '--project=screenshots'], { env }) : built;
  process.exitCode = made.code ?? 1;
}
