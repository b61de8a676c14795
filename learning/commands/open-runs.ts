import type { Language } from '../../shared/language/language.ts';
import { existsSync, statSync } from 'node:fs';
import { join, posix, resolve, win32 } from 'node:path';
import { Option, type Command } from 'commander';
import { isOutpostError, OutpostError } from '../../shared/errors/index.ts';
import { makeFolder } from '../../platform/files.ts';
import { folderBlobs } from '../../platform/blobs/folder-blobs.ts';
import type { RunsPlace } from '../runs/record.ts';
import { migrateRuns } from '../runs/migrations.ts';
import { endKilledRuns } from '../runs/store.ts';
import type { RunTables, RunsDb } from '../runs/tables.ts';
import { openStore } from '../../platform/database.ts';
import type { CommandIo } from '../../platform/command-io.ts';
import { sentence } from '../../shared/language/sentence.ts';
import { storedName } from '../../shared/language/stored-name.ts';

/** Options of every command that keeps or reads runs. */
export interface RunsOptions {
  readonly folder?: string;
  readonly store?: string;
  readonly runs?: string;
}

/** Adds `--runs`, `--folder` and `--store`: where runs are kept. */
export function withRuns(command: Command, language: Language): Command {
  const { say } = language;
  return command
    .option('--runs <dir>', say('runs.folder_option'))
    .addOption(new Option('--folder <dir>', say('runs.registry_option')).env('OUTPOST_REGISTRY_FOLDER'))
    .addOption(new Option('--store <url>', say('runs.store_option')).env('OUTPOST_REGISTRY_STORE'));
}

/** What the choice of a folder depends on. */
interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly env: CommandIo['env'];
}

/**
 * Where the runs of one user are kept when nothing else is asked for: `outpost-learning` in `$XDG_DATA_HOME` or
 * `~/.local/share` (Linux), `Outpost Learning` in `~/Library/Application Support` (macOS) or `%LOCALAPPDATA%`
 * (Windows). Beside the laptop's own data folder, never in it. BAD_INPUT when the environment names none of these.
 */
export function defaultRunsFolder({ platform, env }: Surroundings): string {
  const home = env['HOME'] ?? '';
  if (platform === 'win32') {
    const local = env['LOCALAPPDATA'] ?? (env['USERPROFILE'] && win32.join(env['USERPROFILE'], 'AppData', 'Local'));
    if (local !== undefined && local !== '') return win32.join(local, storedName`Outpost Learning`);
  } else if (platform === 'darwin') {
    if (home !== '') return posix.join(home, 'Library', storedName`Application Support`, storedName`Outpost Learning`);
  } else {
    // The XDG base directory specification: a relative path is invalid and to be ignored.
    const named = env['XDG_DATA_HOME'] ?? '';
    const base = posix.isAbsolute(named) ? named : home === '' ? '' : posix.join(home, '.local', 'share');
    if (base !== '') return posix.join(base, 'outpost-learning');
  }
  throw new OutpostError('BAD_INPUT', sentence('learn.say_where_runs_kept'));
}

/** Folder and store address of runs; `own` when no registry looks after their shape. */
interface Place {
  readonly folder: string;
  readonly store: string;
  readonly own: boolean;
}

/** Throws NOT_FOUND for a folder that holds no registry, before anything is made there. */
function requireRegistry(folder: string): void {
  if (!existsSync(join(folder, 'keys')))
    throw new OutpostError('NOT_FOUND', sentence('identity.folder_holds_no_registry', { folder }));
}

/** Folder and store address of the runs that are meant. */
function placeOf(io: CommandIo, options: RunsOptions, platform: NodeJS.Platform): Place {
  const registry = options.folder ?? io.env['OUTPOST_REGISTRY_FOLDER'];
  if (options.runs === undefined && registry !== undefined) {
    requireRegistry(registry);
    const store = options.store ?? io.env['OUTPOST_REGISTRY_STORE'] ?? join(registry, 'registry.sqlite');
    return { folder: registry, store, own: false };
  }
  const named = options.runs ?? io.env['OUTPOST_RUNS_FOLDER'];
  const folder = named === undefined || named === '' ? defaultRunsFolder({ platform, env: io.env }) : resolve(named);
  return { folder, store: join(folder, 'runs.sqlite'), own: true };
}

function makeRunsFolder(folder: string): void {
  if (existsSync(folder) && !statSync(folder).isDirectory())
    throw new OutpostError('BAD_INPUT', sentence('files.folder_cannot_used', { folder, isFile: true }));
  try {
    makeFolder(folder, 0o700);
  } catch (cause) {
    throw new OutpostError('BAD_INPUT', sentence('learn.runs_folder_unusable', { folder }), { cause });
  }
}

/** Throws BAD_DATABASE where a registry's store has not the shape this program writes. */
async function requireRuns(db: RunsDb): Promise<void> {
  const newest = 'alive_at';
  const runs = (await db.introspection.getTables()).find(({ name }) => name === 'runs');
  if (runs?.columns.some(({ name }) => name === newest) === true) return;
  throw new OutpostError('BAD_DATABASE', sentence('learn.store_registry_older_shape'));
}

/** The runs of a registry or of a person's own folder, ready to read and write. */
export interface OpenRuns extends RunsPlace {
  /** Folder they are in, for people. */
  readonly folder: string;
  readonly db: RunsDb;
  readonly close: () => Promise<void>;
}

/**
 * Opens the runs the options name: those of a registry with `--folder` (or OUTPOST_REGISTRY_FOLDER), else those in
 * `--runs`, OUTPOST_RUNS_FOLDER or the user's data folder, which is made when it is not there. Throws NOT_FOUND for a
 * folder that holds no registry, BAD_INPUT for one that cannot be made, BAD_DATABASE and NEWER_DATABASE as `migrate`.
 */
export async function openRuns(
  io: CommandIo,
  options: RunsOptions,
  platform: NodeJS.Platform = process.platform,
): Promise<OpenRuns> {
  const { folder, store, own } = placeOf(io, options, platform);
  makeRunsFolder(folder);
  const { db } = openStore<RunTables>(store);
  try {
    if (own) await migrateRuns(db);
    else await requireRuns(db);
    await endKilledRuns(db, io.clock.now());
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return { db, folder, blobs: folderBlobs(folder), clock: io.clock, close: () => db.destroy() };
}

/**
 * Does the work with the runs the options name, if there are any: nothing is made. Null without them, and where runs that
 * were not asked for cannot be read.
 */
export async function inRunsIfThere<T>(
  io: CommandIo,
  options: RunsOptions,
  work: (runs: OpenRuns) => Promise<T>,
): Promise<T | null> {
  try {
    const { store } = placeOf(io, options, process.platform);
    return store.includes('://') || existsSync(store) ? await inRuns(io, options, work) : null;
  } catch (error) {
    if (!isOutpostError(error) || options.runs !== undefined || options.folder !== undefined) throw error;
    return null;
  }
}

/** Opens the runs, does the work, closes them. */
export async function inRuns<T>(io: CommandIo, options: RunsOptions, work: (runs: OpenRuns) => Promise<T>): Promise<T> {
  const runs = await openRuns(io, options);
  try {
    return await work(runs);
  } finally {
    await runs.close();
  }
}
