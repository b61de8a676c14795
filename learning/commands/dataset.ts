import type { Language } from '../../shared/language/language.ts';
import { join } from 'node:path';
import { Command } from 'commander';
import { note, print, type CommandIo } from '../../platform/command-io.ts';
import { makeFolder, requireWritable, writeAtomic } from '../../platform/files.ts';
import { counted } from '../../shared/encoding/phrases.ts';
import { renewed, type Dataset } from '../dataset/dataset.ts';
import { headOf, writeSnapshot, type SnapshotHead } from '../dataset/snapshot.ts';
import { requireBothSides, splitRows } from '../train/split.ts';
import { whileReading } from './reading.ts';
import { splitRule, withSplit, type SettingsOptions } from './train-settings.ts';
import { loadData, withData, worthLines, type DataOptions, type LoadedData } from './training-data.ts';
import { jsonOption, wholeNumber } from '../../platform/command-options.ts';

/** What a dataset is built by, wherever its rows come from. */
export interface BuildOptions extends Partial<DataOptions>, Pick<SettingsOptions, 'split' | 'cut' | 'share' | 'seed'> {
  readonly out: string;
  readonly json?: boolean;
}

/** A dataset of an earlier format as it is built today; anything else as it is. */
function anew(data: LoadedData): LoadedData {
  const dataset = renewed(data.dataset);
  return dataset === data.dataset ? data : { ...data, dataset, head: headOf(dataset, data.head.provenance) };
}

/** Reads the file the options name, as a dataset is built of it. */
export async function loadFile(io: CommandIo, options: BuildOptions & { readonly data: string }): Promise<LoadedData> {
  return anew(await whileReading(io, options.data, (watch) => loadData(options, io.clock.now(), watch)));
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

/** Builds a dataset of the rows that `load` gives and writes it. */
export async function buildDataset(
  io: CommandIo,
  options: BuildOptions,
  load: () => Promise<LoadedData>,
): Promise<void> {
  requireWritable(options.out);
  const data = await load();
  note(io, ...data.lines);
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

/** What both command lines say of building a dataset. */
export const buildAbout = `
Of the cases of one incident the one received first is kept (--keep-twins keeps all). A dataset an earlier version built,
with hashed names in it, can be given as --data: it is built again without them.`;

/** Adds the options of building a dataset that do not say where its rows come from. */
export function withBuild(command: Command, language: Language): Command {
  return withSplit(command, language)
    .option('--seed <n>', 'seed of a split by incident, scammer or chance', wholeNumber(language, 0), 1)
    .requiredOption('--out <folder>', 'folder to write to; the file is named by the hash of its rows')
    .option(...jsonOption(language));
}

function buildCommand(io: CommandIo): Command {
  return withBuild(withData(new Command('build'), io.language), io.language)
    .description('make a dataset that stays as it is, from a file')
    .addHelpText('after', `${buildAbout}\n\nExample: learn dataset build --data cases.csv --label y --out datasets`)
    .action((options: BuildOptions & { data: string }) => buildDataset(io, options, () => loadFile(io, options)));
}

/** `learn dataset`: labelled rows kept as they are. */
export function datasetCommand(io: CommandIo): Command {
  return new Command('dataset').description('labelled rows kept as they are').addCommand(buildCommand(io));
}
