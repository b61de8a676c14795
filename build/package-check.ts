import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, Platform } from 'electron-builder';
import type { Configuration } from 'electron-builder';
import config from './electron-builder.ts';
import { run, TOP } from './tools/run.ts';

const require = createRequire(import.meta.url);

interface ConfigModule {
  readonly validateConfiguration: (config: Configuration, logger: unknown) => Promise<void>;
}
interface BuilderUtil {
  readonly DebugLogger: new (isEnabled: boolean) => unknown;
}
interface Asar {
  extractAll(archive: string, folder: string): void;
}

/** A stand-in for the shell: packing copies it, nothing here runs it. */
function makeDummyShell(folder: string): string {
  const names = ['electron', 'electron.exe', 'Electron.app/Contents/MacOS/Electron', 'LICENSE', 'version'];
  for (const name of names) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), 'stand-in');
    chmodSync(join(folder, name), 0o755);
  }
  return folder;
}

async function pack(folder: string): Promise<string> {
  const { validateConfiguration } = require('app-builder-lib/out/util/config/config') as ConfigModule;
  const { DebugLogger } = require('builder-util') as BuilderUtil;
  const electronDist = makeDummyShell(join(folder, 'shell'));
  const output = join(folder, 'packed');
  const checked: Configuration = { ...config, electronDist, directories: { ...config.directories, output } };
  await validateConfiguration(checked, new DebugLogger(false));
  await build({ projectDir: TOP, targets: Platform.LINUX.createTarget('dir'), config: checked, publish: 'never' });
  return join(output, 'linux-unpacked', 'resources');
}

/** Puts the packed files, and nothing else, into an empty folder: the archive and the native files beside it. */
function unpack(resources: string, folder: string): string {
  const archive = join(resources, 'app.asar');
  if (!existsSync(archive)) throw new Error('Packing left no app.asar.');
  const alone = join(folder, 'alone');
  const asar = require('@electron/asar') as Asar;
  asar.extractAll(archive, alone); // also takes the files of app.asar.unpacked
  return alone;
}

/** Runs the packed backend in a plain Node that can find no other module; null when it scored, else what it said. */
async function runAlone(alone: string, folder: string): Promise<string | null> {
  const harness = join(alone, 'package-harness.ts');
  copyFileSync(join(TOP, 'build', 'package-harness.ts'), harness);
  const data = join(folder, 'data');
  mkdirSync(data);
  const env = { PATH: process.env['PATH'], TMPDIR: process.env['TMPDIR'] };
  const ended = await run(process.execPath, [harness, data], { cwd: alone, env, timeoutMs: 90_000, capture: true });
  if (ended.code === 0) {
    console.log(ended.output.trim());
    return null;
  }
  return ended.timedOut ? `It took more than 90 seconds.\n${ended.output}` : ended.output;
}

async function checkPackage(folder: string): Promise<string | null> {
  if (process.platform !== 'linux') return 'It packs for Linux and runs the result, so it needs Linux.';
  const missing = ['dist/app/main.js', 'dist/renderer/index.html', 'models/model.onnx'].filter(
    (file) => !existsSync(join(TOP, file)),
  );
  if (missing.length > 0) return `Missing: ${missing.join(', ')}. Run "npm run build" first.`;
  return runAlone(unpack(await pack(folder), folder), folder);
}

const folder = mkdtempSync(join(tmpdir(), 'outpost-package-'));
try {
  const problem = await checkPackage(folder);
  console.log(problem === null ? 'package:check ok' : `package:check failed: ${problem}`);
  if (problem !== null) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
