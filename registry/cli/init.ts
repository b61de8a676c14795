import { Command } from 'commander';
import { createRegistry } from '../releases/create-registry.ts';
import { print, type CommandIo } from '../../platform/command-io.ts';
import { readPassphrase } from './secrets.ts';
import { inRegistry, withFolder, type FolderOptions } from './open.ts';
import { jsonOption } from '../../platform/command-options.ts';
import { sentence } from '../../shared/language/sentence.ts';

interface Options extends FolderOptions {
  readonly keys: string;
  readonly passphraseFile?: string;
  readonly json?: boolean;
}

async function init(io: CommandIo, options: Options): Promise<void> {
  const { folder, keys: offlineFolder } = options;
  const passphrase = await readPassphrase(io, options.passphraseFile, true);
  const { clock, random } = io;
  const made = await createRegistry({ folder, offlineFolder, passphrase, clock, random });
  await inRegistry(io, options, async () => undefined); // creates the store, so that a bad address shows now
  print(io, options.json, made, [
    sentence('registry.set_up', { registry: made.rootSha256, folder }),
    sentence('registry.move_keys'),
    ...made.offlineKeys.map((file) => `  ${file}`),
    sentence('registry.next_steps'),
  ]);
}

/** `registry init`: founds a registry and writes the three offline key files. */
export function initCommand(io: CommandIo): Command {
  const { say } = io.language;
  return withFolder(new Command('init'), io.language)
    .description(say('registry.init_about'))
    .requiredOption('--keys <dir>', say('registry.init_keys'))
    .option('--passphrase-file <file>', say('registry.init_passphrase'))
    .option(...jsonOption(io.language))
    .action((options: Options) => init(io, options));
}
