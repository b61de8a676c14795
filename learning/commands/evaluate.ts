import { Command, InvalidArgumentError } from 'commander';
import type { Manifest } from '../../shared/encoding/manifest.ts';
import { basisPhrase } from '../../shared/encoding/phrases.ts';
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
import { costsOf, loadJudged, withJudged, type JudgedOptions } from './judged-data.ts';
import { modelFilesOf, modelPathsOf } from './model-files.ts';
import { withRuns, type RunsOptions } from './open-runs.ts';
import { whileReading } from './reading.ts';
import { wholeNumber } from './simulate.ts';
import { jsonOption } from '../../platform/command-options.ts';

interface Options extends JudgedOptions, RunsOptions {
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
export function commaList(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function counts(text: string): number[] {
  const numbers = commaList(text).map(wholeNumber(1));
  if (numbers.length === 0) throw new InvalidArgumentError('It must be whole numbers, separated by commas.');
  return numbers;
}

/** What the figures in the manifest of a model are, where they are not of this very model on cases it has not seen. */
export function basisLines(name: string, { training: { basis } }: Manifest): string[] {
  if (basis === undefined || basis === 'held_out') return [];
  return [`The figures in the manifest of ${name} are ${basisPhrase(basis)}.`];
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
  const { model, manifest } = modelFilesOf(folder, options.model, options.manifest, '--model and --manifest');
  const wanted = options.slices ?? null;
  const texts = textsAmong(wanted ?? [], manifest.schema.attributes);
  const textsIfThere = wanted === null ? usualTexts : [];
  const { file, lines } = await whileReading(io, options.data, (watch) =>
    loadJudged(options, manifest, { texts, textsIfThere }, watch),
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
  const told = { rejected, unlabelled, unmapped, time: read.time, maybeSeen: seen.maybe, learned: seen.learned };
  const result = { model: about(manifest), file: told, ...whole };
  if (options.out !== undefined) writeAtomic(options.out, `${JSON.stringify(result, null, 2)}\n`);
  const head = `${manifest.model.name}, version ${manifest.model.version}${manifest.model.simulated ? ' (simulated)' : ''}`;
  const kept = options.out === undefined ? [] : [`All figures, curves and parts are in ${options.out}.`];
  const notes = [...lines, ...basisLines('the model', manifest)];
  print(io, options.json, result, [
    ...seenLines('the model', seen),
    head,
    ...notes,
    ...evaluationLines(whole),
    costsLine(whole.costs),
    ...kept,
  ]);
}

/** `learn evaluate`: figures of a model on labelled cases, with curves and slices. */
export function evaluateCommand(io: CommandIo): Command {
  return withRuns(withJudged(new Command('evaluate')))
    .description('judges a model on a labelled CSV file: figures with 95 % intervals, curves, parts that stand out')
    .argument('[folder]', 'folder with model.onnx and manifest.json, instead of --model and --manifest')
    .option('--model <file>', 'model.onnx')
    .option('--manifest <file>', 'manifest.json')
    .option('--slices <names>', 'attributes, columns or month to judge by, with commas; else all', commaList)
    .option('--first <numbers>', 'how much of the queue to look at, with commas', counts, [50, 100, 200])
    .option('--repeats <n>', 'resamples for the intervals; else 1,000, fewer beyond 200,000 rows', wholeNumber(100))
    .option('--seed <n>', 'the same seed gives the same intervals', wholeNumber(0), 1)
    .option('--out <file>', 'also write everything as JSON')
    .option(...jsonOption)
    .addHelpText('after', '\nExample: learn evaluate model --data new.csv --out evaluation.json')
    .action((folder: string | undefined, options: Options) => evaluate(io, folder, options));
}
