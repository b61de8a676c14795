import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { isOutpostError, OutpostError, sentenceOf } from '../../shared/errors/index.ts';
import { canonicalJson, sha256Hex } from '../../shared/log/canonical.ts';
import type { BlobStore } from '../../platform/blobs/blob-store.ts';
import { readBlob, saveBlob } from '../../platform/blobs/by-hash.ts';
import type { WallClock } from '../../platform/environment.ts';
import { modelCard } from '../train/model-card.ts';
import type { Dataset } from '../dataset/dataset.ts';
import type { TrainSettings } from '../train/settings.ts';
import type { TrainResult } from '../train/train.ts';
import type { RunsDb } from './tables.ts';
import { artefactNames, artefactSchema, type Artefact, type Run, type RunKind } from './run.ts';
import type { Sentence } from '../../shared/language/sentence.ts';
import { storedName } from '../../shared/language/stored-name.ts';
import { aliveEveryMs, insertRun, sayAlive, updateRun } from './store.ts';

/** Where runs are kept: rows in a store, bytes of their files as blobs. A registry's context is one. */
export interface RunsPlace {
  readonly db: RunsDb;
  readonly blobs: BlobStore;
  readonly clock: WallClock;
}

/** What runs on outcomes that a registry collected are kept as made from. */
export const feedbackData = storedName`registry feedback`;

/** What is known of a run when it starts. */
export interface RunStart {
  readonly kind: RunKind;
  readonly parent?: string | null;
  readonly trainer: string;
  readonly params: Run['params'];
  readonly settings?: TrainSettings | null;
  readonly seed: number;
  readonly dataset: string;
  readonly data?: string | null;
  readonly rows?: number | null;
  readonly codeVersion: string;
  readonly simulated: boolean;
  readonly notes?: string;
}

/** What came of a run. Files are kept under the names they are given. */
export interface RunOutcome {
  /** Trainer and all its parameters, when training itself chose them. */
  readonly trainer?: string;
  readonly params?: Run['params'];
  readonly figures?: Run['figures'];
  readonly judgedOn?: string | null;
  readonly metrics?: Run['metrics'];
  /** Cancelled: what was done until then is kept. Done unless said. */
  readonly status?: 'done' | 'cancelled';
  readonly reason?: Sentence;
  readonly files?: Readonly<Record<string, Uint8Array | string>>;
  /** Files whose bytes are kept already. */
  readonly kept?: Readonly<Record<string, Artefact>>;
}

/** A run that goes on. */
export interface OpenRun {
  readonly id: string;
  /** Does a step of the work and notes how long it took. */
  readonly step: <T>(name: string, work: () => T | Promise<T>) => Promise<T>;
  /** Keeps a file at once, so that it is there however the run ends. */
  readonly keepNow: (name: string, bytes: Uint8Array | string) => Promise<void>;
}

/** What the work of a run hands back: what to keep, and what its caller wants. */
interface Recorded<T> {
  readonly outcome: RunOutcome;
  readonly value: T;
}

function started(place: RunsPlace, start: RunStart): Run {
  const { parent = null, settings = null, data = null, rows = null, notes = '', ...rest } = start;
  return {
    ...rest,
    id: uuidv7(),
    parent,
    data,
    settings: settings === null ? null : jsonOf(settings),
    rows,
    judgedOn: null,
    figures: {},
    metrics: {},
    timings: {},
    artefacts: {},
    status: 'running',
    reason: null,
    notes,
    createdAt: new Date(place.clock.now()).toISOString(),
  };
}

/** Figures that are numbers; JSON knows no others. */
function finite(figures: Run['figures']): Run['figures'] {
  return Object.fromEntries(Object.entries(figures).filter(([, figure]) => Number.isFinite(figure.value)));
}

async function keep(place: RunsPlace, bytes: Uint8Array | string): Promise<Artefact> {
  const { sha256, length } = await saveBlob(place.blobs, bytes);
  return { sha256, bytes: length };
}

