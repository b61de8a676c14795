import { mkdirSync } from 'node:fs';
import { posix, win32 } from 'node:path';
import { OutpostError } from '../../../shared/errors/index.ts';
import { storedName } from '../../../shared/language/stored-name.ts';
import { sentence } from '../../../shared/language/sentence.ts';

/** What the choice of a folder depends on. */
interface FolderSearch {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
}

/**
 * The folder that holds everything of one user where nothing else is asked for: `$XDG_DATA_HOME/outpost` (Linux),
 * `~/Library/Application Support/Outpost` (macOS), `%LOCALAPPDATA%\Outpost` (Windows; it does not roam, because two
 * machines must never share a log).
 */
export function defaultDataDir({ platform, env, home }: FolderSearch): string {
  if (platform === 'win32') {
    return win32.join(env['LOCALAPPDATA'] ?? win32.join(home, 'AppData', 'Local'), 'Outpost');
  }
  if (platform === 'darwin') return posix.join(home, 'Library', storedName`Application Support`, 'Outpost');
  const named = env['XDG_DATA_HOME'];
  // The XDG base directory specification: a relative path is invalid and to be ignored.
  const base = named !== undefined && posix.isAbsolute(named) ? named : posix.join(home, '.local', 'share');
  return posix.join(base, 'outpost');
}

/** Makes sure that a data folder is there, open to its user only, and gives it back. BAD_INPUT when it cannot be. */
export function makeFolder(folder: string): string {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new OutpostError('BAD_INPUT', sentence('host.data_folder_unusable', { folder }), { cause });
  }
  return folder;
}

/** Where files on their way from and to people lie inside a data folder. */
export function exchangeDirOf(dataDir: string): string {
  return `${dataDir}/exchange`;
}
