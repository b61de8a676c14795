import type { CandidateReport } from '../../shared/contract/registry.ts';
import { addDays } from '../../shared/drift/days.ts';
import type { Manifest } from '../../shared/encoding/manifest.ts';
import type { FeatureSchema } from '../../shared/encoding/schema.ts';
import { storedName } from '../../shared/language/stored-name.ts';
import { readBlob } from '../../platform/blobs/by-hash.ts';
import { instant, type RegistryContext } from '../identity/context.ts';
import { defaultSettings, type TrainSettings } from '../../learning/train/settings.ts';
import { currentChampion, readManifest } from '../releases/candidates.ts';
import type { RunStart } from '../../learning/runs/record.ts';
import { runOfModel } from '../../learning/runs/store.ts';
import type { LabelledCase } from '../../learning/data/labelled-cases.ts';
import type { Recipe } from './recipes.ts';

/** What a retraining is asked to do. `tactics` are the tags the monitor named; their spellings are found here. */
export interface RetrainRequest {
  readonly tactics: readonly string[];
  /** First day the alarm is about: candidates are judged on cases after it. Null: there is no alarm. */
  readonly since: string | null;
  /**
   * True: goes on with fewer cases than gates and tactics need; a gate then says "cannot tell" and the approver decides.
   * Otherwise too few cases are a reason to wait.
   */
  readonly few?: boolean;
  /** Recipes that are tried at most, in the order of the space. */
  readonly budget?: number;
  readonly seed: number;
  readonly codeVersion: string;
  readonly simulated: boolean;
  readonly by: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number, what: string) => void;
  /** Threads of a training; unless said as many as its rows are worth, one core left to whoever asks. */
  readonly threads?: number;
}

/** The current model, its manifest and how a report names it. */
export interface Champion {
  readonly manifest: Manifest;
  readonly model: Uint8Array;
  readonly reference: NonNullable<CandidateReport['champion']>;
  /** Id of the run that made it; null when another program made it. */
  readonly run: string | null;
}

/** The model most offices run; null before the first release. */
export async function readChampion(context: RegistryContext): Promise<Champion | null> {
  const reference = await currentChampion(context);
  if (reference === null) return null;
  return {
    reference,
    manifest: readManifest(await readBlob(context.blobs, reference.manifest)),
    model: await readBlob(context.blobs, reference.model),
    run: await runOfModel(context.db, reference.model),
  };
}

/** One retraining: what it learns from, and what its candidate is judged on. */
export interface RetrainingCycle {
  readonly context: RegistryContext;
  readonly request: RetrainRequest;
  /** Null before the first release. */
  readonly champion: Champion | null;
  /** Of each incident the case received first, before `cut`: what is learned from. */
  readonly learned: readonly LabelledCase[];
  /** How many later cases of these incidents, received before `cut` too, are not learned from. */
  readonly duplicates: number;
  readonly holdOut: readonly LabelledCase[];
  readonly cut: string;
  /** The schema a candidate has to have. */
  readonly schema: FeatureSchema;
  /** Version the model of this cycle carries. */
  readonly version: number;
}

/** Smallest share of the unseen cases that is held out when nothing presses. */
export const quietShare = 0.15;

/** Date a model made now expires: a year on. */
function expiryOf(today: string): string {
  return addDays(today, 365);
}

/** Settings of a training of this cycle. */
export function settingsOf(
  { context, request, cut, version }: RetrainingCycle,
  { trainer, params }: Recipe,
): TrainSettings {
  const created = instant(context);
  return {
    ...defaultSettings,
    trainer,
    params,
    seed: request.seed,
    split: { by: 'time', cut, share: quietShare },
    name: storedName`Complaints ${created.slice(0, 7)}`,
    version,
    created,
    expires: expiryOf(created.slice(0, 10)),
    codeVersion: request.codeVersion,
    simulated: request.simulated,
  };
}

/** What every run of a cycle is recorded with before it begins. */
export function startOf({
  request,
}: RetrainingCycle): Pick<RunStart, 'seed' | 'codeVersion' | 'simulated' | 'notes'> & { readonly notes: string } {
  return {
    seed: request.seed,
    codeVersion: request.codeVersion,
    simulated: request.simulated,
    notes: `tactics=${request.tactics.join(',')}`,
  };
}
