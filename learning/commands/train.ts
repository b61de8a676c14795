import { Command } from 'commander';
import { complaintsSchema } from '../../shared/encoding/complaints.ts';
import { counted } from '../../shared/encoding/phrases.ts';
import { inEnglish } from '../../shared/errors/in-english.ts';
import { isOutpostError, OutpostError } from '../../shared/errors/index.ts';
import { chanceWarnings, fewCases } from '../figures/baseline.ts';
import { otherThresholds, thresholdsSetBy } from '../train/model-card.ts';
import { trainInWorker } from '../train/train-in-worker.ts';
import { requireBothSides } from '../train/split.ts';
import { writeSnapshotInTurns } from '../dataset/snapshot.ts';
import { duplicatesAdvice } from '../data/duplicates.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { fewestOfAClass } from '../train/fitting.ts';
import type { TrainSettings } from '../train/settings.ts';
import { recipeOf, type TrainMetrics, type TrainResult } from '../train/train.ts';
import type { TrainerSpace } from '../search/search-space.ts';
import { trainers } from '../trainers/index.ts';
import { requireWritable } from '../../platform/files.ts';
import { feedbackData, filesOf, recordTraining, type RunsPlace } from '../runs/record.ts';
import { note, print, type CommandIo } from '../../platform/command-io.ts';
import { requireFree, requireOtherFiles, writeModelFolder } from './model-folder.ts';
import { inRuns, withRuns, type RunsOptions } from './open-runs.ts';
import { progressLine } from './progress.ts';
import { whileReading } from './reading.ts';
import { readSpaces, searched } from './search.ts';
import {
  settingsFrom,
  withSettings,
  type AboutData,
  type SettingsFor,
  type SettingsOptions,
} from './train-settings.ts';
import { loadData, withData, type DataOptions, type LoadedData } from './training-data.ts';
import { jsonOption, wholeNumber } from '../../platform/command-options.ts';
import { sentence } from '../../shared/language/sentence.ts';

interface Options extends DataOptions, SettingsOptions, RunsOptions {
  readonly out: string;
  readonly force?: boolean;
  readonly note?: string;
  readonly search?: string;
  readonly budget: number;
  readonly budgetSeconds?: number;
  readonly threads?: number;
  readonly json?: boolean;
}

function percent(figure: { value: number; low?: number | undefined; high?: number | undefined } | undefined): string {
  if (!figure) return 'cannot tell';
  const of = (x: number): string => `${(100 * x).toFixed(1)} %`;
  const interval = figure.low === undefined ? '' : ` (${of(figure.low)} to ${of(figure.high ?? NaN)})`;
  return `${of(figure.value)}${interval}`;
}

const bases: Readonly<Record<TrainResult['metrics']['basis'], (rows: number) => string>> = {
  held_out: (rows) => `${counted(rows, 'held-out case')}, which it has not learned from`,
  held_out_before_refit: (rows) =>
    `${counted(rows, 'held-out case')}, before it learned from these too: the model written was not judged itself (--no-refit writes the one that was)`,
  out_of_fold: () => 'out-of-fold scores of the cases it learned from',
};

/** What is to be known before a model is relied on, as sentences. */
function warningsOf({ fit, train, baseline, figures }: TrainMetrics): string[] {
  const lines = chanceWarnings(baseline, figures['unclear']?.value);
  if (fit['converged'] === 0)
    lines.push(
      `The fit did not come to its optimum in ${fit['iterations']} steps (largest gradient ${fit['gradient']?.toExponential(1)}): the same rows in another program may give another model. A larger l2 in --params helps.`,
    );
  const fewest = Math.min(train.scams, train.genuine);
  if (fewest < fewCases) lines.push(`Only ${fewest} cases of one label: too few to rely on this model or its figures.`);
  return lines;
}

