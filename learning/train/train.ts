import { companionsOf } from '../../shared/encoding/companions.ts';
import { createHash } from 'node:crypto';
import type { MessagePort } from 'node:worker_threads';
import type { Profile } from '../../shared/encoding/profile.ts';
import type { Manifest } from '../../shared/encoding/manifest.ts';
import { OutpostError, sentenceOf } from '../../shared/errors/index.ts';
import { sentence } from '../../shared/language/sentence.ts';
import { checkManifest } from '../../platform/models/parse-manifest.ts';
import { canonicalJson } from '../../shared/log/canonical.ts';
import { withoutPersonalNumbers } from './personal-digits.ts';
import { modelIdOf } from './model-id.ts';
import { splitRows, type Split } from './split.ts';
import { storeRow, type Dataset, type TrainingRows } from '../dataset/dataset.ts';
import { profileOfRows } from '../dataset/profile.ts';
import { bindingOf, exportModel, outputNameOf } from '../export/export.ts';
import { effectiveCount } from '../statistics/effective-sample-size.ts';
import { crossValidate, fitRows, probabilities, type CrossValidation, type Fitted } from './fitting.ts';
import { allRows, columnBuilder, type Rows } from '../dataset/frame.ts';
import { createRandom, type Random } from '../statistics/random.ts';
import { backgroundRows, goldenRows } from '../dataset/samples.ts';
import type { TrainSettings } from './settings.ts';
import { metricsOf, modelScores, type TrainMetrics } from './train-metrics.ts';

/** What a run may be given from outside: neither changes what comes out. */
export interface RunContext {
  /** Asked between steps of work; true ends the run with CANCELLED. */
  readonly cancelled?: () => boolean;
  /** Called with the share of the work that is done, 0 to 1. */
  readonly onProgress?: (share: number) => void;
  /** Threads that help with the fits, see `worker-pool.ts`. */
  readonly helpers?: readonly MessagePort[];
}

export interface TrainResult {
  readonly model: Uint8Array;
  readonly manifest: Manifest;
  readonly metrics: TrainMetrics;
}

const backgroundSize = 32;

