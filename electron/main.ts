import {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  MessageChannelMain,
  powerMonitor,
  protocol,
  safeStorage,
  session,
  utilityProcess,
} from 'electron';
import { mkdirSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { languageAsked, programLanguage } from '../platform/language/catalogues.ts';
import { temporaryFolder } from '../platform/temporary-folder.ts';
import { sentenceOf } from '../shared/errors/index.ts';
import { APP_SCHEME, APP_URL } from '../shared/hosting/bridge.ts';
import { sentence, type PlainCode, type Sentence } from '../shared/language/sentence.ts';
import { createUploadedFiles } from './backend/exchange/uploaded-files.ts';
import { defaultDataDir, exchangeDirOf } from './backend/host/folders.ts';
import { hostLogger } from './backend/logging/host-logger.ts';
import { parseHostOptions, type HostOptions } from './backend/host/options.ts';
import { createBackendLink, type BackendLink } from './shell/backend-link.ts';
import { confineNavigation, confineSession } from './shell/web-security.ts';
import { acceptWindows, giveLine } from './shell/connect.ts';
import { childEnvironment } from './shell/environment.ts';
import { createKeychain } from './shell/keychain.ts';
import { menuTemplate } from './shell/menu.ts';
import { lockOnWake } from './shell/power.ts';
import { createAppHandler, declareAppScheme } from './shell/protocol.ts';
import { openWindow, showAgain } from './shell/window.ts';

const HERE = dirname(fileURLToPath(import.meta.url));

const LOG_LEVEL = process.env['OUTPOST_LOG'] ?? 'warn';
const logger = hostLogger(LOG_LEVEL);

const language = programLanguage(join(app.getAppPath(), 'shared', 'language'), process.env);

const channel = (): MessageChannelMain => new MessageChannelMain();

function fork(program: string, kind: 'backend' | 'inference'): Electron.UtilityProcess {
  const env = childEnvironment(process.env, kind);
  const serviceName = language.say('host.process', { kind });
  return utilityProcess.fork(join(HERE, program), [], { serviceName, stdio: 'inherit', env });
}

function stop(title: PlainCode, why: Sentence, code: number): void {
  dialog.showErrorBox(language.say(sentence(title)), language.say(why));
  app.exit(code);
}

async function startAgain(link: BackendLink): Promise<void> {
  await link.start();
  for (const window of BrowserWindow.getAllWindows()) {
    giveLine(window.webContents, channel, (port) => link.connect(port));
  }
}

function makeLink(dataDir: string, demo: boolean, onReady: (notice: Sentence | null) => void): BackendLink {
  const link: BackendLink = createBackendLink({
    forkBackend: () => fork('backend-process.js', 'backend'),
    forkInference: () => fork('inference-child.js', 'inference'),
    channel,
    keychain: createKeychain(safeStorage, process.platform),
    start: {
      dataDir,
      modelsDir: join(app.getAppPath(), 'models'),
      appVersion: app.getVersion(),
      demo,
      logLevel: LOG_LEVEL,
    },
    onReady,
    onFailed: (_code, why) => stop('host.cannot_open_data', why, 0),
    onGone(again) {
      if (!again) return stop('host.stopped', sentence('host.inner_part_ended'), 1);
      startAgain(link).catch((error: unknown) => stop('host.stopped', sentenceOf(error), 1));
    },
    now: () => Date.now(),
  });
  return link;
}

function folderOf(options: HostOptions): string {
  if (options.demo) return temporaryFolder('demo');
  const usual = defaultDataDir({ platform: process.platform, env: process.env, home: homedir() });
  const folder = options.dataDir ?? usual;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/** Closes the backend before the program ends, once, however the end came about. */
function endOrderly(link: BackendLink, demoDir: string | null): void {
  let ending = false;
  app.on('window-all-closed', () => app.quit());
  app.on('before-quit', (event) => {
    event.preventDefault();
    if (ending) return;
    ending = true;
    void link.close().finally(() => {
      if (demoDir !== null) rmSync(demoDir, { recursive: true, force: true });
      app.exit(0);
    });
  });
}

function wire(dataDir: string, demo: boolean): BackendLink {
  const backendReady = Promise.withResolvers<void>();
  const link = makeLink(dataDir, demo, (notice) => {
    if (notice !== null) process.stdout.write(`${language.say(notice)}\n`);
    backendReady.resolve();
  });
  confineSession(session.defaultSession);
  const rendererDir = join(app.getAppPath(), 'dist', 'renderer');
  const exchange = createUploadedFiles(exchangeDirOf(dataDir));
  const asked = languageAsked(process.env);
  protocol.handle(APP_SCHEME, createAppHandler({ rendererDir, exchange, language, asked }));
  acceptWindows(
    ipcMain,
    channel,
    (port) => link.connect(port),
    (address) => logger.warn({ address }, 'a page was refused'),
  );
  const go = (hash: string): void => void BrowserWindow.getAllWindows()[0]?.loadURL(`${APP_URL}${hash}`);
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(process.platform, language, go)));
  app.on('second-instance', () => showAgain(BrowserWindow.getAllWindows()[0]));
  lockOnWake(powerMonitor, () => link.lock());
  endOrderly(link, demo ? dataDir : null);
  // The line the start scripts wait for: window and backend both stand.
  const window = openWindow((options) => new BrowserWindow(options), join(HERE, 'preload.cjs'));
  Promise.all([backendReady.promise, window]).then(
    () => void process.stdout.write('OUTPOST_READY\n'),
    (error: unknown) => stop('host.cannot_show_window', sentenceOf(error), 1),
  );
  return link;
}

async function main(): Promise<void> {
  declareAppScheme(protocol);
  confineNavigation(app);
  const options = parseHostOptions(process.argv.slice(app.isPackaged ? 1 : 2), false);
  const dataDir = folderOf(options);
  app.setPath('userData', join(dataDir, 'window'));
  if (!app.requestSingleInstanceLock()) return app.exit(0);
  await app.whenReady();
  await wire(dataDir, options.demo).start();
}

main().catch((error: unknown) => stop('host.cannot_start', sentenceOf(error), 1));
