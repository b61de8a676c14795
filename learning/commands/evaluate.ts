import { Command, InvalidArgumentError } from 'commander';
import { headersOfFile } from '../../shared/encoding/headers-of-file.ts';
import type { Language } from '../../shared/language/language.ts';
import { sentence, type Sentence, type Text } from '../../shared/language/sentence.ts';
import type { Manifest } from '../../shared/encoding/manifest.ts';
import { basisPhrase } from '../../shared/encoding/figure-basis.ts';
import { groupingOf } from '../figures/cases.ts';
import { evaluateScores, type EvaluatedFigure } from '../evaluation/evaluate.ts';
import type { CasesFile } from '../evaluation/read-cases.ts';
import { defaultRepeats, defaultSliceOptions } from '../evaluation/settings.ts';
import { slicingsOf, textsAmong, usualTexts } from '../evaluation/slicings.ts';
import { costsLine, evaluationLines } from '../evaluation/text.ts';
import { missedByStratum } from '../figures/figures.ts';
import { requireOther, requireWritableFile, writeAtomic } from '../../platform/files.ts';
import { scoreFrame } from '../evaluation/score-model.ts';
import { print, type CommandIo } from '../../platform/command-io.ts';
import { seenLines, seenOf } from './known-rows.ts';
import { costsOf, loadEvaluationData, withEvaluationData, type EvaluationOptions } from './evaluation-data.ts';
import { modelFilesOf, modelPathsOf } from './model-files.ts';
import { withRuns, type RunsOptions } from './open-runs.ts';
import { whileReading } from './reading.ts';
import { jsonOption, wholeNumber } from '../../platform/command-options.ts';

interface Options extends EvaluationOptions, RunsOptions {
  readonly model?: string;
  readonly manifest?: string;
  readonly slices?: readonly string[];
  readonly first: readonly number[];
  readonly repeats?: number;
  readonly seed: number;
  readonly out?: string;
  readonly json?: boolean;
}

/** Parts of a list written with commas. */
function commaList(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function counts(language: Language): (text: string) => number[] {
  return (text) => {
    const numbers = commaList(text).map(wholeNumber(language, 1));
    if (numbers.length === 0) throw new InvalidArgumentError(language.say('commands.whole_numbers'));
    return numbers;
  };
}

/**
 * What the figures in the manifest of a model are, where they are not of this very model on cases it has not seen. Without
 * a name there is no other model.
 */
export function basisLines(name: string | null, { training: { basis } }: Manifest): Text[] {
  if (basis === undefined || basis === 'held_out') return [];
  return [sentence('evaluate.basis', { named: name !== null, name: name ?? '', basis: basisPhrase(basis) })];
}

function headLine({ model: { name, version, simulated } }: Manifest): Sentence {
  return sentence('evaluate.name_version', { name, version, simulated });
}

/** What an evaluation says of the model it is of. */
function about({ model, training }: Manifest) {
  const { id, name, version, sha256, simulated } = model;
  return { id, name, version, sha256, simulated, trainer: training.trainer, basis: training.basis ?? null };
}

/** Scams among what was called not scam, as figures. */
function amongNotScam(
  { labels, weights, groups, outside }: CasesFile,
  scores: Float64Array,
  { thresholds }: Manifest,
): Record<string, EvaluatedFigure> {
  const strata = missedByStratum({ labels, scores, weights, groups }, outside, thresholds);
  const among = Object.entries(strata).map(([name, { value, low, high, n }]) => {
    return [name, { value, low: low ?? null, high: high ?? null, n, method: null }];
  });
  return Object.fromEntries(among) as Record<string, EvaluatedFigure>;
}

async function evaluate(io: CommandIo, folder: string | undefined, options: Options): Promise<void> {
  if (options.out !== undefined) requireWritableFile(options.out);
  requireOther(options.out, [options.data, ...modelPathsOf(folder), options.model, options.manifest]);
  const { model, manifest } = modelFilesOf(folder, options.model, options.manifest, {
    model: '--model',
    manifest: '--manifest',
  });
  const wanted = options.slices ?? null;
  const texts = textsAmong(wanted ?? [], manifest.schema.attributes);
  const textsIfThere = wanted === null ? usualTexts : [];
  const { file, lines } = await whileReading(io, options.data, (watch) =>
    loadEvaluationData(options, manifest, { texts, textsIfThere }, watch),
  );
  const scores = await scoreFrame(model, manifest, file);
  const { labels, weights, groups, read } = file;
  const evaluation = evaluateScores({ labels, weights, groups: groupingOf(groups) }, scores, {
    thresholds: manifest.thresholds,
    costs: costsOf(options),
    firsts: options.first,
    slicings: slicingsOf(file, wanted),
    slices: defaultSliceOptions,
    seed: options.seed,
    repeats: options.repeats ?? defaultRepeats(file.rows),
  });
  const whole = { ...evaluation, figures: { ...evaluation.figures, ...amongNotScam(file, scores, manifest) } };
  const { rejected, unlabelled, unmapped } = read;
  const seen = await seenOf(io, options, file, manifest);
  const fileReport = { rejected, unlabelled, unmapped, time: read.time, maybeSeen: seen.maybe, learned: seen.learned };
  const result = { model: about(manifest), file: fileReport, ...whole };
  if (options.out !== undefined) writeAtomic(options.out, `${JSON.stringify(result, null, 2)}\n`);
  const head = [...seenLines(null, seen), headLine(manifest), ...lines, ...basisLines(null, manifest)];
  const kept = options.out === undefined ? [] : [sentence('evaluate.all_in', { file: options.out })];
  const shown = evaluationLines(io.language, whole, headersOfFile(manifest.texts));
  print(io, options.json, result, [...head, ...shown, costsLine(whole.costs), ...kept]);
}

/** `learn evaluate`: figures of a model on labelled cases, with curves and slices. */
export function evaluateCommand(io: CommandIo): Command {
  const { language } = io;
  const { say } = language;
  return withRuns(withEvaluationData(new Command('evaluate'), language), language)
    .description(say('evaluate.about'))
    .argument('[folder]', say('evaluate.folder'))
    .option('--model <file>', 'model.onnx')
    .option('--manifest <file>', 'manifest.json')
    .option('--slices <names>', say('evaluate.slices'), commaList)
    .option('--first <numbers>', say('evaluate.first'), counts(language), [50, 100, 200])
    .option('--repeats <n>', say('evaluate.repeats', { rows: 200_000 }), wholeNumber(language, 100))
    .option('--seed <n>', say('evaluate.seed'), wholeNumber(language, 0), 1)
    .option('--out <file>', say('evaluate.out'))
    .option(...jsonOption(language))
    .addHelpText('after', `\n${say('evaluate.example')}`)
    .action((folder: string | undefined, options: Options) => evaluate(io, folder, options));
}
