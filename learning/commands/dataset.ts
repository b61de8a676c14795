import type { Language } from '../../shared/language/language.ts';
import { join } from 'node:path';
import { Command } from 'commander';
import { note, print, type CommandIo } from '../../platform/command-io.ts';
import { makeFolder, requireWritable, writeAtomic } from '../../platform/files.ts';
import { renewed, type Dataset } from '../dataset/dataset.ts';
import { headOf, writeSnapshot, type SnapshotHead } from '../dataset/snapshot.ts';
import { requireBothSides, splitRows } from '../train/split.ts';
import { exportCommand } from './dataset-export.ts';
import { whileReading } from './reading.ts';
import { splitRule, withSplit, type SettingsOptions } from './train-settings.ts';
import type { LoadedData } from '../data/loaded-data.ts';
import { loadData, withData, worthLines, type DataOptions } from './training-data.ts';
import { jsonOption, wholeNumber } from '../../platform/command-options.ts';
import { sentence, type Text } from '../../shared/language/sentence.ts';

/** What a dataset is built by, wherever its rows come from. */
export interface BuildOptions extends Partial<DataOptions>, Pick<SettingsOptions, 'split' | 'cut' | 'share' | 'seed'> {
  readonly out: string;
  readonly json?: boolean;
}

/** A dataset of an earlier format as it is built today; anything else as it is. */
function rebuilt(data: LoadedData): LoadedData {
  const dataset = renewed(data.dataset);
  return dataset === data.dataset ? data : { ...data, dataset, head: headOf(dataset, data.head.provenance) };
}

/** Reads the file the options name, as a dataset is built of it. */
export async function loadFile(io: CommandIo, options: BuildOptions & { readonly data: string }): Promise<LoadedData> {
  return rebuilt(await whileReading(io, options.data, (watch) => loadData(options, io.clock.now(), watch)));
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

function lines(head: SnapshotHead, { rule, cut, train, holdOut }: ReturnType<typeof splitOf>, file: string): Text[] {
  const { hash, rows, scams, schema, weights } = head;
  const [worth = sentence('dataset.all_alike')] = worthLines(rows, weights);
  const split = { by: rule.by, train: train.rows, holdOut: holdOut.rows };
  return [
    sentence('dataset.written', { hash, file }),
    sentence('dataset.holds', { rows, scams, attributes: schema.attributes.length, worth }),
    cut === null ? sentence('dataset.split', split) : sentence('dataset.split_from', { ...split, cut }),
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

/** Adds the options of building a dataset that do not say where its rows come from. */
export function withBuild(command: Command, language: Language): Command {
  const { say } = language;
  return withSplit(command, language)
    .option('--seed <n>', say('dataset.seed_option'), wholeNumber(language, 0), 1)
    .requiredOption('--out <folder>', say('dataset.out_option'))
    .option(...jsonOption(language));
}

function buildCommand(io: CommandIo): Command {
  const { language } = io;
  return withBuild(withData(new Command('build'), language), language)
    .description(language.say('dataset.build_about'))
    .addHelpText('after', `\n${language.say('dataset.build_explained')}\n\n${language.say('dataset.build_example')}`)
    .action((options: BuildOptions & { data: string }) => buildDataset(io, options, () => loadFile(io, options)));
}

/** `learn dataset`: labelled rows kept as they are. */
export function datasetCommand(io: CommandIo): Command {
  return new Command('dataset')
    .description(io.language.say('dataset.about'))
    .addCommand(buildCommand(io))
    .addCommand(exportCommand(io));
}
