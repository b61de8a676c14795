import { basename, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { Command, Option } from 'commander';
import type { Manifest } from '../../shared/encoding/manifest.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { groupingOf, type JudgedCases } from '../figures/cases.ts';
import { compareModels, type Comparison, type PrimaryFigure } from '../evaluation/compare.ts';
import { sharedRows, type CasesFile } from '../evaluation/read-cases.ts';
import { casesNeeded, defaultMargin, defaultRepeats } from '../evaluation/settings.ts';
import { comparisonLines, costsLine, comparisonSentence, type Compared } from '../evaluation/text.ts';
import { requireOther, requireWritableFile, writeAtomic } from '../../platform/files.ts';
import { scoreFrame } from '../evaluation/score-model.ts';
import { basisLines } from './evaluate.ts';
import { print, type CommandIo } from '../../platform/command-io.ts';
import { seenLines, seenOf, tooMuchLearned } from './known-rows.ts';
import {
  costsOf,
  loadEvaluationData,
  withEvaluationData,
  type EvaluationData,
  type EvaluationOptions,
} from './evaluation-data.ts';
import { modelFilesOf, modelPathsOf, type ModelFiles } from './model-files.ts';
import { withRuns, type RunsOptions } from './open-runs.ts';
import { whileReading } from './reading.ts';
import { jsonOption, wholeNumber } from '../../platform/command-options.ts';
import type { Language } from '../../shared/language/language.ts';
import { sentence, type Sentence, type Text } from '../../shared/language/sentence.ts';

interface Options extends EvaluationOptions, RunsOptions {
  readonly model?: string;
  readonly manifest?: string;
  readonly withModel?: string;
  readonly withManifest?: string;
  readonly by: PrimaryFigure;
  readonly repeats?: number;
  readonly seed: number;
  readonly out?: string;
  readonly json?: boolean;
}

interface Read extends ModelFiles, EvaluationData {
  readonly scores: Float64Array;
}

async function scored(io: CommandIo, files: ModelFiles, options: Options): Promise<Read> {
  const read = await whileReading(io, options.data, (watch) => loadEvaluationData(options, files.manifest, {}, watch));
  return { ...files, ...read, scores: await scoreFrame(files.model, files.manifest, read.file) };
}

type Model = Manifest['model'];

/** Two models with one name are distinguished by their folders, else by their ids. */
function namesOf({ say }: Language, models: readonly [Model, Model], folders: readonly string[]): Compared {
  const [first, second] = models;
  if (first.name !== second.name) return { first: first.name, second: second.name };
  const [a, b] = folders.map((folder) => basename(resolve(folder)));
  if (a !== undefined && b !== undefined && a !== b) return { first: a, second: b };
  const name = ({ name: own, version, id }: Model): string =>
    say('compare.name_version', { name: own, version, id: id.slice(0, 8) });
  return { first: name(first), second: name(second) };
}

function casesAt({ labels, weights, groups }: CasesFile, rows: Uint32Array): JudgedCases {
  return {
    labels: Uint8Array.from(rows, (i) => labels[i]!),
    weights: Float64Array.from(rows, (i) => weights[i]!),
    groups: groupingOf(Int32Array.from(rows, (i) => groups[i]!)),
  };
}

function scoredAt({ scores, manifest }: Read, rows: Uint32Array) {
  return { scores: Float64Array.from(rows, (i) => scores[i]!), thresholds: manifest.thresholds };
}

function leftOut(onlyFirst: number, onlySecond: number): Text[] {
  if (onlyFirst + onlySecond === 0) return [];
  return [sentence('compare.left_out', { n: onlyFirst + onlySecond, first: onlyFirst, second: onlySecond })];
}

/** Notes of two readings: what holds of both once, the rest under the name of its model. */
function notesOfBoth(a: Read, b: Read, { first, second }: Compared): Text[] {
  const [own, other] = [a, b].map(({ lines }) => new Map(lines.map((note) => [JSON.stringify(note), note])));
  const of = (model: string, notes = own!, others = other!): Text[] =>
    [...notes].flatMap(([key, note]) => (others.has(key) ? [] : [sentence('compare.note_of', { model, note })]));
  const both = [...own!].flatMap(([key, note]) => (other!.has(key) ? [note] : []));
  return [...both, ...of(first), ...of(second, other, own)];
}

/** A comparison that tells nothing for a reason of its own; null: as it is. */
function withoutResult(comparison: Comparison, reason: Sentence | null): Comparison {
  if (reason === null) return comparison;
  const figures = Object.entries(comparison.figures).map(([name, figure]) => [
    name,
    { ...figure, result: 'cannot_tell' as const },
  ]);
  return {
    ...comparison,
    figures: Object.fromEntries(figures) as Comparison['figures'],
    result: 'cannot_tell',
    reason,
  };
}

/** The two models that are named, by folders or by options. */
function modelsOf(folders: readonly string[], options: Options): [ModelFiles, ModelFiles] {
  if (folders.length === 1 || folders.length > 2)
    throw new OutpostError('BAD_INPUT', sentence('learn.name_two_folders'));
  const { data, out, model, manifest, withModel, withManifest } = options;
  requireOther(out, [data, ...folders.flatMap(modelPathsOf), model, manifest, withModel, withManifest]);
  return [
    modelFilesOf(folders[0], model, manifest, { model: '--model', manifest: '--manifest' }),
    modelFilesOf(folders[1], withModel, withManifest, { model: '--with-model', manifest: '--with-manifest' }),
  ];
}

/** Why a model is not compared with itself; null for two models. */
function sameModel({ manifest: a }: Read, { manifest: b }: Read): Sentence | null {
  const same = a.model.sha256 === b.model.sha256 && isDeepStrictEqual(a.thresholds, b.thresholds);
  return same ? sentence('compare.same_model') : null;
}

/** The comparison on the rows both can read, which proves nothing where too many of these were learned from. */
async function judged(io: CommandIo, options: Options, a: Read, b: Read, names: Compared) {
  const rows = sharedRows(a.file, b.file);
  if (rows.first.length === 0) throw new OutpostError('BAD_INPUT', sentence('learn.two_models_can_read_no_row'));
  const comparison = compareModels(casesAt(a.file, rows.first), scoredAt(a, rows.first), scoredAt(b, rows.second), {
    costs: costsOf(options),
    primary: options.by,
    margin: defaultMargin,
    needed: casesNeeded,
    seed: options.seed,
    repeats: options.repeats ?? defaultRepeats(2 * rows.first.length),
  });
  const seen = {
    first: await seenOf(io, options, a.file, a.manifest, rows.first),
    second: await seenOf(io, options, b.file, b.manifest, rows.second),
  };
  const why = sameModel(a, b) ?? tooMuchLearned(names.first, seen.first) ?? tooMuchLearned(names.second, seen.second);
  return { rows, seen, comparison: withoutResult(comparison, why) };
}

async function compare(io: CommandIo, folders: readonly string[], options: Options): Promise<void> {
  if (options.out !== undefined) requireWritableFile(options.out);
  const [first, second] = modelsOf(folders, options);
  const [a, b] = [await scored(io, first, options), await scored(io, second, options)];
  const names = namesOf(io.language, [first.manifest.model, second.manifest.model], folders);
  const { rows, seen, comparison } = await judged(io, options, a, b, names);
  const { onlyFirst, onlySecond } = rows;
  const sentence = comparisonSentence(comparison, names);
  const models = [first, second].map(({ manifest: { model } }) => model);
  const file = {
    sentence,
    onlyFirst,
    onlySecond,
    maybeSeen: { first: seen.first.maybe, second: seen.second.maybe },
    learned: { first: seen.first.learned, second: seen.second.learned },
  };
  const result = { first: models[0], second: models[1], ...file, ...comparison };
  if (options.out !== undefined) writeAtomic(options.out, `${JSON.stringify(result, null, 2)}\n`);
  const notes = [
    ...notesOfBoth(a, b, names),
    ...leftOut(onlyFirst, onlySecond),
    ...basisLines(names.first, a.manifest),
    ...basisLines(names.second, b.manifest),
  ];
  const warned = [...seenLines(names.first, seen.first), ...seenLines(names.second, seen.second)];
  print(io, options.json, result, [
    ...warned,
    ...comparisonLines(io.language, comparison, names),
    costsLine(comparison.costs),
    ...notes,
  ]);
}

/** `learn compare`: whether one model is better than another, on the same labelled cases. */
export function compareCommand(io: CommandIo): Command {
  const { language } = io;
  const { say } = language;
  const by = new Option('--by <figure>', say('compare.by')).choices(['mean_cost', 'log_loss']);
  return withRuns(withEvaluationData(new Command('compare'), language), language)
    .description(say('compare.about'))
    .argument('[folders...]', say('compare.folders'))
    .option('--model <file>', say('compare.model'))
    .option('--manifest <file>', say('compare.manifest'))
    .option('--with-model <file>', say('compare.with_model'))
    .option('--with-manifest <file>', say('compare.with_manifest'))
    .addOption(by.default('mean_cost'))
    .option('--repeats <n>', say('evaluate.repeats', { rows: 100_000 }), wholeNumber(language, 100))
    .option('--seed <n>', say('evaluate.seed'), wholeNumber(language, 0), 1)
    .option('--out <file>', say('evaluate.out'))
    .option(...jsonOption(language))
    .addHelpText('after', `\n${say('compare.example')}`)
    .action((folders: string[], options: Options) => compare(io, folders, options));
}
