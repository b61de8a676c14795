import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { Command } from 'commander';
import { complaintsSchema } from '../../shared/encoding/complaints.ts';
import { counted } from '../../shared/encoding/phrases.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { aheadLines, datedAhead } from '../../learning/data/future-dates.ts';
import { kindOfFile } from '../../learning/data/file-kind.ts';
import { leakageOf } from '../../learning/dataset/leakage.ts';
import { headOf } from '../../learning/dataset/snapshot.ts';
import { instant, type RegistryContext } from '../identity/context.ts';
import { requireOther, requireWritableFile, streamAtomic } from '../../platform/files.ts';
import { caseFileHead, caseLines } from '../../learning/data/case-rows-file.ts';
import { datasetOfCases } from '../../learning/evaluation/labelled-case-rows.ts';
import { labelOfCase } from '../../learning/data/known-case.ts';
import { knownCases } from '../cases/cases.ts';
import { importCaseFile, type CasesImported } from '../cases/import-case-rows.ts';
import { importDataset } from '../cases/import-csv.ts';
import { integrate } from '../cases/integrate.ts';
import { currentSchema } from '../retraining/retrain.ts';
import { isSimulated, markSimulated } from '../cases/simulated.ts';
import { storeFile } from '../releases/open-registry.ts';
import { note, print, type CommandIo } from '../../platform/command-io.ts';
import { inRegistry, withFolder, type FolderOptions } from './open.ts';
import {
  buildAbout,
  buildDataset,
  loadFile,
  withBuild,
  type BuildOptions as DatasetOptions,
} from '../../learning/commands/dataset.ts';
import {
  requireNoColumns,
  withData,
  type DataOptions,
  type LoadedData,
} from '../../learning/commands/training-data.ts';
import { jsonOption, separatorOption } from '../../platform/command-options.ts';
import { type Text, sentence } from '../../shared/language/sentence.ts';

type ImportOptions = FolderOptions & Pick<DataOptions, 'separator' | 'simulated'> & { readonly json?: boolean };

/** What came of taking cases in, as lines. */
function importedLines(
  { imported, added, rejected, unlabelled, afterToday }: Omit<CasesImported, 'head'>,
  others: readonly string[] = [],
): Text[] {
  const left = rejected.first.slice(0, 20).map(({ line, why }) => sentence('rows.at_line', { line, why }));
  const open = unlabelled === 0 ? [] : [`${counted(unlabelled, 'case')} without a label left out.`];
  const number = (count: number): string => count.toLocaleString('en-GB');
  const known = added === imported ? '' : ` (${number(added)} new, ${number(imported - added)} known already)`;
  return [
    `${counted(imported, 'case')} imported${known}, ${number(rejected.total)} left out.`,
    ...left,
    ...open,
    ...aheadLines(afterToday),
    ...others,
  ];
}

async function importCsv(io: CommandIo, file: string, options: ImportOptions): Promise<void> {
  const done = await inRegistry(io, options, async (context) => {
    const from = { name: basename(file), file, separator: options.separator };
    const result = await importDataset(context.db, complaintsSchema, from, context.clock.now());
    if (options.simulated === true || result.simulated > 0) await markSimulated(context.db);
    return result;
  });
  const unused = done.unmapped.length === 0 ? [] : [`Columns not used: ${done.unmapped.join(', ')}.`];
  const invented =
    done.simulated > 0
      ? [
          `${counted(done.simulated, 'case')} with a reference of the simulator (SIM-…): models made from now on say so.`,
        ]
      : [];
  note(io, ...done.notes);
  print(io, options.json, done, importedLines(done, [...invented, ...unused]));
}

async function importCases(io: CommandIo, file: string, options: ImportOptions): Promise<void> {
  requireNoColumns('A case file', { separator: options.separator });
  const { head, ...done } = await inRegistry(io, options, async (context) => {
    const result = await importCaseFile(context.db, basename(file), file, context.clock.now());
    if (options.simulated === true || result.head.simulated) await markSimulated(context.db);
    return result;
  });
  print(io, options.json, { from: head.from, simulated: head.simulated, ...done }, importedLines(done));
}

async function importAny(io: CommandIo, file: string, options: ImportOptions): Promise<void> {
  const kind = await kindOfFile(file);
  if (kind === 'dataset')
    throw new OutpostError('BAD_INPUT', sentence('registry_cli.dataset_holds_no_single_cases_any'));
  return kind === 'cases' ? importCases(io, file, options) : importCsv(io, file, options);
}

