import { readModel } from '../../../shared/encoding/onnx/index.ts';
import type { z } from 'zod';
import type { dryRunSchema, modelRowSchema } from '../../../shared/contract/views.ts';
import { verdictOf } from '../../../shared/domain/verdict.ts';
import { encodeFacts } from '../../../shared/encoding/encode.ts';
import { factsReader } from '../../../shared/encoding/read-under.ts';
import { OutpostError } from '../../../shared/errors/index.ts';
import {
  activeModelId,
  listModels,
  openCases,
  sourceOf,
  wasActivated,
  type ListedModel,
  type OpenCase,
} from '../store/models.ts';
import { schemasOf } from '../store/schemas.ts';
import type { Inference, StoredModel } from '../inference/inference.ts';
import type { Db } from '../store/db.ts';
import type { KeyValues } from '../store/key-values.ts';
import { approvals } from './approval.ts';
import type { InstalledModels } from './installed-models.ts';
import { parseManifest } from '../../../platform/models/parse-manifest.ts';
import { sentence } from '../../../shared/language/sentence.ts';

/** What the models of an open vault need. */
interface OpenModels {
  readonly db: Db;
  readonly keyValues: KeyValues;
  readonly models: InstalledModels;
  readonly inference: Inference;
}

type ModelRow = z.infer<typeof modelRowSchema>;
type DryRun = z.infer<typeof dryRunSchema>;
type Flip = DryRun['flips'][number];

/** Cases scored at a time in a dry run; between batches it can be cancelled and other calls get their turn. */
const batchSize = 500;

/** What states depend on: the active model and the test which others may become it. */
interface Standing {
  readonly activeId: string | null;
  readonly may: (id: string) => boolean;
}

function stateOf(id: string, { activeId, may }: Standing): ModelRow['state'] {
  if (id === activeId) return 'active';
  return may(id) ? 'installed' : 'dry_run_only';
}

function rowOf(listed: ListedModel, standing: Standing): ModelRow {
  const { model, figures, thresholds, schema, training } = parseManifest(listed.manifest);
  return {
    id: model.id,
    name: model.name,
    version: model.version,
    sha256: model.sha256,
    created: model.created,
    expires: model.expires,
    simulated: model.simulated,
    source: listed.source,
    state: stateOf(listed.id, standing),
    activatedAt: listed.activatedAt,
    figures,
    thresholds,
    schemaVersion: schema.version,
    trainedFrom: training.from,
    trainedTo: training.cut,
    rows: training.rows,
    trainer: training.trainer,
    basis: training.basis ?? null,
  };
}

/** All models on this laptop, newest first. */
export function modelRows(session: OpenModels): ModelRow[] {
  const { db, keyValues } = session;
  const standing = { activeId: activeModelId(db), may: approvals(db, keyValues) };
  return listModels(db).map((listed) => rowOf(listed, standing));
}

/** Whoever chose another file should hear that before anything about what is in it. */
function requireChosen({ model, manifest }: { model: Uint8Array; manifest: Uint8Array }): void {
  try {
    readModel(model);
  } catch (cause) {
    throw new OutpostError('BAD_MODEL', sentence('models.no_model_chosen'), { cause });
  }
  if (!isObject(manifest)) throw new OutpostError('BAD_MANIFEST', sentence('models.no_manifest_chosen'));
}

function isObject(json: Uint8Array): boolean {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(json));
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/** Takes in a model that somebody brought as files. It is checked like any other; after enrolment it can only be tried. */
export async function importModel(
  session: OpenModels,
  files: { model: Uint8Array; manifest: Uint8Array },
): Promise<ModelRow> {
  requireChosen(files);
  const stored = await session.models.install({ ...files, source: 'file' });
  const row = modelRows(session).find((candidate) => candidate.id === stored.manifest.model.id);
  if (row === undefined) throw new OutpostError('NOT_FOUND', sentence('models.not_here'));
  return row;
}

/** Activates a model by hand; one that was active before counts as a roll-back. NOT_APPROVED as `approvals` says. */
export async function activateModel(session: OpenModels, id: string): Promise<void> {
  const source = sourceOf(session.db, id);
  if (source === null) throw new OutpostError('NOT_FOUND', sentence('models.not_here_stays'));
  await session.models.activate(id, wasActivated(session.db, id) ? 'rollback' : source);
}

function flipOf(model: StoredModel, item: OpenCase, score: number): Flip | null {
  const verdict = verdictOf(score, model.manifest.thresholds);
  // A case drawn for audit is scored and counted, but showing it would show the score that is held back.
  if (item.hidden || item.score === null || item.verdict === null || item.verdict === verdict) return null;
  const before = { score: item.score, verdict: item.verdict };
  return { id: item.id, reference: item.reference, before, after: { score, verdict }, outcome: item.outcome };
}

async function scoreOpen(session: OpenModels, model: StoredModel, items: readonly OpenCase[]): Promise<number[]> {
  await session.inference.load(model);
  const { schema } = model.manifest;
  const read = factsReader(schema, schemasOf(session.db));
  const rows = items.map(({ facts }) => encodeFacts(schema, read(facts)));
  return (await session.inference.score(model.manifest.model.sha256, rows)).map(({ score }) => score);
}

/**
 * Which open cases would get another verdict under a model than their first score gave. Reads the facts as at intake,
 * changes nothing. CANCELLED when the signal is aborted.
 */
export async function dryRun(session: OpenModels, id: string, signal?: AbortSignal): Promise<DryRun> {
  const model = session.models.get(id);
  if (model === null) throw new OutpostError('NOT_FOUND', sentence('models.not_here'));
  const flips: Flip[] = [];
  let [scored, after] = [0, 0];
  for (
    let items = openCases(session.db, after, batchSize);
    items.length > 0;
    items = openCases(session.db, after, batchSize)
  ) {
    if (signal?.aborted) throw new OutpostError('CANCELLED');
    const scores = await scoreOpen(session, model, items);
    flips.push(...items.flatMap((item, i) => flipOf(model, item, scores[i]!) ?? []));
    scored += items.length;
    after = items.at(-1)!.number;
  }
  const { name, version } = model.manifest.model;
  return { model: { id, name, version }, scored, flips };
}
