import { Option, type Command } from 'commander';
import type { CommandIo } from '../../platform/command-io.ts';
import { aboutToken, readTokenFile } from '../../platform/secret-file.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import type { Language } from '../../shared/language/language.ts';
import { sentence } from '../../shared/language/sentence.ts';
import { localAccess, remoteAccess, type AdminAccess } from '../http/admin-access.ts';
import type { RegistryContext } from '../identity/context.ts';
import { withRegistry } from '../releases/open-registry.ts';

/** Options of every command that works on a registry's own folder. */
export interface FolderOptions {
  readonly folder: string;
  readonly store?: string;
}

/** Adds `--folder` and `--store`, which can also come from the environment. */
export function withFolder(command: Command, { say }: Language): Command {
  return command
    .addOption(new Option('--folder <dir>', say('registry.folder')).env('OUTPOST_REGISTRY_FOLDER'))
    .addOption(new Option('--store <url>', say('registry.store')).env('OUTPOST_REGISTRY_STORE'));
}

/** Opens the registry the options name, runs `work`, closes the store. */
export async function inRegistry<T>(
  { clock, random }: CommandIo,
  { folder, store }: Partial<FolderOptions>,
  work: (context: RegistryContext) => Promise<T>,
): Promise<T> {
  if (folder === undefined) throw new OutpostError('BAD_INPUT', sentence('registry.say_which_registry'));
  return withRegistry({ folder, store, clock, random }, work);
}

export interface AdminOptions extends Partial<FolderOptions> {
  readonly registry?: string;
  readonly tokenFile?: string;
}

/** Adds the options that say which registry an admin's command talks to. */
export function withAdmin(command: Command, language: Language): Command {
  return withFolder(command, language)
    .option('--registry <url>', language.say('registry.address'))
    .option('--token-file <file>', language.say('registry.token_file'));
}

/** Gives `work` access to the registry the options name. */
export async function asAdmin<T>(
  io: CommandIo,
  options: AdminOptions,
  work: (access: AdminAccess) => Promise<T>,
): Promise<T> {
  const { registry, tokenFile } = options;
  if (registry === undefined) return inRegistry(io, options, (context) => work(localAccess(context)));
  if (tokenFile === undefined) throw new OutpostError('BAD_INPUT', sentence('registry.say_token_file'));
  try {
    return await work(remoteAccess(registry, readTokenFile(tokenFile)));
  } catch (error) {
    throw aboutToken(error, tokenFile);
  }
}
