import { isOutpostError } from '../../shared/errors/index.ts';
import type { Manifest } from '../../shared/encoding/manifest.ts';
import { readBlob } from '../../platform/blobs/by-hash.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { readSnapshot } from '../dataset/snapshot.ts';
import { splitRows } from '../train/split.ts';
import type { LearnedRows } from '../evaluation/known-rows.ts';
import { trainSettingsSchema } from '../train/settings.ts';
import type { RunsPlace } from './record.ts';
import { artefactNames, type Run } from './run.ts';
import { listRuns } from './store.ts';

/**
 * Rows of a dataset that a model learned from, by its manifest: all, or those before its cut. Null when these are not as
 * many as it says, so that how they were parted is not known from it alone; also for a dataset it was not made from.
 */
export function learnedByManifest(dataset: Dataset, { training }: Manifest): LearnedRows | null {
  if (training.dataset !== dataset.hash || training.imported !== undefined) return null;
  const { cut } = training;
  const all = Uint32Array.from({ length: dataset.frame.rows }, (_, i) => i);
  const rows = cut === null ? all : all.filter((i) => dataset.received[i] !== null && dataset.received[i]! < cut);
  return rows.length === training.rows ? { dataset, rows } : null;
}

/** The same where the settings of the run say how the rows were parted. */
function learnedBySettings(dataset: Dataset, settings: unknown, { training }: Manifest): LearnedRows | null {
  const parsed = trainSettingsSchema.pick({ split: true, seed: true }).safeParse(settings);
  if (!parsed.success) return null;
  const rows = splitRows(dataset, parsed.data.split, parsed.data.seed).train;
  return rows.length === training.rows ? { dataset, rows } : null;
}

async function snapshotOf({ blobs }: Pick<RunsPlace, 'blobs'>, runs: readonly Run[]): Promise<Dataset | null> {
  for (const { artefacts } of runs) {
    const kept = artefacts[artefactNames.dataset];
    if (kept === undefined) continue;
    try {
      return readSnapshot(await readBlob(blobs, kept.sha256)).dataset;
    } catch (error) {
      if (!isOutpostError(error)) throw error; // gone or damaged: another run may have kept it too
    }
  }
  return null;
}

/** Rows a model learned from, by the run that made it; null when no run here kept them. */
export async function learnedByRuns(
  { db, blobs }: Pick<RunsPlace, 'db' | 'blobs'>,
  manifest: Manifest,
): Promise<LearnedRows | null> {
  const runs = await listRuns(db, { dataset: manifest.training.dataset });
  const dataset = await snapshotOf({ blobs }, runs);
  if (dataset === null) return null;
  const own = runs.find(({ artefacts }) => artefacts[artefactNames.model]?.sha256 === manifest.model.sha256);
  return learnedByManifest(dataset, manifest) ?? learnedBySettings(dataset, own?.settings, manifest);
}
