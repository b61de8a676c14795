import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { Command } from 'commander';
import { complaintsSchema } from '../../shared/encoding/complaints.ts';
import { counted } from '../../shared/encoding/phrases.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { renewed, type Dataset } from '../learning/dataset.ts';
import { aheadLines, datedAhead } from '../learning/data/ahead.ts';
import { kindOfFile } from '../learning/data/file-kind.ts';
import { leakageOf } from '../learning/data/leakage.ts';
import { requireBothSides, splitRows } from '../learning/data/split.ts';
import { headOf, writeSnapshot, type SnapshotHead } from '../learning/data/snapshot.ts';
import { instant, type RegistryContext } from '../context.ts';
import {
  makeFolder,
  requireOther,
  requireWritable,
  requireWritableFile,
  streamAtomic,
  writeAtomic,
} from '../../platform/files.ts';
import { caseFileHead, caseLines } from '../pipeline/case-file.ts';
import { datasetOfCases } from '../pipeline/case-rows.ts';
import { knownCases, labelOfCase } from '../pipeline/cases.ts';
import { importCaseFile, type CasesImported } from '../pipeline/import-cases.ts';
import { importDataset } from '../pipeline/import-dataset.ts';
import { integrate } from '../pipeline/integrate.ts';
import { currentSchema } from '../pipeline/retrain.ts';
import { isSimulated, markSimulated } from '../pipeline/simulated.ts';
import { storeFile } from '../setup.ts';
import { print, type CommandIo } from './io.ts';
import { inRegistry, withFolder, type FolderOptions } from './open.ts';
import { whileReading } from './reading.ts';
import { wholeNumber } from './simulate.ts';
import { splitRule, withSplit, type SettingsOptions } from './train-settings.ts';
import {
  loadData,
  requireNoColumns,
  separatorOption,
  withData,
  worthLines,
  type DataOptions,
  type LoadedData,
} from './training-data.ts';

type ImportOptions = FolderOptions & Pick<DataOptions, 'separator' | 'simulated'> & { readonly json?: boolean };

/** What came of taking cases in, as lines. */
function importedLines(
  { imported, added, rejected, unlabelled, afterToday }: Omit<CasesImported, 'head'>,
  others: readonly string[] = [],
): string[] {
  const left = rejected.first.slice(0, 20).map(({ line, why }) => `  line ${line}: ${why}`);
  const open = unlabelled === 0 ? [] : [`${counted(unlabelled, 'case')} without a label left out.`];
  const number = (count: number): string => count.toLocaleString('en-GB');
  const known = added === imported ? '' : ` (${number(added)} new, ${number(imported - added)} known already)`;
  return [
    `${counted(imported, 'case')} taken in${known}, ${number(rejected.total)} left out.`,
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
  io.stderr.write(done.notes.map((note) => `${note}\n`).join(''));
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
    throw new OutpostError('BAD_INPUT', 'A dataset holds no single cases any more: import the file it was built from.');
  return kind === 'cases' ? importCases(io, file, options) : importCsv(io, file, options);
}

function importCommand(io: CommandIo): Command {
  return withFolder(new Command('import'))
    .description(
      'take in labelled cases from a case file, or a CSV file with received, y (1 scam, 0 genuine), attributes',
    )
    .argument('<file>', 'CSV file, or case file (.jsonl)')
    .option(...separatorOption)
    .option('--simulated', 'the cases are invented; models made from them say so')
    .option('--json', 'print JSON')
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
    .option('--json', 'print JSON')
    .addHelpText('after', exportAbout)
    .action((options: ExportOptions) => exportCases(io, options));
}

const exportAbout = `
One case a line: facts as they were at intake, tactics noted later, first score with its audit draw, outcome. Nothing in
it names a person. "train", "dataset build", "evaluate", "compare" and "dataset import" read it.`;

interface BuildOptions
  extends Partial<DataOptions>, Partial<FolderOptions>, Pick<SettingsOptions, 'split' | 'cut' | 'share' | 'seed'> {
  readonly out: string;
  readonly json?: boolean;
}

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
  const left = Object.entries(rejected.reasons).map(([why, n]) => `${counted(n, 'case')} left out: ${why}.`);
  return {
    dataset,
    head,
    findings,
    afterToday,
    lines: [...left, ...aheadLines(afterToday), ...findings.map((f) => f.sentence)],
  };
}

