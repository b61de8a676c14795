import { readModel } from '../../../shared/encoding/onnx/index.ts';
import { z } from 'zod';
import type { dryRunSchema, modelRowSchema } from '../../../shared/contract/views.ts';
import { verdictOf } from '../../../shared/domain/verdict.ts';
import { encodeFacts, isMissing } from '../../../shared/encoding/encode.ts';
import { boundColumns } from '../../../shared/encoding/manifest.ts';
import { factsReader } from '../../../shared/encoding/read-under.ts';
import type { FeatureSchema } from '../../../shared/encoding/schema.ts';
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
import { newestSchema } from '../cases/schema.ts';
import { outsideOf } from '../cases/scoring.ts';
import { approvals } from './approval.ts';
import { formFit, requireReadsForm } from './form-fit.ts';
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

function rowOf(listed: ListedModel, standing: Standing, form: FeatureSchema): ModelRow {
  const manifest = parseManifest(listed.manifest);
  const { model, figures, thresholds, schema, training } = manifest;
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
    formFit: formFit(manifest, form),
  };
}

/** All models on this laptop, newest first. */
export function modelRows(session: OpenModels): ModelRow[] {
  const { db, keyValues } = session;
  const standing = { activeId: activeModelId(db), may: approvals(db, keyValues) };
  const form = newestSchema(session).schema;
  return listModels(db).map((listed) => rowOf(listed, standing, form));
}

/** Whoever chose another file should hear that before anything about what is in it. */
function requireChosen({ model, manifest }: { model: Uint8Array; manifest: Uint8Array }): void {
  try {
    readModel(model);
  } catch (cause) {
    throw new OutpostError('BAD_MODEL', sentence('models.no_model_chosen'), { cause });
  }
  if (!isManifest(manifest)) throw new OutpostError('BAD_MANIFEST', sentence('models.no_manifest_chosen'));
}

/** Whether a file says to be a manifest, of whatever version: figures and cards of a model are objects too. */
function isManifest(json: Uint8Array): boolean {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(json));
    return z.looseObject({ format: z.string().startsWith('outpost.manifest/') }).safeParse(value).success;
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
  requireReadsForm(parseManifest(files.manifest), newestSchema(session).schema);
  const stored = await session.models.install({ ...files, source: 'file' });
  const row = modelRows(session).find((candidate) => candidate.id === stored.manifest.model.id);
  if (row === undefined) throw new OutpostError('NOT_FOUND', sentence('models.not_here'));
  return row;
}

/** Activates a model by hand; one that was active before counts as a roll-back. NOT_APPROVED as `approvals` says. */
export async function activateModel(session: OpenModels, id: string): Promise<void> {
  const source = sourceOf(session.db, id);
  if (source === null) throw new OutpostError('NOT_FOUND', sentence('models.not_here_stays'));
  const model = source === 'file' ? session.models.get(id) : null;
  // One that came before such models were refused is here still.
  if (model !== null) requireReadsForm(model.manifest, newestSchema(session).schema);
  await session.models.activate(id, wasActivated(session.db, id) ? 'rollback' : source);
}

/** A case under the model on trial. */
interface Tried {
  readonly score: number;
  /** Also when the model allows for whatever is missing: one that reads nothing of a case knows nothing of it. */
  readonly outside: boolean;
}

function flipOf(model: StoredModel, item: OpenCase, { score, outside }: Tried): Flip | null {
  const verdict = verdictOf(score, model.manifest.thresholds);
  // A case drawn for audit is scored and counted, but showing it would show the score that is held back.
  if (item.hidden || item.score === null || item.verdict === null || item.verdict === verdict) return null;
  const before = { score: item.score, verdict: item.verdict };
  return { id: item.id, reference: item.reference, before, after: { score, verdict, outside }, outcome: item.outcome };
}

async function scoreOpen(session: OpenModels, model: StoredModel, items: readonly OpenCase[]): Promise<Tried[]> {
  await session.inference.load(model);
  const { schema } = model.manifest;
  const read = factsReader(schema, schemasOf(session.db));
  const facts = items.map((item) => read(item.facts));
  const rows = facts.map((one) => encodeFacts(schema, one));
  const columns = boundColumns(model.manifest.binding);
  const isOutside = (i: number): boolean =>
    outsideOf(model.manifest, facts[i]!).length > 0 || columns.every((name) => isMissing(rows[i]![name]!));
  const scored = await session.inference.score(model.manifest.model.sha256, rows);
  return scored.map(({ score }, i) => ({ score, outside: isOutside(i) }));
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
