import { isOutpostError, OutpostError } from '../../shared/errors/index.ts';
import { readBlob } from '../../platform/blobs/by-hash.ts';
import { currentMethod, defaultSettings, trainSettingsSchema, type TrainSettings } from '../train/settings.ts';
import { fileDigest } from '../../platform/file-digest.ts';
import type { RunsPlace } from './record.ts';
import { artefactNames, shortId, type Run } from './run.ts';
import { sentence } from '../../shared/language/sentence.ts';

/** Trains from a kept snapshot of a dataset; answers the files of the model by name. */
export type RetrainFrom = (
  snapshot: Uint8Array,
  settings: TrainSettings,
) => Promise<Record<string, Uint8Array | string>>;

/** A file of a run and the one made again: their SHA-256. */
export interface FileAgain {
  readonly was: string;
  readonly now: string;
  readonly same: boolean;
}

export interface Reproduction {
  readonly run: string;
  /** True when model and manifest have the same bytes. */
  readonly same: boolean;
  readonly model: FileAgain;
  readonly manifest: FileAgain;
  readonly codeVersion: { readonly was: string; readonly now: string };
  readonly sentence: string;
  /** The files that were made now. */
  readonly files: Readonly<Record<string, Uint8Array | string>>;
}

function cannot(run: Run, why: string): OutpostError {
  return new OutpostError('BAD_INPUT', sentence('runs.not_reproducible', { run: shortId(run.id), why }));
}

/** What a run was told; `method` is how it was done then. */
function settingsOf(run: Run): TrainSettings {
  if (run.kind === 'search') throw cannot(run, 'it is a search. Choose the training it led to.');
  if (run.status !== 'done') throw cannot(run, `it did not come to its end (${run.status}).`);
  if (run.settings === null) throw cannot(run, 'what it was told was not kept by the version that made it.');
  // What was added since has a default under which all is as it was before; a run that names no method had the first.
  const parsed = trainSettingsSchema.safeParse({ ...defaultSettings, method: 1, ...run.settings });
  if (!parsed.success || parsed.data.method > currentMethod)
    throw cannot(run, `this version does not understand its settings. Use version ${run.codeVersion}.`);
  return parsed.data;
}

async function bytesOf(place: Pick<RunsPlace, 'blobs'>, run: Run, name: string, what: string): Promise<Uint8Array> {
  const kept = run.artefacts[name];
  if (kept === undefined) throw cannot(run, `${what} was not kept.`);
  try {
    return await readBlob(place.blobs, kept.sha256);
  } catch (cause) {
    if (!isOutpostError(cause)) throw cause;
    const gone = isOutpostError(cause, 'NOT_FOUND') ? 'is gone' : 'is damaged';
    throw new OutpostError('BAD_INPUT', sentence('runs.not_reproducible_file', { run: shortId(run.id), what, gone }), {
      cause,
    });
  }
}

function again(run: Run, files: Reproduction['files'], name: string): FileAgain {
  const was = run.artefacts[name]?.sha256;
  if (was === undefined) throw cannot(run, 'it made no model.');
  const bytes = files[name];
  if (bytes === undefined) throw new OutpostError('INTERNAL', sentence('runs.training_again_made_no_name', { name }));
  const now = fileDigest(bytes).sha256;
  return { was, now, same: was === now };
}

/** Which code made the run, and which makes it now. */
function codeOf({ codeVersion }: Run, version: string, method: number): string {
  const changed =
    method === currentMethod
      ? ''
      : ` Since then the way training is done has changed (${method}, now ${currentMethod}): folds, calibration and figures are made otherwise, so the same bytes come from that version only.`;
  if (codeVersion === version && changed === '') return ` Both were made by version ${version}.`;
  return ` It was made by version ${codeVersion || 'unknown'}; this is version ${version}.${changed}`;
}

function sentenceOf(run: Run, model: FileAgain, manifest: FileAgain, code: string): string {
  const name = `Run ${shortId(run.id)}`;
  if (model.same && manifest.same) return `${name} was made again: model and manifest have the same bytes.${code}`;
  const differs = [model.same ? [] : ['model'], manifest.same ? [] : ['manifest']].flat().join(' and ');
  return `${name} could not be made again to the same bytes: the ${differs} differ${differs.includes(' ') ? '' : 's'}.${code}`;
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
  if (run.artefacts[artefactNames.model] === undefined) throw cannot(run, 'it made no model.');
  const snapshot = await bytesOf(place, run, artefactNames.dataset, 'its dataset');
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