/** A dataset of an earlier format as it is built today; anything else as it is. */
function anew(data: LoadedData): LoadedData {
  const dataset = renewed(data.dataset);
  return dataset === data.dataset ? data : { ...data, dataset, head: headOf(dataset, data.head.provenance) };
}

async function load(io: CommandIo, options: BuildOptions): Promise<LoadedData> {
  const { data, folder } = options;
  if (data !== undefined)
    return anew(await whileReading(io, data, (watch) => loadData({ ...options, data }, io.clock.now(), watch)));
  if (folder === undefined && io.env['OUTPOST_REGISTRY_FOLDER'] === undefined)
    throw new OutpostError('BAD_INPUT', 'Say what to build from: --data FILE, or --folder DIR for a registry.');
  return inRegistry(io, options, (context) => fromFeedback(context, options.keepTwins === true));
}

/** Rows and scams on both sides of the split that is asked for. */
function splitOf(dataset: Dataset, options: BuildOptions) {
  const hasTime = dataset.received.every((day) => day !== null);
  const rule = splitRule(options, hasTime);
  requireBothSides(dataset, rule, options.seed);
  const { train, holdOut, cut } = splitRows(dataset, rule, options.seed);
  const scams = (rows: Uint32Array): number => rows.reduce((sum, i) => sum + dataset.frame.labels[i]!, 0);
  return {
    rule,
    cut,
    train: { rows: train.length, scams: scams(train) },
    holdOut: { rows: holdOut.length, scams: scams(holdOut) },
  };
}

function lines(head: SnapshotHead, split: ReturnType<typeof splitOf>, file: string): string[] {
  const [worth = 'All rows count alike.'] = worthLines(head.rows, head.weights);
  const cut = split.cut === null ? '' : `, from ${split.cut} on`;
  return [
    `Dataset ${head.hash} written to ${file}.`,
    `${counted(head.rows, 'row')}, ${counted(head.scams, 'scam')}, ${head.schema.attributes.length} attributes. ${worth}`,
    `Split by ${split.rule.by}: ${counted(split.train.rows, 'row')} to learn from, ${split.holdOut.rows.toLocaleString('en-GB')} held out${cut}.`,
  ];
}

async function build(io: CommandIo, options: BuildOptions): Promise<void> {
  requireWritable(options.out);
  const data = await load(io, options);
  io.stderr.write(data.lines.map((line) => `${line}\n`).join(''));
  const split = splitOf(data.dataset, options);
  const file = join(options.out, `${data.dataset.hash.slice(0, 16)}.dataset`);
  makeFolder(options.out);
  writeAtomic(file, writeSnapshot(data.dataset, data.head.provenance));
  const { schema: _schema, ...head } = data.head;
  print(
    io,
    options.json,
    { file, ...head, split, findings: data.findings, afterToday: data.afterToday },
    lines(data.head, split, file),
  );
}

const buildAbout = `
Of the cases of one incident the one received first is kept (--keep-twins keeps all). In a registry cases of one office
with the same reference count as one incident; twins that two offices entered cannot be seen, each office has its own key.
A dataset an earlier version built, with hashed names in it, can be given as --data: it is built anew without them.`;

function buildCommand(io: CommandIo): Command {
  const command = withSplit(withFolder(withData(new Command('build'))));
  for (const option of command.options) if (option.long === '--data') option.makeOptionMandatory(false);
  return command
    .description('make a dataset that stays as it is, from a file or from what a registry collected')
    .addHelpText('after', buildAbout)
    .option('--seed <n>', 'seed of a split by incident, scammer or chance', wholeNumber(0), 1)
    .requiredOption('--out <folder>', 'folder to write to; the file is named by the hash of its rows')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample: registry dataset build --data cases.csv --label y --out datasets')
    .action((options: BuildOptions) => build(io, options));
}

/** `registry dataset`: labelled cases as datasets, and labelled cases from before Outpost. */
export function datasetCommand(io: CommandIo): Command {
  return new Command('dataset')
    .description('labelled cases to learn from')
    .addCommand(buildCommand(io))
    .addCommand(exportCommand(io))
    .addCommand(importCommand(io));
}
