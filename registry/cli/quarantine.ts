import { Command } from 'commander';
import { listQuarantine, replayQuarantine } from '../laptops/quarantine.ts';
import { print, type CommandIo } from '../../platform/command-io.ts';
import { inRegistry, withFolder, type FolderOptions } from './open.ts';
import { jsonOption } from '../../platform/command-options.ts';

type Options = FolderOptions & { readonly json?: boolean };

/** `registry quarantine list` and `registry quarantine replay`. */
export function quarantineCommand(io: CommandIo): Command {
  const quarantine = new Command('quarantine').description('entries that were stored but could not be read');
  withFolder(quarantine.command('list'))
    .description('list them with the reason')
    .option(...jsonOption(io.language))
    .action(async (options: Options) => {
      const rows = await inRegistry(io, options, (context) => listQuarantine(context.db));
      print(
        io,
        options.json,
        rows,
        rows.length === 0
          ? ['Nothing is in quarantine.']
          : rows.map((row) => `${row.at}  log ${row.log}, entry ${row.seq}: ${row.reason}`),
      );
    });
  withFolder(quarantine.command('replay'))
    .description('read them again with this program, after an update')
    .option(...jsonOption(io.language))
    .action(async (options: Options) => {
      const done = await inRegistry(io, options, (context) => replayQuarantine(context.db));
      print(io, options.json, done, [`${done.released} can be read now, ${done.kept} stay in quarantine.`]);
    });
  return quarantine;
}
