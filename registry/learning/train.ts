import { createHash } from 'node:crypto';
import type { Thresholds } from '../../shared/domain/verdict.ts';
import { profileOf } from '../../shared/drift/build.ts';
import type { Profile } from '../../shared/drift/profile.ts';
import { manifestSchema, type Manifest } from '../../shared/encoding/manifest.ts';
import type { FeatureSchema } from '../../shared/encoding/schema.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { datasetOf, splitByTime, storeRow, type Dataset, type DatasetRow, type LabelledRow } from './dataset.ts';
import { bindingOf, exportModel, outputName } from './export.ts';
import { effectiveCount, figuresOf, missedFigures, type Figures } from './figures.ts';
import { outOfFoldScores } from './folds.ts';
import { defaultL2, fitModel, predict, type LogisticModel } from './logistic-model.ts';
import { createRandom } from './random.ts';
import { backgroundRows, goldenRows } from './samples.ts';
import { thresholdsFromCosts, thresholdsFromScores, type Costs } from './thresholds.ts';

/** What a training run is told. The same request gives the same bytes. */
export interface TrainRequest {
  readonly rows: Iterable<LabelledRow>;
  readonly schema: FeatureSchema;
  readonly seed: number;
  /** Plain date: cases received before it train, the rest are held out for the figures. Null: nothing is held out. */
  readonly cut: string | null;
  readonly name: string;
  readonly version: number;
  /** UTC instant with milliseconds. */
  readonly created: string;
  /** Plain date. */
  readonly expires: string;
  readonly codeVersion: string;
  /** True when the cases were invented. */
  readonly simulated: boolean;
  readonly l2?: number;
  /** Costs to set the thresholds from; without them the default limits are used. */
  readonly costs?: Costs;
  readonly maxMissingShare?: number;
}

export interface TrainMetrics {
  readonly train: { readonly rows: number; readonly scams: number; readonly genuine: number };
  readonly holdOut: { readonly rows: number; readonly scams: number; readonly genuine: number };
  readonly thresholds: Thresholds;
  /** On held-out cases; on out-of-fold scores of the training cases when nothing was held out (`basis` says which). */
  readonly figures: Figures;
  readonly basis: 'held_out' | 'out_of_fold';
  readonly iterations: number;
  readonly gradient: number;
}

export interface TrainResult {
  readonly model: Uint8Array;
  readonly manifest: Manifest;
  readonly metrics: TrainMetrics;
}

const trainer = 'outpost-logistic/1';
const backgroundSize = 32;

/** UUID (version 8) made of the hash of a model's bytes: equal bytes have equal ids. */
export function modelIdOf(sha256: string): string {
  const variant = ((Number.parseInt(sha256[16]!, 16) & 3) | 8).toString(16);
  return `${sha256.slice(0, 8)}-${sha256.slice(8, 12)}-8${sha256.slice(13, 16)}-${variant}${sha256.slice(17, 20)}-${sha256.slice(20, 32)}`;
}

