import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { addDays } from '../../shared/drift/days.ts';
import { complaintsSchema } from '../../shared/encoding/complaints.ts';
import { counted } from '../../shared/encoding/phrases.ts';
import { modelCard } from '../learning/card.ts';
import { datasetOf, type LabelledRow } from '../learning/dataset.ts';
import { defaultSettings } from '../learning/settings.ts';
import { readLabelledCsv } from '../learning/labelled-csv.ts';
import { appVersion } from '../version.ts';
import { trainRun, type TrainResult } from '../learning/train.ts';
import { print, type CommandIo } from './io.ts';
import { plainDate, wholeNumber } from './simulate.ts';

interface Options {
  readonly data: string;
  readonly label: string;
  readonly time: string;
  readonly seed: number;
  readonly out: string;
  readonly cut?: string;
  readonly name: string;
  readonly modelVersion: number;
  readonly l2: number;
  readonly simulated?: boolean;
  readonly json?: boolean;
}

function penalty(text: string): number {
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value)) throw new InvalidArgumentError('It must be a number above 0.');
  return value;
}

/** Day before which three quarters of the rows were received. */
function defaultCut(rows: readonly LabelledRow[]): string {
  const days = rows.map((row) => row.received ?? '').toSorted();
  return days[Math.floor(days.length * 0.75)]!;
}

async function writeRun(folder: string, { model, manifest, metrics }: TrainResult): Promise<void> {
  await mkdir(folder, { recursive: true });
  const files: [string, Uint8Array | string][] = [
    ['model.onnx', model],
    ['manifest.json', `${JSON.stringify(manifest, null, 2)}\n`],
    ['metrics.json', `${JSON.stringify(metrics, null, 2)}\n`],
    ['model-card.md', modelCard(manifest, metrics)],
  ];
  for (const [name, content] of files) {
    await writeFile(join(folder, `${name}.part`), content);
    await rename(join(folder, `${name}.part`), join(folder, name));
  }
}

function percent(figure: { value: number; low?: number | undefined; high?: number | undefined } | undefined): string {
  if (!figure) return 'cannot tell';
  const of = (x: number | undefined): string => `${(100 * (x ?? NaN)).toFixed(1)} %`;
  return `${of(figure.value)} (${of(figure.low)} to ${of(figure.high)})`;
}

function report({ manifest, metrics }: TrainResult, out: string): string[] {
  const { figures, train, holdOut, thresholds } = metrics;
  const basis = metrics.basis === 'held_out' ? `${holdOut.rows} later cases` : 'out-of-fold scores';
  return [
    `Model ${manifest.model.id} written to ${out}.`,
    `Trained on ${counted(train.rows, 'case')} (${counted(train.scams, 'scam')}), judged on ${basis}. Verdicts: not scam below ${thresholds.notScamBelow}, scam from ${thresholds.scamFrom}.`,
    `Scams called scam ${percent(figures['recall'])}, missed ${percent(figures['missed'])}.`,
    `Genuine providers called scam ${percent(figures['wrong_accusation'])}; left unclear ${percent(figures['unclear'])}.`,
    `AUC ${figures['auc']?.value.toFixed(4) ?? 'cannot tell'}, log loss ${figures['log_loss']?.value.toFixed(4) ?? 'cannot tell'}.`,
  ];
}

async function train(io: CommandIo, options: Options): Promise<void> {
  const file = await readLabelledCsv(options.data, complaintsSchema, options);
  if (file.unmapped.length > 0) io.stderr.write(`Columns not used: ${file.unmapped.join(', ')}.\n`);
  if (file.unlabelled > 0) io.stderr.write(`${counted(file.unlabelled, 'row')} without a label left out.\n`);
  const created = new Date(io.clock.now()).toISOString();
  const cut = options.cut ?? defaultCut(file.rows);
  const result = trainRun(datasetOf(complaintsSchema, file.rows), {
    ...defaultSettings,
    params: { l2: options.l2 },
    seed: options.seed,
    split: { by: 'time', cut, share: 0.25 },
    name: options.name,
    version: options.modelVersion,
    created,
    expires: addDays(created.slice(0, 10), 365),
    codeVersion: appVersion(),
    simulated: options.simulated ?? false,
  });
  await writeRun(options.out, result);
  print(io, options.json, { model: result.manifest.model, metrics: result.metrics }, report(result, options.out));
}

/** `registry train`: one training run from a CSV file, for the complaints schema. */
export function trainCommand(io: CommandIo): Command {
  return new Command('train')
    .description(
      'train a model from a labelled CSV file and write model.onnx, manifest.json, metrics.json and a model card',
    )
    .requiredOption('--data <file>', 'CSV file: attributes by name, a label and a received date')
    .requiredOption('--out <folder>', 'folder to write to')
    .requiredOption('--seed <n>', 'seed of folds and samples', wholeNumber(0))
    .option('--label <column>', 'column with 1 for scam and 0 for genuine provider; empty rows are left out', 'y')
    .option('--time <column>', 'column with the received date', 'received')
    .option('--cut <date>', 'train on cases received before, judge by the rest (default: the last quarter)', plainDate)
    .option('--name <name>', 'name of the model', 'Complaints')
    .option('--model-version <n>', 'version of the model', wholeNumber(1), 1)
    .option('--l2 <strength>', 'strength of the penalty', penalty, 1)
    .option('--simulated', 'the cases are invented: says so in the manifest')
    .option('--json', 'print JSON')
    .action((options: Options) => train(io, options));
}
