import { Command, InvalidArgumentError, Option } from 'commander';
import { addAdmin, adminRoleSchema, revokeAdmin, type AdminRole } from '../identity/access.ts';
import { writeAtomic } from '../../platform/files.ts';
import { inviteDevice } from '../laptops/offices.ts';
import type { RegistryContext } from '../identity/context.ts';
import type { EnrolmentCode } from '../../shared/contract/registry.ts';
import type { Language } from '../../shared/language/language.ts';
import { sentence } from '../../shared/language/sentence.ts';
import { print, type CommandIo } from '../../platform/command-io.ts';
import { inRegistry, withFolder, type FolderOptions } from './open.ts';
import { jsonOption } from '../../platform/command-options.ts';

interface EnrolOptions extends FolderOptions {
  readonly office: string;
  readonly address: string;
  readonly out: string;
  readonly file?: string;
  readonly json?: boolean;
}

/** An address laptops can call: refused here, since on the laptop it would only look like a missing network. */
function webAddress({ say }: Language): (text: string) => string {
  return (text) => {
    const url = URL.parse(text);
    if (url !== null && /^https?:$/.test(url.protocol) && url.hostname !== '') return text;
    throw new InvalidArgumentError(say('registry.bad_address'));
  };
}

/** Makes the file form of an enrolment code: the code and the release files, for laptops without a network. */
type MakeEnrolmentFile = (context: RegistryContext, code: EnrolmentCode) => Promise<Uint8Array>;

async function enrol(io: CommandIo, makeFile: MakeEnrolmentFile, options: EnrolOptions): Promise<void> {
  const { office, text } = await inRegistry(io, options, async (context) => {
    const invitation = await inviteDevice(context, options);
    if (options.file !== undefined) writeAtomic(options.file, await makeFile(context, invitation.code), 0o600);
    return invitation;
  });
  const toFile = options.out !== '-';
  if (toFile) writeAtomic(options.out, `${text}\n`, 0o600);
  const shown = toFile ? sentence('registry.code_written', { office, out: options.out }) : text;
  print(io, options.json, { office, code: text }, [shown]);
}

/** `registry enrol`: a one-time code for one laptop. */
export function enrolCommand(io: CommandIo, makeFile: MakeEnrolmentFile): Command {
  const { language } = io;
  const { say } = language;
  return withFolder(new Command('enrol'), language)
    .description(say('registry.enrol_about'))
    .requiredOption('--office <name>', say('registry.enrol_office'))
    .requiredOption('--address <url>', say('registry.enrol_address'), webAddress(language))
    .option('--out <file>', say('registry.enrol_out'), '-')
    .option('--file <file>', say('registry.enrol_file'))
    .option(...jsonOption(language))
    .action((options: EnrolOptions) => enrol(io, makeFile, options));
}

function addCommand(io: CommandIo): Command {
  const { say } = io.language;
  const role = new Option('--role <role>', say('registry.admin_role'))
    .choices(adminRoleSchema.options)
    .makeOptionMandatory();
  return withFolder(new Command('add'), io.language)
    .description(say('registry.admin_add_about'))
    .requiredOption('--name <name>', say('registry.admin_add_name'))
    .addOption(role)
    .option(...jsonOption(io.language))
    .action(async (options: FolderOptions & { name: string; role: AdminRole; json?: boolean }) => {
      const added = await inRegistry(io, options, (context) => addAdmin(context, options.name, options.role));
      print(io, options.json, added, [added.token]);
    });
}

function revokeCommand(io: CommandIo): Command {
  const { say } = io.language;
  return withFolder(new Command('revoke'), io.language)
    .description(say('registry.admin_revoke_about'))
    .requiredOption('--name <name>', say('registry.admin_revoke_name'))
    .action(async (options: FolderOptions & { name: string }) => {
      const { name } = options;
      await inRegistry(io, options, (context) => revokeAdmin(context, name));
      print(io, false, null, [sentence('registry.admin_revoked', { name })]);
    });
}

/** `registry admin add` and `registry admin revoke`. */
export function adminCommand(io: CommandIo): Command {
  return new Command('admin')
    .description(io.language.say('registry.admin_about'))
    .addCommand(addCommand(io))
    .addCommand(revokeCommand(io));
}
