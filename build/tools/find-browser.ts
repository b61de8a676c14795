import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/** What the search for a browser looks at; passed in so that every platform can be tested on one. */
export interface BrowserSearch {
  readonly platform: NodeJS.Platform;
  readonly env: NodeJS.ProcessEnv;
  readonly home: string;
  readonly exists: (path: string) => boolean;
  readonly list: (folder: string) => readonly string[];
}

const ON_PATH = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
  'microsoft-edge-stable',
  'msedge',
];
const IN_APPLICATIONS = ['Google Chrome', 'Chromium', 'Microsoft Edge'];
const IN_PROGRAM_FILES = ['Google\\Chrome\\Application\\chrome.exe', 'Microsoft\\Edge\\Application\\msedge.exe'];
/** Where Playwright's own browser lies inside its versioned folder, by platform and age. */
const IN_PLAYWRIGHT = [
  'chrome-linux64/chrome',
  'chrome-linux/chrome',
  'chrome-mac-arm64/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing',
  'chrome-mac-x64/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing',
  'chrome-mac/Chromium.app/Contents/MacOS/Chromium',
  'chrome-win64/chrome.exe',
  'chrome-win/chrome.exe',
];

/** A search over this machine. */
function thisMachine(env: NodeJS.ProcessEnv = process.env): BrowserSearch {
  const list = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder) : []);
  return { platform: process.platform, env, home: homedir(), exists: existsSync, list };
}

function installedPlaces(search: BrowserSearch): string[] {
  const { platform, env, home } = search;
  if (platform === 'darwin') {
    return ['/Applications', join(home, 'Applications')].flatMap((folder) =>
      IN_APPLICATIONS.map((name) => `${folder}/${name}.app/Contents/MacOS/${name}`),
    );
  }
  if (platform === 'win32') {
    const roots = [env['ProgramFiles'], env['ProgramFiles(x86)'], env['LOCALAPPDATA']];
    return roots.flatMap((root) => (root === undefined ? [] : IN_PROGRAM_FILES.map((name) => `${root}\\${name}`)));
  }
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return ON_PATH.flatMap((name) => folders.map((folder) => join(folder, name)));
}

function playwrightCache({ platform, env, home }: BrowserSearch): string {
  const named = env['PLAYWRIGHT_BROWSERS_PATH'];
  if (named !== undefined && named !== '' && named !== '0') return named;
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'ms-playwright');
  if (platform === 'win32') return join(env['LOCALAPPDATA'] ?? home, 'ms-playwright');
  return join(env['XDG_CACHE_HOME'] ?? join(home, '.cache'), 'ms-playwright');
}

function playwrightPlaces(search: BrowserSearch): string[] {
  const cache = playwrightCache(search);
  const version = (folder: string): number => Number(folder.slice('chromium-'.length));
  const folders = search.list(cache).filter((name) => /^chromium-\d+$/.test(name));
  const newestFirst = folders.toSorted((a, b) => version(b) - version(a));
  return newestFirst.flatMap((folder) => IN_PLAYWRIGHT.map((place) => join(cache, folder, place)));
}

/**
 * Finds a browser that can show the application: the one named by `OUTPOST_BROWSER`, else an installed Chromium,
 * Chrome or Edge, else one that Playwright downloaded. Returns its path, or null when there is none.
 */
export function findBrowser(search: BrowserSearch = thisMachine()): string | null {
  const named = search.env['OUTPOST_BROWSER'];
  if (named !== undefined && named !== '') return named;
  return [...installedPlaces(search), ...playwrightPlaces(search)].find((path) => search.exists(path)) ?? null;
}
