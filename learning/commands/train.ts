import { statSync } from 'node:fs';
import { Command } from 'commander';
import { complaintsSchema } from '../../shared/encoding/complaints.ts';
import { isOutpostError, OutpostError } from '../../shared/errors/index.ts';
import { chanceWarnings, fewCases } from '../figures/baseline.ts';
import { aucAndLoss, figureWithin } from '../figures/figure-names.ts';
import { otherThresholds, thresholdsSetBy } from '../train/model-card.ts';
import {
  startThreads,
  threadsFor as threadsForRows,
  trainInWorker,
  type StartedThreads,
} from '../train/train-in-worker.ts';
import { requireBothSides } from '../train/split.ts';
import { writeSnapshotInTurns } from '../dataset/snapshot.ts';
import { duplicatesAdvice } from '../data/duplicates.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { fewestOfAClass } from '../train/fitting.ts';
import type { TrainSettings } from '../train/settings.ts';
import type { TrainMetrics } from '../train/train-metrics.ts';
import { recipeOf, type TrainResult } from '../train/train.ts';
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
import type { LoadedData } from '../data/loaded-data.ts';
import { loadData, withData, type DataOptions } from './training-data.ts';
import { jsonOption, wholeNumber } from '../../platform/command-options.ts';
import { inClauses, inTurn, listed, sentence, type Sentence, type Text } from '../../shared/language/sentence.ts';

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

const judgedOn = {
  held_out: 'train.judged_held_out',
  held_out_before_refit: 'train.judged_before_refit',
} as const;

/** On how many cases a model was trained, and what it was judged on. */
function judgedText({ basis, train, holdOut }: TrainMetrics): Sentence {
  const cases = { cases: train.rows, scams: train.scams };
  if (basis === 'out_of_fold') return sentence('train.judged_out_of_fold', cases);
  return sentence(judgedOn[basis], { ...cases, n: holdOut.rows });
}

/** What is to be known before a model is relied on, as sentences. */
function warningsOf({ fit, train, baseline, figures }: TrainMetrics): Text[] {
  const fewest = Math.min(train.scams, train.genuine);
  const gradient = fit['gradient']?.toExponential(1) ?? '';
  return [
    ...chanceWarnings(baseline, figures['unclear']?.value),
    ...(fit['converged'] === 0 ? [sentence('train.no_optimum', { steps: fit['iterations'] ?? 0, gradient })] : []),
    ...(fewest < fewCases ? [sentence('train.few_of_a_label', { n: fewest })] : []),
  ];
}

/** Which trainers were tried, with the log loss of each calibration. */
function triedText({ tried }: TrainMetrics): Sentence {
  const each = tried.map(({ trainer, logLoss }) => {
    const losses = Object.entries(logLoss).map(([calibration, loss]) =>
      sentence('train.tried_loss', { calibration, loss }),
    );
    return sentence('train.tried', { trainer, losses: listed(losses) });
  });
  return inClauses(each);
}

function lossText({ figures, baseline }: TrainMetrics): Sentence {
  const texts = aucAndLoss(figures);
  if (!baseline) return sentence('train.auc_and_loss', texts);
  return sentence('train.auc_and_losses', { ...texts, base: baseline.logLoss });
}

