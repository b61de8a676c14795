import { print } from '../../platform/command-io.ts';
import { readText } from '../../platform/files.ts';
import { Command } from 'commander';
import { writeAtomic } from '../../platform/files.ts';
import { validSignatures } from '../../shared/releases/metadata.ts';
import { sentence } from '../../shared/language/sentence.ts';
import { readRenewal, renewalText } from '../../shared/releases/renewal.ts';
import { reviewRenewal, signRenewal } from '../backend/approval/renewal.ts';
import { systemClock } from '../backend/host/system.ts';
import type { CommandIo } from './io.ts';
import {
  confirm,
  openKey,
  requireKeyFiles,
  trustNow,
  withSigning,
  type SigningEnvironment,
  type SigningOptions,
} from './offline-signing.ts';

type RenewOptions = SigningOptions & { readonly file: string; readonly expired?: boolean };

async function renew(io: CommandIo, options: RenewOptions, environment: SigningEnvironment): Promise<void> {
  requireKeyFiles(options);
  const trust = await trustNow(io, options, environment, options.expired);
  const renewal = readRenewal(readText(options.file));
  print(io, false, null, reviewRenewal(renewal, trust, environment.clock.now()));
  await confirm(io, options.yes);
  const signed = signRenewal(renewal, openKey(options), trust);
  writeAtomic(options.file, renewalText(signed));
  const { roles, keys } = signed.root.signed;
  const count = validSignatures(signed.root, roles.root, keys).length;
  print(io, false, null, [sentence('renew.signed', { count, threshold: roles.root.threshold, file: options.file })]);
}

/** `outpost renew`: an admin's signature under a renewal of root and list of releases. */
export function renewCommand(
  io: CommandIo,
  environment: SigningEnvironment = { fetch: globalThis.fetch, clock: systemClock() },
): Command {
  const { language } = io;
  const { say } = language;
  return withSigning(new Command('renew'), language)
    .description(say('renew.about'))
    .requiredOption('--file <file>', say('renew.file_option'))
    .option('--expired', say('renew.expired_option'))
    .addHelpText('after', `\n${say('renew.about_more')}\n\n${say('commands.exit_codes')}`)
    .action((options: RenewOptions) => renew(io, options, environment));
}
