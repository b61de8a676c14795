import { requireWritableFile } from '../../platform/files.ts';
import { Command, InvalidArgumentError } from 'commander';
import { print, type CommandIo } from '../../platform/command-io.ts';
import { jsonOption } from '../../platform/command-options.ts';
import type { Language } from '../../shared/language/language.ts';
import { sentence } from '../../shared/language/sentence.ts';
import { requireNewKeyFile, writeOfflineKey } from '../identity/offline-keys.ts';
import { publishRenewalFile, writeRenewalFile, type AskedExchange } from '../releases/renew.ts';
import { inRegistry, withFolder, type FolderOptions } from './open.ts';
import { readPassphrase } from './secrets.ts';

function publicKey({ say }: Language): (text: string) => string {
  return (text) => {
    if (!/^[0-9a-f]{64}$/.test(text)) throw new InvalidArgumentError(say('registry.bad_public_key'));
    return text;
  };
}

/** `registry key new`: a new offline key, made on whatever machine this runs on. */
export function keyCommand(io: CommandIo): Command {
  const { say } = io.language;
  const key = new Command('key').description(say('registry.key_about'));
  key
    .command('new')
    .description(say('registry.key_new_about'))
    .requiredOption('--out <file>', say('registry.key_out'))
    .option('--passphrase-file <file>', say('registry.key_passphrase'))
    .action(async ({ out, passphraseFile }: { out: string; passphraseFile?: string }) => {
      requireNewKeyFile(out);
      const passphrase = await readPassphrase(io, passphraseFile, true);
      print(io, false, null, [writeOfflineKey(out, passphrase)]);
    });
  return key;
}

type PrepareOptions = FolderOptions & AskedExchange & { readonly out: string };

function prepareCommand(io: CommandIo): Command {
  const { language } = io;
  const { say } = language;
  return withFolder(new Command('prepare'), language)
    .description(say('registry.renew_prepare_about'))
    .requiredOption('--out <file>', say('registry.renew_out'))
    .option('--take-out <key>', say('registry.renew_take_out'), publicKey(language))
    .option('--bring-in <key>', say('registry.renew_bring_in'), publicKey(language))
    .action(async (options: PrepareOptions) => {
      const { out } = options;
      requireWritableFile(out);
      await inRegistry(io, options, (context) => writeRenewalFile(context, out, options));
      print(io, false, null, [sentence('registry.renewal_written', { out })]);
    });
}

function publishCommand(io: CommandIo): Command {
  const { say } = io.language;
  return withFolder(new Command('publish'), io.language)
    .description(say('registry.renew_publish_about'))
    .requiredOption('--file <file>', say('registry.renew_file'))
    .option(...jsonOption(io.language))
    .action(async (options: FolderOptions & { file: string; json?: boolean }) => {
      const done = await inRegistry(io, options, (context) => publishRenewalFile(context, options.file));
      print(io, options.json, done, [sentence('registry.renewal_published', done)]);
    });
}

/** `registry renew prepare` and `registry renew publish`; the signing in between is `outpost renew` on the admins' machines. */
export function renewCommand(io: CommandIo): Command {
  return new Command('renew')
    .description(io.language.say('registry.renew_about'))
    .addCommand(prepareCommand(io))
    .addCommand(publishCommand(io));
}