function sha256Of(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

interface Run {
  readonly fitted: Fitted;
  /** Rows the model that ships has learned from. */
  readonly learned: Rows;
  readonly metrics: TrainMetrics;
}

function run(dataset: TrainingRows, settings: TrainSettings, split: Split, context: RunContext): Run {
  const { train, holdOut } = split;
  const again = settings.refit && holdOut.length > 0;
  const learned = again ? allRows(dataset.frame) : train;
  const fits = fitRows(dataset.frame, again ? [train, learned] : [train], settings, {
    ...context,
    seed: settings.seed,
    onProgress: (share) => context.onProgress?.(0.95 * share),
  });
  const [first, fitted] = [fits[0]!, fits.at(-1)!];
  const metrics = metricsOf(dataset, settings, split, { learned, judged: first, shipped: fitted });
  return { fitted, learned, metrics };
}

/**
 * Names a training by its rows and all its settings but name, version and dates: the same one gives the same model. A
 * manifest has it as `training.run`.
 */
export function recipeOf(dataset: Pick<Dataset, 'hash'>, settings: TrainSettings): string {
  const { name: _name, version: _version, created: _created, expires: _expires, ...recipe } = settings;
  return sha256Of(canonicalJson({ dataset: dataset.hash, ...recipe })).slice(0, 16);
}

function trainingOf(
  dataset: TrainingRows,
  settings: TrainSettings,
  { learned, fitted, metrics }: Run,
  cut: string | null,
) {
  const { labels, weights } = dataset.frame;
  let [scams, total] = [0, 0];
  for (const i of learned) {
    scams += labels[i]! * weights[i]!;
    total += weights[i]!;
  }
  const dates = Array.from(learned, (i) => dataset.received[i]!).filter((day) => day !== null);
  return {
    run: recipeOf(dataset, settings),
    trainer: fitted.trainer.id,
    seed: settings.seed,
    dataset: dataset.hash,
    rows: learned.length,
    from: dates.reduce<string | null>((first, day) => (first === null || day < first ? day : first), null),
    // A refit has learned from the cases after the cut too.
    cut: settings.refit ? null : cut,
    baseRate: scams / total,
    codeVersion: settings.codeVersion,
    basis: metrics.basis,
    ...(settings.missing !== undefined && { missing: settings.missing }),
  };
}

/**
 * Profile of the training cases, weighted to what they stand for but scaled to the number of equally weighted cases
 * that tell as much: a test must not take a case of weight twenty for twenty cases.
 */
function referenceProfile(dataset: TrainingRows, rows: Rows, unseen: Float64Array): Profile {
  const weights = Array.from(rows, (i) => dataset.frame.weights[i]!);
  const scale = effectiveCount(weights) / weights.reduce((a, b) => a + b, 0);
  return profileOfRows(
    dataset,
    rows,
    Float64Array.from(weights, (weight) => weight * scale),
    unseen,
  );
}

/** Made-up rows with the probability the graph must give for them. */
function goldenCases({ schema }: TrainingRows, { model, calibrator }: Fitted, random: Random): Manifest['golden'] {
  const rows = goldenRows(schema, random);
  const builder = columnBuilder(schema);
  rows.forEach((row) => builder.add(row));
  const order = Uint32Array.from(rows.keys());
  const scores = probabilities(calibrator, model.margins({ columns: builder.build(order) }, order));
  return rows.map((row, i) => ({ row: storeRow(row), score: scores[i]! }));
}

function manifestOf(
  dataset: TrainingRows,
  settings: TrainSettings,
  done: Run,
  cut: string | null,
  bytes: Uint8Array,
): Manifest {
  const { name, version, created, expires, simulated, maxMissingShare } = settings;
  const { fitted, learned, metrics } = done;
  const { schema, frame } = dataset;
  const random = createRandom(settings.seed ^ 0x5eed);
  const sha256 = sha256Of(bytes);
  const [binding, output] = [bindingOf(schema), { name: outputNameOf(schema), column: 0 }];
  const { thresholds } = metrics;
  const deciding = { schema, binding, output, thresholds, maxMissingShare, missing: settings.missing };
  const id = modelIdOf(sha256, deciding);
  return {
    format: 'outpost.manifest/2',
    model: { id, name, version, sha256, bytes: bytes.length, created, expires, simulated },
    // Keys in one order, whoever wrote the schema: the same dataset gives the same bytes.
    schema: JSON.parse(canonicalJson(schema)),
    texts: JSON.parse(canonicalJson(companionsOf(dataset))),
    binding,
    output,
    thresholds,
    maxMissingShare,
    training: trainingOf(dataset, settings, done, cut),
    figures: metrics.figures,
    background: backgroundRows(frame, learned, modelScores(dataset, learned, fitted), backgroundSize, random),
    golden: goldenCases(dataset, fitted, random),
    reference: referenceProfile(dataset, learned, fitted.unseen),
  };
}

/** Cross-validates settings on the rows that a run with them would learn from; what it would hold out is not looked at. */
export function crossValidateRun(
  dataset: TrainingRows,
  settings: TrainSettings,
  context: RunContext = {},
): CrossValidation {
  const { train } = splitRows(dataset, settings.split, settings.seed);
  return crossValidate(withoutPersonalNumbers(dataset.frame), train, settings, { ...context, seed: settings.seed });
}

function checked(manifest: Manifest): Manifest {
  try {
    return checkManifest(manifest, null);
  } catch (cause) {
    throw new OutpostError('BAD_INPUT', sentence('train.values_fit_no_manifest', { why: sentenceOf(cause) }), {
      cause,
    });
  }
}

/**
 * One training run: split, fit, calibration and thresholds from out-of-fold scores, figures from held-out cases, and
 * the model as one ONNX graph with its manifest. Deterministic: the same dataset and settings give the same bytes.
 * Throws BAD_INPUT when there is too little to learn from, CANCELLED when asked to stop.
 */
export function trainRun(dataset: TrainingRows, settings: TrainSettings, context: RunContext = {}): TrainResult {
  const plain = { ...dataset, frame: withoutPersonalNumbers(dataset.frame) };
  const split = splitRows(dataset, settings.split, settings.seed);
  const done = run(plain, settings, split, context);
  const model = exportModel(dataset.schema, done.fitted.model, done.fitted.calibrator);
  const manifest = checked(manifestOf(dataset, settings, done, split.cut, model));
  context.onProgress?.(1);
  return { model, manifest, metrics: done.metrics };
}