/** What a training reports to people. */
export function report({ manifest, metrics }: TrainResult, out: string, run: string): Text[] {
  const { figures, thresholds, trainer, calibration, knownScammers } = metrics;
  const fitText = trainers.find(({ name }) => name === trainer)?.fitText?.(metrics.fit) ?? null;
  const { notScamBelow, scamFrom } = thresholds;
  const within = (name: string): Text => figureWithin(name, figures[name]);
  return [
    sentence('train.written', { model: manifest.model.id, out, run }),
    sentence('train.chosen', { trainer, calibration, tried: triedText(metrics) }),
    ...(fitText === null ? [] : [fitText]),
    judgedText(metrics),
    ...(knownScammers > 0 ? [sentence('train.known_scammers', { n: knownScammers })] : []),
    sentence('train.thresholds_set', { notScamBelow, scamFrom, rule: thresholdsSetBy(metrics) }),
    ...(metrics.basis === 'out_of_fold' ? [otherThresholds] : []),
    sentence('train.on_scams', { recall: within('recall'), missed: within('missed') }),
    sentence('train.on_genuine', { accused: within('wrong_accusation'), unclear: within('unclear') }),
    lossText(metrics),
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
    throw new OutpostError('BAD_INPUT', sentence('train.params_beside_search'));
  const spaces = readSpaces(options.search);
  // Which settings a search finds is not known before it: whatever stands there may be another model.
  if (options.force !== true) requireFree(options.out, () => false, sentence('learn.folder_before_search'));
  return { settingsFor, spaces };
}

function aboutData(io: CommandIo, options: Options, { dataset, head }: LoadedData): AboutData {
  return {
    hasTime: dataset.received.every((day) => day !== null),
    name: dataset.schema.id === complaintsSchema.id ? 'Complaints' : dataset.schema.id,
    simulated: options.simulated === true || head.provenance.simulated,
    missing: head.provenance.missing,
    now: io.clock.now(),
  };
}

/** Throws BAD_INPUT naming the cause when too few rows of a label are left because most were left out as duplicates of one incident. */
function requireMoreThanDuplicates({ head }: LoadedData): void {
  const { rows, scams, provenance } = head;
  const advice = duplicatesAdvice({ reasons: provenance.rejected }, rows);
  if (advice === null || Math.min(scams, rows - scams) >= fewestOfAClass) return;
  const few = sentence('train.too_few_of_a_class', { least: fewestOfAClass, scams, genuine: rows - scams });
  throw new OutpostError('BAD_INPUT', inTurn([few, advice]));
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
  const advice = sentence('learn.folder_of_another_training');
  requireFree(options.out, (there) => there.training.run === recipe, advice);
}

/** Fewest bytes that a row takes in most files. */
const bytesOfRow = 50;

/** Threads that get ready while the file is read; none where it cannot be, which reading tells. */
function threadsFor({ data, threads }: Options): StartedThreads | undefined {
  const file = statSync(data, { throwIfNoEntry: false });
  return file?.isFile() === true ? startThreads(threads ?? threadsForRows(file.size / bytesOfRow)) : undefined;
}

async function trainRecorded(io: CommandIo, options: Options, plan: Plan, place: RunsPlace) {
  // A search has threads of its own first.
  const started = plan.spaces === null ? threadsFor(options) : undefined;
  try {
    return await trainRead(io, options, plan, place, started);
  } finally {
    await started?.end();
  }
}

async function trainRead(
  io: CommandIo,
  options: Options,
  { settingsFor, spaces }: Plan,
  place: RunsPlace,
  started: StartedThreads | undefined,
) {
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
  const progress = progressLine(io, sentence('progress.training'));
  const train = (rows: Dataset, trained: TrainSettings): Promise<TrainResult> =>
    trainInWorker(rows, trained, { signal, onProgress: progress.show, threads: options.threads, started })
      .then((result) => withLeaks(result, data.findings))
      .finally(progress.end);
  const snapshot = (): Promise<Uint8Array> => writeSnapshotInTurns(dataset, head);
  const order = { ...found, dataset, data: from, snapshot, notes: options.note ?? '' };
  try {
    return { data, ...(await recordTraining(place, order, train)) };
  } catch (error) {
    if (!isOutpostError(error, 'CANCELLED')) throw error;
    const kept = sentence('train.cancelled_and_kept', { out: options.out });
    throw new OutpostError('CANCELLED', inTurn([error.sentence, kept]), { cause: error });
  }
}

async function train(io: CommandIo, options: Options): Promise<void> {
  const plan = planOf(options);
  const { data, run, result } = await inRuns(io, options, (place) => trainRecorded(io, options, plan, place));
  writeModelFolder(options.out, filesOf(result));
  const { dataset, head, findings, afterToday } = data;
  const { columns, rejected } = head.provenance;
  const about = { columns, rejected, findings, afterToday, warnings: warningsOf(result.metrics) };
  const value = { run, dataset: dataset.hash, model: result.manifest.model, metrics: result.metrics, ...about };
  print(io, options.json, value, report(result, options.out, run));
}

/** `learn train`: one training run from labelled rows. */
export function trainCommand(io: CommandIo): Command {
  const { language } = io;
  const { say } = language;
  return withRuns(withSettings(withData(new Command('train'), language), language), language)
    .description(say('train.about'))
    .requiredOption('--out <folder>', say('learn.out_option'))
    .option('--force', say('learn.force_option'))
    .option('--search <file>', say('train.search_option'))
    .option('--budget <n>', say('train.budget_option'), wholeNumber(language, 1), 20)
    .option('--budget-seconds <n>', say('train.budget_seconds_option'), wholeNumber(language, 1))
    .option('--threads <n>', say('train.threads_option'), wholeNumber(language, 1))
    .option('--note <text>', say('train.note_option'))
    .option(...jsonOption(language))
    .addHelpText('after', `\n${say('train.explained')}\n\n${say('train.search_explained')}\n\n${say('train.example')}`)
    .action((options: Options) => train(io, options));
}