/** What a training tells people. */
export function report({ manifest, metrics }: TrainResult, out: string, run: string): string[] {
  const { figures, baseline, train, holdOut, thresholds } = metrics;
  const tried = metrics.tried.map(({ trainer, logLoss }) => {
    const losses = Object.entries(logLoss).map(([kind, loss]) => `${kind} ${loss.toFixed(4)}`);
    return `${trainer} (${losses.join(', ')})`;
  });
  const told = trainers.find(({ name }) => name === metrics.trainer)?.told?.(metrics.fit) ?? null;
  const base = baseline ? `; saying the base rate of every case gives ${baseline.logLoss.toFixed(4)}` : '';
  return [
    `Model ${manifest.model.id} written to ${out}; run ${run}.`,
    `Trainer ${metrics.trainer}, calibration ${metrics.calibration}. Log loss on unseen folds: ${tried.join('; ')}.`,
    ...(told === null ? [] : [inEnglish(told)]),
    `Trained on ${counted(train.rows, 'case')} (${counted(train.scams, 'scam')}), judged on ${bases[metrics.basis](holdOut.rows)}.`,
    ...(metrics.knownScammers > 0
      ? [
          `${counted(metrics.knownScammers, 'held-out case')} of scammers of whom it had learned other cases: intervals go by scammer.`,
        ]
      : []),
    `Verdicts: not scam below ${thresholds.notScamBelow}, scam from ${thresholds.scamFrom}. On scores the model had not learned from, these were set such that ${thresholdsSetBy(metrics)}.`,
    ...(metrics.basis === 'out_of_fold' ? [otherThresholds] : []),
    `Scams called scam ${percent(figures['recall'])}, missed ${percent(figures['missed'])}.`,
    `Genuine providers called scam ${percent(figures['wrong_accusation'])}. Of all cases, left unclear ${percent(figures['unclear'])}.`,
    `AUC ${figures['auc']?.value.toFixed(4) ?? 'cannot tell'}, log loss ${figures['log_loss']?.value.toFixed(4) ?? 'cannot tell'}${base}.`,
    ...warningsOf(metrics),
  ];
}

/** What is to be done, known to be sound before any data is read. */
interface Plan {
  readonly settingsFor: SettingsFor;
  readonly spaces: readonly TrainerSpace[] | null;
}

function planOf(options: Options): Plan {
  requireWritable(options.out);
  requireOtherFiles(options.out, [options.data, options.schema, options.params, options.search]);
  const settingsFor = settingsFrom(options);
  if (options.search === undefined) return { settingsFor, spaces: null };
  if (options.params !== undefined || options.l2 !== undefined)
    throw new OutpostError(
      'BAD_INPUT',
      'With --search, parameters come from the space: give a fixed one there, as in {"maxDepth": {"choice": [4]}}.',
    );
  const spaces = readSpaces(options.search);
  // Which settings a search finds is not known before it: whatever stands there may be another model.
  const advice = 'A search may find another. Name another folder, or add --force to write over it.';
  if (options.force !== true) requireFree(options.out, () => false, advice);
  return { settingsFor, spaces };
}

function aboutData(io: CommandIo, options: Options, { dataset, head }: LoadedData): AboutData {
  return {
    hasTime: dataset.received.every((day) => day !== null),
    name: dataset.schema.id === complaintsSchema.id ? 'Complaints' : dataset.schema.id,
    simulated: options.simulated === true || head.provenance.simulated,
    now: io.clock.now(),
  };
}

/** Throws BAD_INPUT naming the cause when too few rows of a label are left because most were left out as duplicates of one incident. */
function requireMoreThanDuplicates({ head }: LoadedData): void {
  const { rows, scams, provenance } = head;
  const advice = duplicatesAdvice({ reasons: provenance.rejected }, rows);
  if (advice === null || Math.min(scams, rows - scams) >= fewestOfAClass) return;
  const [least, there] = [
    `at least ${fewestOfAClass} confirmed scams and ${fewestOfAClass}`,
    `${scams} and ${rows - scams}`,
  ];
  throw new OutpostError(
    'BAD_INPUT',
    sentence('learn.training_needs_least_genuine_providers', { least, there, advice }),
  );
}

/** A trained model that says which columns it learned from although they tell the label. */
function withLeaks(result: TrainResult, findings: LoadedData['findings']): TrainResult {
  const allowedLeaks = findings.flatMap(({ refuse, column }) => (refuse && column !== null ? [column] : []));
  return allowedLeaks.length === 0 ? result : { ...result, metrics: { ...result.metrics, allowedLeaks } };
}

/** Refuses to write over another model, as long as it is known which one is made. */
function requireOwn(options: Options, dataset: Dataset, settings: TrainSettings): void {
  if (options.force === true) return;
  const recipe = recipeOf(dataset, settings);
  const advice = 'It was made from other rows or settings. Name another folder, or add --force to write over it.';
  requireFree(options.out, (there) => there.training.run === recipe, advice);
}