function sha256Of(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function classes(rows: readonly DatasetRow[]): { rows: number; scams: number; genuine: number } {
  const scams = rows.filter((row) => row.label === 1).length;
  return { rows: rows.length, scams, genuine: rows.length - scams };
}

interface Fitted {
  readonly dataset: Dataset;
  readonly train: readonly DatasetRow[];
  readonly model: LogisticModel;
  readonly bytes: Uint8Array;
  readonly folds: readonly number[];
  readonly metrics: TrainMetrics;
}

/** Thresholds from scores the model did not learn from. */
function thresholdsOf(request: TrainRequest, train: readonly DatasetRow[], folds: readonly number[]): Thresholds {
  if (request.costs) return thresholdsFromCosts(request.costs);
  const scored = train.map((row, i) => ({ label: row.label, weight: row.weight, score: folds[i]! }));
  return thresholdsFromScores(scored.filter((s) => !Number.isNaN(s.score)));
}

function fit(request: TrainRequest, maxMissingShare: number): Fitted {
  const { schema, seed, l2 = defaultL2 } = request;
  const dataset = datasetOf(schema, request.rows);
  const { train, holdOut } = splitByTime(dataset, request.cut);
  const model = fitModel(schema, train, l2);
  const folds = outOfFoldScores(schema, train, seed, l2);
  const thresholds = thresholdsOf(request, train, folds);
  const judged = holdOut.length > 0 ? holdOut : train.filter((_, i) => !Number.isNaN(folds[i]!));
  const scores =
    holdOut.length > 0 ? holdOut.map((row) => predict(model, row.encoded)) : folds.filter((s) => !Number.isNaN(s));
  const figures = {
    ...figuresOf(
      judged.map((row, i) => ({ label: row.label, weight: row.weight, score: scores[i]! })),
      thresholds,
    ),
    ...missedFigures(schema, judged, scores, { thresholds, maxMissingShare }),
  };
  const { iterations, gradient } = model;
  const basis = holdOut.length > 0 ? 'held_out' : 'out_of_fold';
  const metrics: TrainMetrics = {
    train: classes(train),
    holdOut: classes(holdOut),
    thresholds,
    figures,
    basis,
    iterations,
    gradient,
  };
  return { dataset, train, model, bytes: exportModel(model), folds, metrics };
}

function trainingOf(request: TrainRequest, { dataset, train }: Fitted): Manifest['training'] {
  const run = sha256Of(
    `${trainer}\n${dataset.hash}\n${request.seed}\n${request.cut ?? ''}\n${request.l2 ?? defaultL2}`,
  ).slice(0, 16);
  return {
    run,
    trainer,
    seed: request.seed,
    dataset: dataset.hash,
    rows: train.length,
    from: train[0]?.received ?? null,
    cut: request.cut,
    baseRate: train.reduce((sum, r) => sum + r.label * r.weight, 0) / train.reduce((sum, r) => sum + r.weight, 0),
    codeVersion: request.codeVersion,
  };
}

/**
 * Profile of the training cases, weighted to what they stand for but scaled to the number of equally weighted cases
 * that tell as much: a test must not take a case of weight twenty for twenty cases.
 */
function referenceProfile(schema: FeatureSchema, train: readonly DatasetRow[], folds: readonly number[]): Profile {
  const weights = train.map((row) => row.weight);
  const scale = effectiveCount(weights) / weights.reduce((a, b) => a + b, 0);
  const cases = train.map(({ facts, tacticsNoted, weight }, i) => ({
    facts: { ...facts, tactics: [...tacticsNoted] },
    score: Number.isNaN(folds[i]!) ? null : folds[i]!,
    weight: weight * scale,
  }));
  return profileOf(schema, cases);
}

function manifestOf(request: TrainRequest, fitted: Fitted, maxMissingShare: number): Manifest {
  const { name, version, created, expires, simulated, schema } = request;
  const { model, bytes, train, folds, metrics } = fitted;
  const random = createRandom(request.seed ^ 0x5eed);
  const sha256 = sha256Of(bytes);
  return {
    format: 'outpost.manifest/1',
    model: { id: modelIdOf(sha256), name, version, sha256, bytes: bytes.length, created, expires, simulated },
    schema,
    binding: bindingOf(model),
    output: { name: outputName, column: 0 },
    thresholds: metrics.thresholds,
    maxMissingShare,
    training: trainingOf(request, fitted),
    figures: metrics.figures,
    background: backgroundRows(
      schema,
      train,
      train.map((row) => predict(model, row.encoded)),
      backgroundSize,
      random,
    ),
    golden: goldenRows(schema, random).map((row) => ({ row: storeRow(row), score: predict(model, row) })),
    reference: referenceProfile(schema, train, folds),
  };
}

/**
 * One training run: split by time, fit on the cases before the cut, thresholds from out-of-fold scores, figures from
 * the held-out cases, and the model as one ONNX graph with its manifest. Deterministic. Throws BAD_INPUT when the
 * training part is empty or has one class only.
 */
export function trainRun(request: TrainRequest): TrainResult {
  const maxMissingShare = request.maxMissingShare ?? 0.5;
  const fitted = fit(request, maxMissingShare);
  const manifest = manifestSchema.safeParse(manifestOf(request, fitted, maxMissingShare));
  if (!manifest.success)
    throw new OutpostError('BAD_INPUT', 'The training run was given values no manifest can carry.', {
      cause: manifest.error,
    });
  return { model: fitted.bytes, manifest: manifest.data, metrics: fitted.metrics };
}
