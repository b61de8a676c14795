import { pino } from 'pino';
import { Command } from 'commander';
import { print } from '../../platform/command-io.ts';
import { jsonOption } from '../../platform/command-options.ts';
import { readSecretFile } from '../../platform/secret-file.ts';
import { shortestPassphrase } from '../../shared/domain/passphrase.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { sentence } from '../../shared/language/sentence.ts';
import { makeFolder } from '../backend/host/folders.ts';
import { createNodeBackend } from '../backend/node-backend.ts';
import type { CommandIo } from './io.ts';

interface SetupOptions {
  readonly dataDir: string;
  readonly passphraseFile: string;
  readonly name: string;
  readonly office: string;
  readonly json?: boolean;
}

async function setup(io: CommandIo, options: SetupOptions): Promise<void> {
  const passphrase = readSecretFile(options.passphraseFile);
  if (passphrase.length < shortestPassphrase)
    throw new OutpostError('BAD_INPUT', sentence('setup.passphrase_short', { least: shortestPassphrase }));
  const [personName, office] = [options.name.trim(), options.office.trim()];
  if (personName === '') throw new OutpostError('BAD_INPUT', sentence('setup.name_empty'));
  const logger = pino({ level: 'silent' });
  const backend = await createNodeBackend({ dataDir: makeFolder(options.dataDir), modelsDir: io.modelsDir, logger });
  try {
    const { dataDir } = options;
    if ((await backend.client.app.status({})).vault !== 'new')
      throw new OutpostError('BAD_INPUT', sentence('setup.vault_there', { folder: dataDir }));
    const { recoveryKey } = await backend.client.vault.create({ passphrase, personName, office });
    print(io, options.json, { data_dir: dataDir, name: personName, office, recovery_key: recoveryKey }, [
      sentence('setup.done', { folder: dataDir, name: personName }),
      sentence('setup.recovery_key', { key: recoveryKey }),
    ]);
    // Only now: a key that could not be printed is shown by the window.
    await backend.client.vault.confirmRecoveryKey({});
  } finally {
    await backend.close();
  }
}

/** `outpost setup`: makes a data folder as the first start of the window does, for scripts. */
export function setupCommand(io: CommandIo): Command {
  const { say } = io.language;
  return new Command('setup')
    .description(say('setup.about'))
    .requiredOption('--data-dir <folder>', say('setup.data_dir_option'))
    .requiredOption('--passphrase-file <file>', say('setup.passphrase_file_option', { least: shortestPassphrase }))
    .requiredOption('--name <name>', say('setup.name_option'))
    .requiredOption('--office <office>', say('setup.office_option'))
    .option(...jsonOption(io.language))
    .addHelpText('after', `\n${say('commands.exit_codes')}`)
    .action((options: SetupOptions) => setup(io, options));
}
