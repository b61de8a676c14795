import { Command } from 'commander';
import { createRegistry } from '../releases/create-registry.ts';
import { print, type CommandIo } from '../../platform/command-io.ts';
import { readPassphrase } from './secrets.ts';
import { inRegistry, withFolder, type FolderOptions } from './open.ts';
import { jsonOption } from '../../platform/command-options.ts';

interface Options extends FolderOptions {
  readonly keys: string;
  readonly passphraseFile?: string;
  readonly json?: boolean;
}

/** `registry init`: founds a registry and writes the three offline key files. */
export function initCommand(io: CommandIo): Command {
  return withFolder(new Command('init'))
    .description(
      'set up a registry: its store, its online keys and three offline keys, of which two must sign every release',
    )
    .requiredOption(
      '--keys <dir>',
      'folder for the three offline key files; move them to three separate sticks afterwards',
    )
    .option('--passphrase-file <file>', 'file whose first line protects the offline keys; asked for without it')
    .option(...jsonOption(io.language))
    .action(async (options: Options) => {
      const passphrase = await readPassphrase(io, options.passphraseFile, true);
      const made = await createRegistry({
        folder: options.folder,
        offlineFolder: options.keys,
        passphrase,
        clock: io.clock,
        random: io.random,
      });
      await inRegistry(io, options, async () => undefined); // creates the store, so that a bad address shows now
      print(io, options.json, made, [
        `Registry ${made.rootSha256} is set up in ${options.folder}.`,
        'Move these three files to three separate places, away from this machine:',
        ...made.offlineKeys.map((file) => `  ${file}`),
        'Next: "registry admin add", "registry serve" and "registry enrol".',
      ]);
    });
}
