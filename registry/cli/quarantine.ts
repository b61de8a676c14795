import { Command } from 'commander';
import { listQuarantine, quarantineLines, replayQuarantine } from '../laptops/quarantine.ts';
import { print, type CommandIo } from '../../platform/command-io.ts';
import { inRegistry, withFolder, type FolderOptions } from './open.ts';
import { jsonOption } from '../../platform/command-options.ts';
import { sentence } from '../../shared/language/sentence.ts';

type Options = FolderOptions & { readonly json?: boolean };

/** `registry quarantine list` and `registry quarantine replay`. */
export function quarantineCommand(io: CommandIo): Command {
  const { language } = io;
  const { say } = language;
  const quarantine = new Command('quarantine').description(say('registry.quarantine_about'));
  withFolder(quarantine.command('list'), language)
    .description(say('registry.quarantine_list_about'))
    .option(...jsonOption(language))
    .action(async (options: Options) => {
      const rows = await inRegistry(io, options, (context) => listQuarantine(context.db));
      const json = rows.map((row) => ({ ...row, reason: say(row.reason) }));
      print(io, options.json, json, quarantineLines(rows));
    });
  withFolder(quarantine.command('replay'), language)
    .description(say('registry.quarantine_replay_about'))
    .option(...jsonOption(language))
    .action(async (options: Options) => {
      const done = await inRegistry(io, options, (context) => replayQuarantine(context.db));
      print(io, options.json, done, [sentence('registry.quarantine_replayed', done)]);
    });
  return quarantine;
}