async function ended(place: RunsPlace, run: Run, outcome: RunOutcome): Promise<Run> {
  const { files = {}, kept = {}, figures = {}, ...rest } = outcome;
  const saved: Record<string, Artefact> = {};
  for (const [name, bytes] of Object.entries(files)) saved[name] = await keep(place, bytes);
  const artefacts = { ...run.artefacts, ...saved, ...kept };
  return { ...run, status: 'done', ...rest, figures: finite(figures), artefacts };
}

/**
 * Does a piece of work as a run: it is kept as soon as it starts, and how it ended is kept with it. While it goes on it
 * says so from time to time, so that one whose program was killed is found out. Work that throws
 * leaves a failed run (or a cancelled one, for CANCELLED) with the reason, and its error is thrown on.
 */
export async function recordRun<T>(
  place: RunsPlace,
  start: RunStart,
  work: (run: OpenRun) => Promise<Recorded<T>>,
): Promise<{ run: string; value: T }> {
  let run = started(place, start);
  await insertRun(place.db, run);
  const timings: Record<string, number> = {};
  const begun = place.clock.now();
  const total = (): Run['timings'] => ({ ...timings, total: place.clock.now() - begun });
  const step: OpenRun['step'] = async (name, part) => {
    const from = place.clock.now();
    try {
      return await part();
    } finally {
      timings[name] = (timings[name] ?? 0) + place.clock.now() - from;
    }
  };
  const keepNow: OpenRun['keepNow'] = async (name, bytes) => {
    const kept = await keep(place, bytes);
    run = { ...run, artefacts: { ...run.artefacts, [name]: kept } };
    await updateRun(place.db, run);
  };
  const alive = setInterval(() => {
    // The next time may do; if none does, the run counts as killed until it ends.
    sayAlive(place.db, run.id, place.clock.now()).catch(() => undefined);
  }, aliveEveryMs);
  alive.unref();
  try {
    const { outcome, value } = await work({ id: run.id, step, keepNow });
    await updateRun(place.db, { ...(await ended(place, run, outcome)), timings: total() });
    return { run: run.id, value };
  } catch (error) {
    const status = isOutpostError(error, 'CANCELLED') ? 'cancelled' : 'failed';
    await updateRun(place.db, { ...run, status, reason: sentenceOf(error), timings: total() });
    throw error;
  } finally {
    clearInterval(alive);
  }
}

/** The files of a trained model by name, with the bytes every command writes. */
export function filesOf({ model, manifest, metrics }: TrainResult): Record<string, Uint8Array | string> {
  return {
    [artefactNames.model]: model,
    [artefactNames.manifest]: `${JSON.stringify(manifest, null, 2)}\n`,
    [artefactNames.metrics]: `${JSON.stringify(metrics, null, 2)}\n`,
    [artefactNames.card]: modelCard(manifest, metrics),
  };
}

/** A name for the rows that figures of a training are computed on: it differs when dataset, split or basis do. */
export function judgedOnOf(dataset: string, { split, seed }: TrainSettings, basis: string): string {
  // Only rows dealt out by the seed depend on it.
  const dealt = split.by === 'none' || split.by === 'time' ? null : seed;
  return sha256Hex(canonicalJson({ dataset, split, dealt, heldOut: basis !== 'out_of_fold' })).slice(0, 16);
}

/** Anything that is JSON once written as such: what metrics and parameters are. */
export function jsonOf(value: unknown): Run['metrics'] {
  return JSON.parse(JSON.stringify(value)) as Run['metrics'];
}

/** What is kept of a finished training: figures, metrics, parameters as the trainer filled them in, and files. */
function outcomeOf(result: TrainResult, settings: TrainSettings): RunOutcome & { readonly judgedOn: string } {
  const { metrics, manifest } = result;
  return {
    trainer: metrics.trainer,
    params: jsonOf(metrics.params ?? {}),
    figures: metrics.figures,
    judgedOn: judgedOnOf(manifest.training.dataset, settings, metrics.basis),
    metrics: jsonOf(metrics),
    files: filesOf(result),
  };
}