async function trainRecorded(io: CommandIo, options: Options, { settingsFor, spaces }: Plan, place: RunsPlace) {
  const stop = new AbortController();
  const { signal } = stop;
  void io.ended().then(() => stop.abort());
  const data = await whileReading(io, options.data, (watch) => loadData(options, io.clock.now(), watch), stop);
  requireMoreThanDuplicates(data);
  note(io, ...data.lines);
  const { dataset, head } = data;
  const from = head.provenance.from === 'feedback' ? feedbackData : head.provenance.name;
  const settings = settingsFor(aboutData(io, options, data));
  requireBothSides(dataset, settings.split, settings.seed);
  const found =
    spaces === null
      ? { settings, parent: null }
      : await searched(io, place, dataset, settings, { ...options, spaces, signal, from });
  requireOwn(options, dataset, found.settings);
  const progress = progressLine(io, 'Training');
  const train = (rows: Dataset, told: TrainSettings): Promise<TrainResult> =>
    trainInWorker(rows, told, { signal, onProgress: progress.show, threads: options.threads })
      .then((result) => withLeaks(result, data.findings))
      .finally(progress.end);
  const snapshot = (): Promise<Uint8Array> => writeSnapshotInTurns(dataset, head.provenance);
  const order = { ...found, dataset, data: from, snapshot, notes: options.note ?? '' };
  try {
    return { data, ...(await recordTraining(place, order, train)) };
  } catch (error) {
    if (!isOutpostError(error, 'CANCELLED')) throw error;
    const kept = `Nothing was written to ${options.out}. The run is kept as cancelled; see "learn runs list".`;
    throw new OutpostError('CANCELLED', `${error.message} ${kept}`, { cause: error });
  }
}

async function train(io: CommandIo, options: Options): Promise<void> {
  const plan = planOf(options);
  const { data, run, result } = await inRuns(io, options, (place) => trainRecorded(io, options, plan, place));
  writeModelFolder(options.out, filesOf(result));
  const { dataset, head, findings, afterToday } = data;
  const { columns, rejected } = head.provenance;
  const said = { columns, rejected, findings, afterToday, warnings: warningsOf(result.metrics) };
  const value = { run, dataset: dataset.hash, model: result.manifest.model, metrics: result.metrics, ...said };
  print(io, options.json, value, report(result, options.out, run));
}

const about = `
Column kinds are inferred and shown; --schema declares them. They and the listed values come from all rows, held-out ones
too, but never from labels. A file whose columns are those of complaints is read under the complaints schema; without a
column tactics nothing is known of tactics, never no. Of the cases of one incident (column incident) the first received
that can be read is kept. Weights count cases, intervals count rows: a row of weight 5 is still one row. The model learns from all rows; with dates it is judged by the latest quarter before that, else
by cross-validation. With --cut it learns from earlier rows only, and what was judged is what is written.

--search declares a space, as in {"trainer": ["logistic", "boosting"], "params": {"maxDepth": {"int": [3, 8]},
"learningRate": {"log": [0.02, 0.3]}, "l2": {"log": [0.01, 100]}}}: the defaults are tried first, then points drawn by
the seed; the simplest within one standard error of the best cross-validated log loss is trained.

Example: learn train --data cases.csv --label y --trainer auto --out model`;

/** `learn train`: one training run from labelled rows. */
export function trainCommand(io: CommandIo): Command {
  return withRuns(withSettings(withData(new Command('train'), io.language), io.language), io.language)
    .description('train a model and write model.onnx, manifest.json, metrics.json and a model card')
    .requiredOption('--out <folder>', 'folder to write to')
    .option('--force', 'write over another model in that folder')
    .option('--search <file>', 'JSON with a space of trainers and parameters to look for the best in')
    .option('--budget <n>', 'points of the space that are tried', wholeNumber(io.language, 1), 20)
    .option('--budget-seconds <n>', 'seconds after which no further point is tried', wholeNumber(io.language, 1))
    .option(
      '--threads <n>',
      'threads that share the work; else one per core for many rows',
      wholeNumber(io.language, 1),
    )
    .option('--note <text>', 'a note kept with the run')
    .option(...jsonOption(io.language))
    .addHelpText('after', about)
    .action((options: Options) => train(io, options));
}
