import { Command, InvalidArgumentError } from 'commander';
import { existsSync } from 'node:fs';
import { OutpostError } from '../../shared/errors/index.ts';
import { keyIdOf, tufKey } from '../../shared/releases/metadata.ts';
import { readRenewal } from '../../shared/releases/renewal.ts';
import { writeAtomic } from '../../platform/files.ts';
import { makeOfflineKey } from '../identity/offline-keys.ts';
import { prepareRenewal, publishRenewal } from '../releases/renew.ts';
import { print, type CommandIo } from '../../platform/command-io.ts';
import { readPassphrase } from './secrets.ts';
import { readInput } from '../../platform/files.ts';
import { inRegistry, withFolder, type FolderOptions } from './open.ts';
import { jsonOption } from '../../platform/command-options.ts';
import { sentence } from '../../shared/language/sentence.ts';

function publicKey(text: string): string {
  if (!/^[0-9a-f]{64}$/.test(text)) throw new InvalidArgumentError('a public key has 64 hex digits');
  return text;
}

/** `registry key new`: a new offline key, made on whatever machine this runs on. */
export function keyCommand(io: CommandIo): Command {
  const key = new Command('key').description('offline keys');
  key
    .command('new')
    .description('make a new encrypted offline key and print its public half; run this away from the registry')
    .requiredOption('--out <file>', 'key file to write')
    .option('--passphrase-file <file>', 'file whose first line protects the key; asked for without it')
    .action(async (options: { out: string; passphraseFile?: string }) => {
      if (existsSync(options.out))
        throw new OutpostError('CONFLICT', sentence('registry_cli.out_exists', { out: options.out }));
      const made = makeOfflineKey(await readPassphrase(io, options.passphraseFile, true));
      writeAtomic(options.out, made.pem, 0o600);
      io.stdout.write(`${made.key.keyval.public}\n`);
    });
  return key;
}

/** `registry renew prepare` and `registry renew publish`; the signing in between is `outpost renew` on the admins' machines. */
export function renewCommand(io: CommandIo): Command {
  const renewal = new Command('renew').description(
    'renew root and list of releases before they expire, or exchange an offline key',
  );
  withFolder(renewal.command('prepare'))
    .description('write an unsigned renewal file; two admins sign it with "outpost renew"')
    .requiredOption('--out <file>', 'renewal file to write')
    .option('--take-out <public key>', 'offline key to take out (lost or known to others)', publicKey)
    .option('--bring-in <public key>', 'key that takes its place, from "registry key new"', publicKey)
    .action(async (options: FolderOptions & { out: string; takeOut?: string; bringIn?: string }) => {
      const { takeOut, bringIn } = options;
      if ((takeOut === undefined) !== (bringIn === undefined))
        throw new OutpostError('BAD_INPUT', sentence('registry_cli.take_out_bring_in_belong_together'));
      const exchange =
        takeOut === undefined || bringIn === undefined ? undefined : { from: keyIdOf(tufKey(takeOut)), to: bringIn };
      await inRegistry(io, options, async (context) =>
        writeAtomic(options.out, await prepareRenewal(context, exchange)),
      );
      io.stdout.write(
        `Written to ${options.out}. Two admins sign it with "outpost renew", then run "registry renew publish".\n`,
      );
    });
  withFolder(renewal.command('publish'))
    .description('check the signatures of a renewal file and publish it')
    .requiredOption('--file <file>', 'renewal file with two signatures')
    .option(...jsonOption(io.language))
    .action(async (options: FolderOptions & { file: string; json?: boolean }) => {
      const signed = readRenewal(Buffer.from(readInput(options.file)).toString('utf8'));
      const done = await inRegistry(io, options, (context) => publishRenewal(context, signed));
      print(io, options.json, done, [`Published. Root version ${done.rootVersion}, valid until ${done.expires}.`]);
    });
  return renewal;
}
