import { Command } from 'commander';
import { importCourierFiles, makeOfficeFiles, requireNoneRefused } from '../laptops/courier-files.ts';
import { print, type CommandIo } from '../../platform/command-io.ts';
import { inRegistry, withFolder, type FolderOptions } from './open.ts';
import { jsonOption } from '../../platform/command-options.ts';
import { sentence } from '../../shared/language/sentence.ts';

interface ImportOptions extends FolderOptions {
  readonly out: string;
  readonly json?: boolean;
}

async function importFiles(io: CommandIo, files: readonly string[], options: ImportOptions): Promise<void> {
  const done = await inRegistry(io, options, (context) => importCourierFiles(context, files, options.out));
  const json = done.map((one) => ({ ...one, sentence: io.language.say(one.sentence) }));
  const lines = done.map(({ file, sentence: says, answer }) =>
    answer === null
      ? sentence('registry.courier_refused', { file, says })
      : sentence('registry.courier_taken', { file, says, answer }),
  );
  print(io, options.json, json, lines);
  requireNoneRefused(done);
}

function importCommand(io: CommandIo): Command {
  const { say } = io.language;
  return withFolder(new Command('import'), io.language)
    .description(say('registry.courier_import_about'))
    .argument('<file...>', say('registry.courier_files'))
    .requiredOption('--out <dir>', say('registry.courier_answers'))
    .option(...jsonOption(io.language))
    .action((files: string[], options: ImportOptions) => importFiles(io, files, options));
}

function makeCommand(io: CommandIo): Command {
  const { say } = io.language;
  return withFolder(new Command('make'), io.language)
    .description(say('registry.courier_make_about'))
    .requiredOption('--office <id>', say('registry.courier_office'))
    .requiredOption('--out <dir>', say('registry.courier_out'))
    .option(...jsonOption(io.language))
    .action(async (options: ImportOptions & { readonly office: string }) => {
      const { office, out } = options;
      const made = await inRegistry(io, options, (context) => makeOfficeFiles(context, office, out));
      const lines = made.map(({ device, file }) => `${device} -> ${file}`);
      print(io, options.json, made, lines);
    });
}

/** `registry courier import` and `registry courier make`: what laptops sent by stick, and what is carried to them. */
export function courierCommand(io: CommandIo): Command {
  return new Command('courier')
    .description(io.language.say('registry.courier_about'))
    .addCommand(importCommand(io))
    .addCommand(makeCommand(io));
}