function importCommand(io: CommandIo): Command {
  return withFolder(new Command('import'))
    .description(
      'take in labelled cases from a case file, or a CSV file with received, y (1 scam, 0 genuine), attributes',
    )
    .argument('<file>', 'CSV file, or case file (.jsonl)')
    .option(...separatorOption(io.language))
    .option('--simulated', 'the cases are invented; models made from them say so')
    .option(...jsonOption(io.language))
    .addHelpText('after', '\nExample: registry dataset import history.csv --folder centre')
    .action((file: string, options: ImportOptions) => importAny(io, file, options));
}

type ExportOptions = FolderOptions & { readonly out: string; readonly json?: boolean };

async function exportCases(io: CommandIo, options: ExportOptions): Promise<void> {
  requireWritableFile(options.out);
  requireOther(options.out, [storeFile(options.folder)]);
  const { cases, head } = await inRegistry(io, options, async (context) => {
    await integrate(context.db);
    const from = `a registry of Outpost, ${instant(context).slice(0, 10)}`;
    const [simulated, schema] = [await isSimulated(context), await currentSchema(context)];
    return { cases: await knownCases(context.db), head: caseFileHead({ simulated, from, schema }) };
  });
  const lines = Readable.from([head, ...caseLines(cases)]);
  await streamAtomic(options.out, (file) =>
    options.out.endsWith('.gz') ? pipeline(lines, createGzip(), file) : pipeline(lines, file),
  );
  const labelled = cases.filter((known) => labelOfCase(known) !== null).length;
  const sentence = `${counted(cases.length, 'case')}, ${labelled} with a label, written to ${options.out}.`;
  print(io, options.json, { file: options.out, cases: cases.length, labelled }, [sentence]);
}

function exportCommand(io: CommandIo): Command {
  return withFolder(new Command('export'))
    .description('write what a registry knows of its cases to a case file, for a machine that trains elsewhere')
    .requiredOption('--out <file>', 'file to write, as cases.jsonl or cases.jsonl.gz')
    .option(...jsonOption(io.language))
    .addHelpText('after', exportAbout)
    .action((options: ExportOptions) => exportCases(io, options));
}

const exportAbout = `
One case a line: facts as they were at intake, tactics noted later, first score with its audit draw, outcome. Nothing in
it names a person. "train", "dataset build", "evaluate", "compare" and "dataset import" read it.`;

type BuildOptions = DatasetOptions & Partial<FolderOptions>;

/** Labelled cases of a registry: attributes as they were at intake, weighted by 1 / the chance that they were looked at. */
async function fromFeedback(context: RegistryContext, keepTwins: boolean): Promise<LoadedData> {
  await integrate(context.db);
  const all = (await knownCases(context.db)).map((known, i) => ({ line: i + 1, known }));
  const { dataset, rejected, unlabelled } = await datasetOfCases(() => all, await currentSchema(context), keepTwins);
  const head = headOf(dataset, {
    from: 'feedback',
    name: 'outcomes collected by the registry',
    sha256: null,
    columns: [],
    rejected: rejected.reasons,
    unlabelled,
    simulated: await isSimulated(context),
  });
  const findings = leakageOf(dataset);
  const afterToday = datedAhead(dataset.received, context.clock.now());
  const left = rejected.reasons.map(({ why, rows: n }) => sentence('cases.left_out_for', { n, why }));
  return {
    dataset,
    head,
    findings,
    afterToday,
    lines: [...left, ...aheadLines(afterToday), ...findings.map((f) => f.sentence)],
  };
}

async function load(io: CommandIo, options: BuildOptions): Promise<LoadedData> {
  const { data, folder } = options;
  if (data !== undefined) return loadFile(io, { ...options, data });
  if (folder === undefined && io.env['OUTPOST_REGISTRY_FOLDER'] === undefined)
    throw new OutpostError('BAD_INPUT', sentence('registry_cli.say_what_build'));
  return inRegistry(io, options, (context) => fromFeedback(context, options.keepTwins === true));
}

const twinsAbout = `
In a registry cases of one office with the same reference count as one incident; duplicates that two offices entered cannot
be seen, each office has its own key.`;

function buildCommand(io: CommandIo): Command {
  const command = withBuild(withFolder(withData(new Command('build'), io.language)), io.language);
  for (const option of command.options) if (option.long === '--data') option.makeOptionMandatory(false);
  return command
    .description('make a dataset that stays as it is, from what a registry collected, or from a file')
    .addHelpText('after', `${buildAbout}${twinsAbout}`)
    .addHelpText('after', '\nExample: registry dataset build --folder centre --out datasets')
    .action((options: BuildOptions) => buildDataset(io, options, () => load(io, options)));
}

/** `registry dataset`: labelled cases as datasets, and labelled cases from before Outpost. */
export function datasetCommand(io: CommandIo): Command {
  return new Command('dataset')
    .description('labelled cases to learn from')
    .addCommand(buildCommand(io))
    .addCommand(exportCommand(io))
    .addCommand(importCommand(io));
}
