import { print } from '../../platform/command-io.ts';
import { readText } from '../../platform/files.ts';
import { Command } from 'commander';
import { writeAtomic } from '../../platform/files.ts';
import { validSignatures } from '../../shared/releases/metadata.ts';
import { readRenewal, renewalText } from '../../shared/releases/renewal.ts';
import { reviewRenewal, signRenewal } from '../backend/approval/renewal.ts';
import { systemClock } from '../backend/host/system.ts';
import type { CommandIo } from './io.ts';
import {
  confirm,
  openKey,
  trustNow,
  withSigning,
  type SigningEnvironment,
  type SigningOptions,
} from './offline-signing.ts';

type RenewOptions = SigningOptions & { readonly file: string; readonly expired?: boolean };

async function renew(io: CommandIo, options: RenewOptions, environment: SigningEnvironment): Promise<void> {
  const trust = await trustNow(io, options, environment, options.expired);
  const renewal = readRenewal(readText(options.file));
  print(io, false, null, reviewRenewal(renewal, trust, environment.clock.now()));
  await confirm(io, options.yes);
  const signed = signRenewal(renewal, openKey(options), trust);
  writeAtomic(options.file, renewalText(signed));
  const { roles, keys } = signed.root.signed;
  const count = validSignatures(signed.root, roles.root, keys).length;
  io.stdout.write(
    `Signed. ${count} of ${roles.root.threshold} signatures of the next offline keys are in ${options.file}.\n`,
  );
}

const about = `
Root and list of releases are valid for a year. "registry renew prepare" writes a file with their next versions; two
admins sign it with this command, each on their own machine; "registry renew publish" checks and publishes it. This
command refuses to sign anything but new dates and at most one exchanged offline key, which it shows.`;

/** `outpost renew`: an admin's signature under a renewal of root and list of releases. */
export function renewCommand(
  io: CommandIo,
  environment: SigningEnvironment = { fetch: globalThis.fetch, clock: systemClock() },
): Command {
  return withSigning(new Command('renew'))
    .description('sign a renewal of root and list of releases with an offline key')
    .requiredOption('--file <file>', 'renewal file; your signature is added to it')
    .option('--expired', 'the present root has expired already: do not ask for fresh dates')
    .addHelpText('after', `${about}\n\n${io.language.say('commands.exit_codes')}`)
    .action((options: RenewOptions) => renew(io, options, environment));
}
