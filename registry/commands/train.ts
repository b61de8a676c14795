import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { complaintsSchema } from '../../shared/encoding/complaints.ts';
import { counted } from '../../shared/encoding/phrases.ts';
import { trainInWorker } from '../learning/in-worker.ts';
import { writeSnapshot } from '../learning/data/snapshot.ts';
import type { Dataset } from '../learning/dataset.ts';
import type { TrainSettings } from '../learning/settings.ts';
import type { TrainResult } from '../learning/train.ts';
import { filesOf, recordTraining } from '../runs/record.ts';
import { print, type CommandIo } from './io.ts';
import { inRuns, withRuns, type RunsOptions } from './open-runs.ts';
import { progressLine } from './progress.ts';
import { searched } from './search.ts';
import { wholeNumber } from './simulate.ts';
import { settingsFrom, withSettings, type SettingsOptions } from './train-settings.ts';
import { loadData, withData, type DataOptions, type LoadedData } from './training-data.ts';

/** With fewer of a label, intervals are so wide that figures say next to nothing. */
const fewCases = 50;

interface Options extends DataOptions, SettingsOptions, RunsOptions {
  readonly out: string;
  readonly note?: string;
  readonly search?: string;
  readonly budget: number;
  readonly budgetSeconds?: number;
  readonly json?: boolean;
}

/** Writes the files of a model into a folder, each whole or not at all. */
export async function writeModelFolder(folder: string, result: TrainResult): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, content] of Object.entries(filesOf(result))) {
    await writeFile(join(folder, `${name}.part`), content);
    await rename(join(folder, `${name}.part`), join(folder, name));
  }
}

function percent(figure: { value: number; low?: number | undefined; high?: number | undefined } | undefined): string {
  if (!figure) return 'cannot tell';
  const of = (x: number): string => `${(100 * x).toFixed(1)} %`;
  const interval = figure.low === undefined ? '' : ` (${of(figure.low)} to ${of(figure.high ?? NaN)})`;
  return `${of(figure.value)}${interval}`;
}

const bases: Readonly<Record<TrainResult['metrics']['basis'], (rows: number) => string>> = {
  held_out: (rows) => `${counted(rows, 'held-out case')}, which it has not learned from`,
  held_out_before_refit: (rows) => `${counted(rows, 'held-out case')}, before it learned from these too`,
  out_of_fold: () => 'out-of-fold scores of the cases it learned from',
};

function report({ manifest, metrics }: TrainResult, out: string, run: string): string[] {
  const { figures, train, holdOut, thresholds } = metrics;
  const tried = metrics.tried.map(({ trainer, logLoss }) => {
    const losses = Object.entries(logLoss).map(([kind, loss]) => `${kind} ${loss.toFixed(4)}`);
    return `${trainer} (${losses.join(', ')})`;
  });
  return [
    `Model ${manifest.model.id} written to ${out}; run ${run}.`,
    `Trainer ${metrics.trainer}, calibration ${metrics.calibration}. Log loss on unseen folds: ${tried.join('; ')}.`,
    `Trained on ${counted(train.rows, 'case')} (${counted(train.scams, 'scam')}), judged on ${bases[metrics.basis](holdOut.rows)}.`,
    `Verdicts: not scam below ${thresholds.notScamBelow}, scam from ${thresholds.scamFrom}.`,
    `Scams called scam ${percent(figures['recall'])}, missed ${percent(figures['missed'])}.`,
    `Genuine providers called scam ${percent(figures['wrong_accusation'])}. Of all cases, left unclear ${percent(figures['unclear'])}.`,
    `AUC ${figures['auc']?.value.toFixed(4) ?? 'cannot tell'}, log loss ${figures['log_loss']?.value.toFixed(4) ?? 'cannot tell'}.`,
    ...(Math.min(train.scams, train.genuine) < fewCases
      ? [
          `Only ${Math.min(train.scams, train.genuine)} cases of one label: too few to rely on this model or its figures.`,
        ]
      : []),
  ];
}

function settingsOf(io: CommandIo, options: Options, { dataset, head }: LoadedData): TrainSettings {
  return settingsFrom(options, {
    hasTime: dataset.received.every((day) => day !== null),
    name: dataset.schema.id === complaintsSchema.id ? 'Complaints' : dataset.schema.id,
    simulated: options.simulated === true || head.provenance.simulated,
    now: io.clock.now(),
  });
}

async function trainRecorded(io: CommandIo, options: Options, data: LoadedData) {
  const { dataset, head } = data;
  const settings = settingsOf(io, options, data);
  const stop = new AbortController();
  void io.ended().then(() => stop.abort());
  return inRuns(io, options, async (place) => {
    const found =
      options.search === undefined
        ? { settings, parent: null }
        : await searched(io, place, dataset, settings, { ...options, search: options.search, signal: stop.signal });
    const progress = progressLine(io.stderr, 'Training');
    const train = (rows: Dataset, told: TrainSettings): Promise<TrainResult> =>
      trainInWorker(rows, told, { signal: stop.signal, onProgress: progress.show }).finally(progress.end);
    const snapshot = (): Uint8Array => writeSnapshot(dataset, head.provenance);
    return recordTraining(place, { ...found, dataset, snapshot, notes: options.note ?? '' }, train);
  });
}

async function train(io: CommandIo, options: Options): Promise<void> {
  const data = await loadData(options);
  io.stderr.write(data.lines.map((line) => `${line}\n`).join(''));
  const { run, result } = await trainRecorded(io, options, data);
  await writeModelFolder(options.out, result);
  const { dataset, head, findings } = data;
  const said = { columns: head.provenance.columns, rejected: head.provenance.rejected, findings };
  const value = { run, dataset: dataset.hash, model: result.manifest.model, metrics: result.metrics, ...said };
  print(io, options.json, value, report(result, options.out, run));
}

const about = `
Column kinds are inferred and shown; --schema declares them. A file whose columns are those of complaints is read under
the complaints schema. The model learns from all rows; with dates it is judged by the latest quarter before that, else
by cross-validation. With --cut it learns from earlier rows only, and what was judged is what is written.

--search declares a space, as in {"trainer": ["logistic", "boosting"], "params": {"maxDepth": {"int": [3, 8]},
"learningRate": {"log": [0.02, 0.3]}, "l2": {"log": [0.01, 100]}}}: the defaults are tried first, then points drawn by
the seed; the simplest within one standard error of the best cross-validated log loss is trained.`;

/** `registry train`: one training run from labelled rows. */
export function trainCommand(io: CommandIo): Command {
  return withRuns(withSettings(withData(new Command('train'))))
    .description('train a model and write model.onnx, manifest.json, metrics.json and a model card')
    .requiredOption('--out <folder>', 'folder to write to')
    .option('--search <file>', 'JSON with a space of trainers and parameters to look for the best in')
    .option('--budget <n>', 'points of the space that are tried', wholeNumber(1), 20)
    .option('--budget-seconds <n>', 'seconds after which no further point is tried', wholeNumber(1))
    .option('--note <text>', 'a note kept with the run')
    .option('--json', 'print JSON')
    .addHelpText('after', about)
    .action((options: Options) => train(io, options));
}
