import { Command, InvalidArgumentError, Option } from 'commander';
import { addAdmin, adminRoleSchema, revokeAdmin, type AdminRole } from '../identity/access.ts';
import { writeAtomic } from '../../platform/files.ts';
import { inviteDevice } from '../laptops/offices.ts';
import type { RegistryContext } from '../identity/context.ts';
import type { EnrolmentCode } from '../../shared/contract/registry.ts';
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
function webAddress(text: string): string {
  const url = URL.parse(text);
  if (url !== null && /^https?:$/.test(url.protocol) && url.hostname !== '') return text;
  throw new InvalidArgumentError('an address begins with https:// or http:// and names a host');
}

/** Makes the file form of an enrolment code: the code and the release files, for laptops without a network. */
export type MakeEnrolmentFile = (context: RegistryContext, code: EnrolmentCode) => Promise<Uint8Array>;

/** `registry enrol`: a one-time code for one laptop. */
export function enrolCommand(io: CommandIo, makeFile: MakeEnrolmentFile): Command {
  return withFolder(new Command('enrol'))
    .description('make a one-time enrolment code for one laptop of an office; creates the office when it is new')
    .requiredOption('--office <name>', 'name of the office')
    .requiredOption('--address <url>', 'address under which laptops reach this registry', webAddress)
    .option('--out <file>', 'where to write the code; - prints it', '-')
    .option('--file <file>', 'also write an enrolment file (.outpost) for a laptop without a network')
    .option(...jsonOption(io.language))
    .action(async (options: EnrolOptions) => {
      await inRegistry(io, options, async (context) => {
        const invitation = await inviteDevice(context, options);
        if (options.file !== undefined) writeAtomic(options.file, await makeFile(context, invitation.code), 0o600);
        if (options.out !== '-') writeAtomic(options.out, `${invitation.text}\n`, 0o600);
        const shown =
          options.out === '-'
            ? [invitation.text]
            : [`Enrolment code for ${invitation.office} written to ${options.out}. It works once, for 30 days.`];
        print(io, options.json, { office: invitation.office, code: invitation.text }, shown);
      });
    });
}

/** `registry admin add` and `registry admin revoke`. */
export function adminCommand(io: CommandIo): Command {
  const admin = new Command('admin').description('who may sign in to this registry');
  withFolder(admin.command('add'))
    .description('add an admin and print the token, once')
    .requiredOption('--name <name>', 'name shown beside what this person does')
    .addOption(
      new Option('--role <role>', 'viewer looks; trainer also proposes models; approver also signs; operator rolls out')
        .choices(adminRoleSchema.options)
        .makeOptionMandatory(),
    )
    .option(...jsonOption(io.language))
    .action(async (options: FolderOptions & { name: string; role: AdminRole; json?: boolean }) => {
      const added = await inRegistry(io, options, (context) => addAdmin(context, options.name, options.role));
      print(io, options.json, added, [added.token]);
    });
  withFolder(admin.command('revoke'))
    .description("end an admin's sign-in")
    .requiredOption('--name <name>', 'name of the admin')
    .action(async (options: FolderOptions & { name: string }) => {
      await inRegistry(io, options, (context) => revokeAdmin(context, options.name));
      io.stdout.write(`${options.name} can no longer sign in.\n`);
    });
  return admin;
}
