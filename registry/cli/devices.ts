import { Command } from 'commander';
import { deviceLines, listDevices, revokeDevice } from '../laptops/devices.ts';
import { print, type CommandIo } from '../../platform/command-io.ts';
import { inRegistry, withFolder, type FolderOptions } from './open.ts';
import { jsonOption } from '../../platform/command-options.ts';
import { sentence } from '../../shared/language/sentence.ts';

/** `registry device list` and `registry device revoke`. */
export function deviceCommand(io: CommandIo): Command {
  const { language } = io;
  const device = new Command('device').description(language.say('registry.device_about'));
  withFolder(device.command('list'), language)
    .description(language.say('registry.device_list_about'))
    .option(...jsonOption(language))
    .action(async (options: FolderOptions & { json?: boolean }) => {
      const devices = await inRegistry(io, options, listDevices);
      print(io, options.json, devices, deviceLines(devices));
    });
  withFolder(device.command('revoke'), language)
    .description(language.say('registry.device_revoke_about'))
    .argument('<id>', language.say('registry.device_id'))
    .action(async (id: string, options: FolderOptions) => {
      await inRegistry(io, options, (context) => revokeDevice(context, id));
      print(io, false, null, [sentence('registry.device_revoked', { id })]);
    });
  return device;
}
