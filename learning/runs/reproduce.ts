import { isOutpostError, OutpostError } from '../../shared/errors/index.ts';
import { readBlob } from '../../platform/blobs/by-hash.ts';
import { currentMethod, defaultSettings, trainSettingsSchema, type TrainSettings } from '../train/settings.ts';
import { fileDigest } from '../../platform/file-digest.ts';
import type { RunsPlace } from './record.ts';
import { artefactNames, shortId, type Run } from './run.ts';
import { inTurn, sentence, type Sentence } from '../../shared/language/sentence.ts';

/** Trains from a kept snapshot of a dataset; answers the files of the model by name. */
export type RetrainFrom = (
  snapshot: Uint8Array,
  settings: TrainSettings,
) => Promise<Record<string, Uint8Array | string>>;

/** A file of a run and the one made again: their SHA-256. */
interface FileAgain {
  readonly was: string;
  readonly now: string;
  readonly same: boolean;
}

interface Reproduction {
  readonly run: string;
  /** True when model and manifest have the same bytes. */
  readonly same: boolean;
  readonly model: FileAgain;
  readonly manifest: FileAgain;
  readonly codeVersion: { readonly was: string; readonly now: string };
  readonly sentence: Sentence;
  /** The files that were made now. */
  readonly files: Readonly<Record<string, Uint8Array | string>>;
}

function cannot(run: Run, why: Sentence, cause?: unknown): OutpostError {
  return new OutpostError('BAD_INPUT', sentence('runs.not_reproducible', { run: shortId(run.id), why }), { cause });
}

/** The settings of a run; `method` is how training was done then. */
function settingsOf(run: Run): TrainSettings {
  if (run.kind === 'search') throw cannot(run, sentence('runs.is_a_search'));
  if (run.status !== 'done') throw cannot(run, sentence('runs.did_not_end', { status: run.status }));
  if (run.settings === null) throw cannot(run, sentence('runs.settings_not_kept'));
  // What was added since has a default under which all is as it was before; a run that names no method had the first.
  const parsed = trainSettingsSchema.safeParse({ ...defaultSettings, method: 1, ...run.settings });
  if (!parsed.success || parsed.data.method > currentMethod)
    throw cannot(run, sentence('runs.settings_of_another_version', { version: run.codeVersion }));
  return parsed.data;
}

/** The bytes of the dataset a run was made from. */
async function datasetOf(place: Pick<RunsPlace, 'blobs'>, run: Run): Promise<Uint8Array> {
  const kept = run.artefacts[artefactNames.dataset];
  if (kept === undefined) throw cannot(run, sentence('runs.dataset_not_kept'));
  try {
    return await readBlob(place.blobs, kept.sha256);
  } catch (cause) {
    if (!isOutpostError(cause)) throw cause;
    const isGone = isOutpostError(cause, 'NOT_FOUND');
    throw cannot(run, sentence(isGone ? 'runs.dataset_gone' : 'runs.dataset_damaged'), cause);
  }
}

function again(run: Run, files: Reproduction['files'], name: string): FileAgain {
  const was = run.artefacts[name]?.sha256;
  if (was === undefined) throw cannot(run, sentence('runs.no_model'));
  const bytes = files[name];
  if (bytes === undefined) throw new OutpostError('INTERNAL', sentence('runs.training_again_made_no_name', { name }));
  const now = fileDigest(bytes).sha256;
  return { was, now, same: was === now };
}

/** Which code made the run, and which makes it now. */
function codeOf({ codeVersion: was }: Run, now: string, method: number): Sentence[] {
  const isSame = method === currentMethod;
  if (was === now && isSame) return [sentence('runs.same_version', { version: now })];
  return [
    was === '' ? sentence('runs.unknown_version', { now }) : sentence('runs.other_version', { was, now }),
    ...(isSame ? [] : [sentence('runs.method_changed', { method, current: currentMethod })]),
  ];
}

function sentenceOf({ id }: Run, model: FileAgain, manifest: FileAgain, code: readonly Sentence[]): Sentence {
  const run = shortId(id);
  if (model.same && manifest.same) return inTurn([sentence('runs.made_again', { run }), ...code]);
  const what = model.same ? 'manifest' : manifest.same ? 'model' : 'both';
  return inTurn([sentence('runs.made_otherwise', { run, what }), ...code]);
}

/**
 * Trains a run again from its kept dataset and settings and compares the bytes of model and manifest. Throws BAD_INPUT
 * when the run has no model, did not end, or its dataset or settings are gone.
 */
export async function reproduceRun(
  place: Pick<RunsPlace, 'blobs'>,
  run: Run,
  retrainFrom: RetrainFrom,
  codeVersion: string,
): Promise<Reproduction> {
  const settings = settingsOf(run);
  if (run.artefacts[artefactNames.model] === undefined) throw cannot(run, sentence('runs.no_model'));
  const snapshot = await datasetOf(place, run);
  const files = await retrainFrom(snapshot, { ...settings, method: currentMethod });
  const [model, manifest] = [again(run, files, artefactNames.model), again(run, files, artefactNames.manifest)];
  return {
    run: run.id,
    same: model.same && manifest.same,
    model,
    manifest,
    codeVersion: { was: run.codeVersion, now: codeVersion },
    sentence: sentenceOf(run, model, manifest, codeOf(run, codeVersion, settings.method)),
    files,
  };
}
