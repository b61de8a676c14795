import { join, resolve } from 'node:path';
import { findBrowser } from './tools/find-browser.ts';
import { HELP, optionsOf } from './screenshots/options.ts';
import { run, runTool, TOP } from './tools/run.ts';

// Pictures of every page, light and dark, in three sizes: to look at, never compared by a machine. They go into
// docs/screenshots with the pictures of README and guides beside them, or with `--out DIR` into another folder, without those.
const values = optionsOf(process.argv.slice(2));
if (values === null) process.exitCode = 2;
else if (values.help) process.stdout.write(HELP);
else if (findBrowser() === null) {
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
