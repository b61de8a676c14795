import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { complaintsSchema } from '../../shared/encoding/complaints.ts';
import { counted } from '../../shared/encoding/phrases.ts';
import { trainInWorker } from '../learning/in-worker.ts';
import { writeSnapshot } from '../learning/data/snapshot.ts';
import type { TrainResult } from '../learning/train.ts';
import { filesOf, recordTraining } from '../runs/record.ts';
import { print, type CommandIo } from './io.ts';
import { inRuns, withRuns, type RunsOptions } from './open-runs.ts';
import { progressLine } from './progress.ts';
import { settingsFrom, withSettings, type SettingsOptions } from './train-settings.ts';
import { loadData, withData, type DataOptions, type LoadedData } from './training-data.ts';

interface Options extends DataOptions, SettingsOptions, RunsOptions {
  readonly out: string;
  readonly note?: string;
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
    `Genuine providers called scam ${percent(figures['wrong_accusation'])}; left unclear ${percent(figures['unclear'])}.`,
    `AUC ${figures['auc']?.value.toFixed(4) ?? 'cannot tell'}, log loss ${figures['log_loss']?.value.toFixed(4) ?? 'cannot tell'}.`,
  ];
}

async function trainRecorded(
  io: CommandIo,
  options: Options,
  data: LoadedData,
): Promise<{ run: string; result: TrainResult }> {
  const { dataset, head } = data;
  const settings = settingsFrom(options, {
    hasTime: dataset.received.every((day) => day !== null),
    name: dataset.schema.id === complaintsSchema.id ? 'Complaints' : dataset.schema.id,
    simulated: options.simulated === true || head.provenance.simulated,
    now: io.clock.now(),
  });
  const stop = new AbortController();
  void io.ended().then(() => stop.abort());
  const progress = progressLine(io.stderr, 'Training');
  return inRuns(io, options, (place) =>
    recordTraining(
      place,
      { dataset, settings, notes: options.note ?? '', snapshot: () => writeSnapshot(dataset, head.provenance) },
      async (rows, told) => {
        try {
          return await trainInWorker(rows, told, { signal: stop.signal, onProgress: progress.show });
        } finally {
          progress.end();
        }
      },
    ),
  );
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
by cross-validation. With --cut it learns from earlier rows only, and what was judged is what is written.`;

/** `registry train`: one training run from labelled rows. */
export function trainCommand(io: CommandIo): Command {
  return withRuns(withSettings(withData(new Command('train'))))
    .description('train a model and write model.onnx, manifest.json, metrics.json and a model card')
    .requiredOption('--out <folder>', 'folder to write to')
    .option('--note <text>', 'a note kept with the run')
    .option('--json', 'print JSON')
    .addHelpText('after', about)
    .action((options: Options) => train(io, options));
}
