import { createReadStream } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Command } from 'commander';
import { complaintsSchema } from '../../shared/encoding/complaints.ts';
import { counted } from '../../shared/encoding/phrases.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { datasetOf, type Dataset } from '../learning/dataset.ts';
import { findSeparator } from '../learning/data/csv-rows.ts';
import { leakageOf } from '../learning/data/leakage.ts';
import { splitRows } from '../learning/data/split.ts';
import { headOf, writeSnapshot, type SnapshotHead } from '../learning/data/snapshot.ts';
import type { RegistryContext } from '../context.ts';
import { labelledCases, trainingRows } from '../pipeline/candidates.ts';
import { knownCases } from '../pipeline/cases.ts';
import { importDataset } from '../pipeline/import-dataset.ts';
import { integrate } from '../pipeline/integrate.ts';
import { currentSchema } from '../pipeline/retrain.ts';
import { isSimulated, markSimulated } from '../pipeline/simulated.ts';
import { print, type CommandIo } from './io.ts';
import { inRegistry, withFolder, type FolderOptions } from './open.ts';
import { wholeNumber } from './simulate.ts';
import { splitRule, withSplit, type SettingsOptions } from './train-settings.ts';
import { loadData, separatorOption, withData, worthLines, type DataOptions, type LoadedData } from './training-data.ts';

type ImportOptions = FolderOptions & Pick<DataOptions, 'separator' | 'simulated'> & { readonly json?: boolean };

function importCommand(io: CommandIo): Command {
  return withFolder(new Command('import'))
    .description('take in labelled cases from a CSV with columns received, y (1 scam, 0 genuine) and the attributes')
    .argument('<file>', 'CSV file')
    .option(...separatorOption)
    .option('--simulated', 'the cases are invented; models made from them say so')
    .option('--json', 'print JSON')
    .action(async (file: string, options: ImportOptions) => {
      const done = await inRegistry(io, options, async (context) => {
        const { separator, note } = await findSeparator(file, options.separator);
        if (note !== null) io.stderr.write(`${note}\n`);
        const rows = createReadStream(file);
        const result = await importDataset(context.db, complaintsSchema, basename(file), rows, separator);
        if (options.simulated === true) await markSimulated(context.db);
        return result;
      });
      const unused = done.unmapped.length === 0 ? [] : [`Columns not used: ${done.unmapped.join(', ')}.`];
      const left = done.rejected.slice(0, 20).map(({ line, why }) => `  line ${line}: ${why}`);
      const count = `${counted(done.imported, 'case')} taken in, ${done.rejected.length} left out.`;
      print(io, options.json, done, [count, ...left, ...unused]);
    });
}

interface BuildOptions
  extends Partial<DataOptions>, Partial<FolderOptions>, Pick<SettingsOptions, 'split' | 'cut' | 'share' | 'seed'> {
  readonly out: string;
  readonly json?: boolean;
}

/** Labelled cases of a registry: attributes as they were at intake, weighted by 1 / the chance that they were looked at. */
async function fromFeedback(context: RegistryContext): Promise<LoadedData> {
  await integrate(context.db);
  const all = await knownCases(context.db);
  const cases = labelledCases(all);
  const schema = await currentSchema(context);
  const last = all.at(-1)?.received ?? '';
  const dataset = datasetOf(schema, trainingRows(cases, { name: 'all cases alike', schema, halfLife: null }, last));
  const head = headOf(dataset, {
    from: 'feedback',
    name: 'outcomes collected by the registry',
    sha256: null,
    columns: [],
    rejected: { 'no outcome that says scam or genuine provider, or not drawn for a check': all.length - cases.length },
    unlabelled: 0,
    simulated: await isSimulated(context),
  });
  const findings = leakageOf(dataset);
  return { dataset, head, findings, lines: findings.map((f) => f.sentence) };
}

function load(io: CommandIo, options: BuildOptions): Promise<LoadedData> {
  const { data, folder, label = 'y' } = options;
  if (data !== undefined) return loadData({ ...options, data, label });
  if (folder === undefined && io.env['OUTPOST_REGISTRY_FOLDER'] === undefined)
    throw new OutpostError('BAD_INPUT', 'Say what to build from: --data FILE, or --folder DIR for a registry.');
  return inRegistry(io, options, fromFeedback);
}

/** Rows and scams on both sides of the split that is asked for. */
function splitOf(dataset: Dataset, options: BuildOptions) {
  const hasTime = dataset.received.every((day) => day !== null);
  const rule = splitRule(options, hasTime);
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
    `Split by ${split.rule.by}: ${counted(split.train.rows, 'row')} to learn from, ${split.holdOut.rows} held out${cut}.`,
  ];
}

async function build(io: CommandIo, options: BuildOptions): Promise<void> {
  const data = await load(io, options);
  io.stderr.write(data.lines.map((line) => `${line}\n`).join(''));
  const split = splitOf(data.dataset, options);
  const file = join(options.out, `${data.dataset.hash.slice(0, 16)}.dataset`);
  await mkdir(options.out, { recursive: true });
  await writeFile(`${file}.part`, writeSnapshot(data.dataset, data.head.provenance));
  await rename(`${file}.part`, file);
  const { schema: _schema, ...head } = data.head;
  print(io, options.json, { file, ...head, split, findings: data.findings }, lines(data.head, split, file));
}

function buildCommand(io: CommandIo): Command {
  const command = withSplit(withFolder(withData(new Command('build'))));
  for (const option of command.options) if (option.long === '--data') option.makeOptionMandatory(false);
  return command
    .description('make a dataset that stays as it is, from a CSV file or from what a registry collected')
    .option('--seed <n>', 'seed of a split by incident, scammer or chance', wholeNumber(0), 1)
    .requiredOption('--out <folder>', 'folder to write to; the file is named by the hash of its rows')
    .option('--json', 'print JSON')
    .action((options: BuildOptions) => build(io, options));
}

/** `registry dataset`: labelled cases as datasets, and labelled cases from before Outpost. */
export function datasetCommand(io: CommandIo): Command {
  return new Command('dataset')
    .description('labelled cases to learn from')
    .addCommand(buildCommand(io))
    .addCommand(importCommand(io));
}
