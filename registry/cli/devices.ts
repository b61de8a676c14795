import { Command } from 'commander';
import { listDevices, revokeDevice } from '../laptops/devices.ts';
import { print, type CommandIo } from '../../platform/command-io.ts';
import { inRegistry, withFolder, type FolderOptions } from './open.ts';
import { jsonOption } from '../../platform/command-options.ts';

/** `registry device list` and `registry device revoke`. */
export function deviceCommand(io: CommandIo): Command {
  const device = new Command('device').description('enrolled laptops');
  withFolder(device.command('list'))
    .description('list laptops by office')
    .option(...jsonOption(io.language))
    .action(async (options: FolderOptions & { json?: boolean }) => {
      const devices = await inRegistry(io, options, listDevices);
      const lines = devices.map(
        (one) =>
          `${one.id}  ${one.office}: enrolled ${one.enrolledAt}, last contact ${one.lastSeen ?? 'never'}${one.revokedAt === null ? '' : `, revoked ${one.revokedAt}`}`,
      );
      print(io, options.json, devices, lines.length === 0 ? ['No laptop is enrolled yet.'] : lines);
    });
  withFolder(device.command('revoke'))
    .description('take nothing more from a laptop that was lost or handed back; a new code enrols it again')
    .argument('<id>', 'id of the laptop, from "registry device list"')
    .action(async (id: string, options: FolderOptions) => {
      await inRegistry(io, options, (context) => revokeDevice(context, id));
      io.stdout.write(`${id} can send nothing any more. What it sent before stays.\n`);
    });
  return device;
}
