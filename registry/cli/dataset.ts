import { Command } from 'commander';
import { OutpostError } from '../../shared/errors/index.ts';
import { requireOther, requireWritableFile } from '../../platform/files.ts';
import { feedbackDataset } from '../cases/dataset-of-cases.ts';
import { exportCases } from '../cases/export-cases.ts';
import { importCasesOf, importCsvFile, importedKind } from '../cases/import-cases.ts';
import { importedCsvLines, importedLines } from '../cases/import-text.ts';
import { storeFile } from '../releases/open-registry.ts';
import { note, print, type CommandIo } from '../../platform/command-io.ts';
import { inRegistry, withFolder, type FolderOptions } from './open.ts';
import {
  buildDataset,
  loadFile,
  withBuild,
  type BuildOptions as DatasetOptions,
} from '../../learning/commands/dataset.ts';
import { requireNoColumns, withData, type DataOptions } from '../../learning/commands/training-data.ts';
import type { LoadedData } from '../../learning/data/loaded-data.ts';
import { decimalOption, jsonOption, missingOption, separatorOption } from '../../platform/command-options.ts';
import { sentence } from '../../shared/language/sentence.ts';

type ImportOptions = FolderOptions &
  Pick<DataOptions, 'separator' | 'decimal' | 'missing' | 'simulated'> & { readonly json?: boolean };

async function importCsv(io: CommandIo, file: string, options: ImportOptions): Promise<void> {
  const done = await inRegistry(io, options, (context) => importCsvFile(context, { ...options, file }));
  note(io, ...done.notes);
  print(io, options.json, done, importedCsvLines(done));
}

async function importCases(io: CommandIo, file: string, options: ImportOptions): Promise<void> {
  requireNoColumns('cases', { separator: options.separator, decimal: options.decimal, missing: options.missing });
  const request = { file, simulated: options.simulated };
  const { head, ...done } = await inRegistry(io, options, (context) => importCasesOf(context, request));
  print(io, options.json, { from: head.from, simulated: head.simulated, ...done }, importedLines(done));
}

function importCommand(io: CommandIo): Command {
  const { say } = io.language;
  return withFolder(new Command('import'), io.language)
    .description(say('registry.import_about'))
    .argument('<file>', say('registry.import_file'))
    .option(...separatorOption(io.language))
    .option(...decimalOption(io.language))
    .option(...missingOption(io.language))
    .option('--simulated', say('registry.import_simulated'))
    .option(...jsonOption(io.language))
    .addHelpText('after', `\n${say('registry.import_example')}`)
    .action(async (file: string, options: ImportOptions) => {
      const importKind = { cases: importCases, csv: importCsv }[await importedKind(file)];
      await importKind(io, file, options);
    });
}

type ExportOptions = FolderOptions & { readonly out: string; readonly json?: boolean };

function exportCommand(io: CommandIo): Command {
  const { say } = io.language;
  return withFolder(new Command('export'), io.language)
    .description(say('registry.export_about'))
    .requiredOption('--out <file>', say('registry.export_out'))
    .option(...jsonOption(io.language))
    .addHelpText('after', `\n${say('registry.export_format')}`)
    .action(async (options: ExportOptions) => {
      const { out } = options;
      requireWritableFile(out);
      requireOther(out, [storeFile(options.folder)]);
      const done = await inRegistry(io, options, (context) => exportCases(context, out));
      print(io, options.json, { file: out, ...done }, [sentence('registry.cases_exported', { ...done, out })]);
    });
}

type BuildOptions = DatasetOptions & Partial<FolderOptions>;

async function load(io: CommandIo, options: BuildOptions): Promise<LoadedData> {
  const { data, folder } = options;
  if (data !== undefined) return loadFile(io, { ...options, data });
  if (folder === undefined && io.env['OUTPOST_REGISTRY_FOLDER'] === undefined)
    throw new OutpostError('BAD_INPUT', sentence('registry.say_what_to_build'));
  return inRegistry(io, options, (context) => feedbackDataset(context, options));
}

function buildCommand(io: CommandIo): Command {
  const { language } = io;
  const command = withBuild(withFolder(withData(new Command('build'), language), language), language);
  for (const option of command.options) if (option.long === '--data') option.makeOptionMandatory(false);
  return command
    .description(language.say('registry.build_about'))
    .addHelpText('after', `\n${language.say('dataset.build_explained')}\n${language.say('registry.build_incidents')}`)
    .addHelpText('after', `\n${language.say('registry.build_example')}`)
    .action((options: BuildOptions) => buildDataset(io, options, () => load(io, options)));
}

/** `registry dataset`: labelled cases as datasets, and labelled cases from before Outpost. */
export function datasetCommand(io: CommandIo): Command {
  return new Command('dataset')
    .description(io.language.say('registry.dataset_about'))
    .addCommand(buildCommand(io))
    .addCommand(exportCommand(io))
    .addCommand(importCommand(io));
}
