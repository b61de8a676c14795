import { run, runTool } from '../tools/run.ts';
import { findBrowser } from '../tools/find-browser.ts';

const DOWNLOAD_LIMIT_MS = 180_000;
const PACKAGE_LIMIT_MS = 300_000;

/** The ways to a browser that {@link getBrowser} tries, in order; injectable so that the order can be tested. */
interface BrowserSources {
  readonly find: () => string | null;
  readonly download: () => Promise<boolean>;
  readonly installPackage: () => Promise<boolean>;
  readonly say: (line: string) => void;
}

async function installDebianPackage(): Promise<boolean> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = async (...args: string[]): Promise<boolean> =>
    (await run('apt-get', args, { env, timeoutMs: PACKAGE_LIMIT_MS })).code === 0;
  const install = ['install', '-y', '--no-install-recommends', 'chromium'];
  return (await apt(...install)) || ((await apt('update')) && (await apt(...install)));
}

/** This machine's ways to a browser: what is installed, Playwright's download, Debian's package (as root). */
export function browserSources(): BrowserSources {
  return {
    find: () => findBrowser(),
    download: async () =>
      (await runTool('@playwright/test/cli.js', ['install', 'chromium'], { timeoutMs: DOWNLOAD_LIMIT_MS })).code === 0,
    installPackage: installDebianPackage,
    say: (line) => console.log(line),
  };
}

/** Returns the path of a browser for the tests, fetching one if there is none; null when that is impossible. */
export async function getBrowser(sources: BrowserSources): Promise<string | null> {
  const found = sources.find();
  if (found !== null) return found;
  sources.say('No Chromium, Chrome or Edge is installed: asking Playwright for one.');
  if (await sources.download()) {
    const downloaded = sources.find();
    if (downloaded !== null) return downloaded;
  }
  sources.say('That did not work: asking the system for the package chromium.');
  return (await sources.installPackage()) ? sources.find() : null;
}