function snapshotIn(artefacts: string): Artefact[] {
  const parsed = z.record(z.string(), artefactSchema).safeParse(JSON.parse(artefacts));
  const found = parsed.data?.[artefactNames.dataset];
  return found === undefined ? [] : [found];
}

/**
 * Keeps the snapshot of a dataset: the one of an earlier run with the same rows where its bytes are still sound, else
 * the one `make` writes. So the same rows are kept once.
 */
export async function keepSnapshot(
  place: RunsPlace,
  dataset: string,
  make: () => Uint8Array | Promise<Uint8Array>,
): Promise<Artefact> {
  return (await keptSnapshot(place, dataset)) ?? keep(place, await make());
}

/** The snapshot that an earlier run with the same rows has kept, if its bytes are still sound. */
async function keptSnapshot(place: RunsPlace, dataset: string): Promise<Artefact | null> {
  const rows = await place.db.selectFrom('runs').select('artefacts').where('dataset', '=', dataset).execute();
  const known = new Map(rows.flatMap((row) => snapshotIn(row.artefacts)).map((one) => [one.sha256, one]));
  for (const artefact of known.values()) {
    try {
      await readBlob(place.blobs, artefact.sha256);
      return artefact;
    } catch (error) {
      if (!(error instanceof OutpostError)) throw error; // gone or damaged: the next one, or a new one
    }
  }
  return null;
}

/** A training that is to be kept as a run. */
interface TrainingOrder {
  readonly dataset: Dataset;
  /** What the rows came from, for people. */
  readonly data?: string | null;
  readonly settings: TrainSettings;
  /** Bytes of the dataset's snapshot: without them the run cannot be made again. */
  readonly snapshot?: () => Uint8Array | Promise<Uint8Array>;
  readonly kind?: RunKind;
  readonly parent?: string | null;
  readonly notes?: string;
}

/** Rows and settings that a run works with. */
interface RunInput {
  readonly dataset: Pick<Dataset, 'hash'> & { readonly frame: { readonly rows: number } };
  readonly data?: string | null | undefined;
  readonly settings: TrainSettings;
}

/** What a run keeps of rows and settings it works with, at its start. */
export function startOf(input: RunInput): Omit<RunStart, 'kind' | 'trainer' | 'params'> {
  const { dataset, data = null, settings } = input;
  return {
    seed: settings.seed,
    dataset: dataset.hash,
    data,
    rows: dataset.frame.rows,
    codeVersion: settings.codeVersion,
    simulated: settings.simulated,
  };
}

/** Trains as a run: settings, dataset snapshot, result and timings are kept; so is the reason when it fails. */
export async function recordTraining(
  place: RunsPlace,
  order: TrainingOrder,
  train: (dataset: Dataset, settings: TrainSettings) => TrainResult | Promise<TrainResult>,
): Promise<{ run: string; result: TrainResult }> {
  const { dataset, settings, snapshot, kind = 'training', parent = null, notes = '' } = order;
  const start: RunStart = {
    ...startOf(order),
    kind,
    parent,
    notes,
    trainer: settings.trainer,
    params: settings.params,
    settings,
  };
  const { run, value } = await recordRun(place, start, async ({ step }) => {
    const known = snapshot && (await keptSnapshot(place, dataset.hash));
    const training = step('train', () => train(dataset, settings));
    // Its bytes are made while threads train, and kept only when that goes well.
    const bytes = (async () => (known === null ? snapshot!() : null))();
    bytes.catch(() => undefined);
    const result = await training;
    const outcome = outcomeOf(result, settings);
    if (known === undefined) return { outcome, value: result };
    const kept = await step('snapshot', async () => known ?? keep(place, (await bytes)!));
    return { outcome: { ...outcome, kept: { [artefactNames.dataset]: kept } }, value: result };
  });
  return { run, result: value };
}
