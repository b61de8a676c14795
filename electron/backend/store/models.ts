import { z } from 'zod';
import { factsSchema, type Facts } from '../../../shared/domain/facts.ts';
import { outcomeSchema, verdictSchema } from '../../../shared/domain/verdict.ts';
import { instantSchema } from '../../../shared/log/event.ts';
import type { Db } from './db.ts';

const modelSourceSchema = z.enum(['bundled', 'registry', 'courier', 'file']);
/** Where a model's files came from. */
export type ModelSource = z.infer<typeof modelSourceSchema>;

const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array);
const recordSchema = z.object({
  id: z.string(),
  manifest_sha256: z.string(),
  manifest: bytes,
  bytes,
  source: modelSourceSchema,
});
/** A model's files as stored. */
export type ModelRecord = z.infer<typeof recordSchema>;

/** The stored files of a model by its id, or null. */
export function findModel(db: Db, id: string): ModelRecord | null {
  const row = db.prepare('SELECT id, manifest_sha256, manifest, bytes, source FROM models WHERE id = ?').get(id);
  return recordSchema.nullable().parse(row ?? null);
}

/** Id of the model with this manifest, or null. */
export function findByManifest(db: Db, manifestSha256: string): string | null {
  const row = db
    .prepare<[string], { id: string }>('SELECT id FROM models WHERE manifest_sha256 = ?')
    .get(manifestSha256);
  return row?.id ?? null;
}

/** Source of a stored model, without reading its files; null when it is not here. */
export function sourceOf(db: Db, id: string): ModelSource | null {
  const row = db.prepare<[string], { source: unknown }>('SELECT source FROM models WHERE id = ?').get(id);
  return row === undefined ? null : modelSourceSchema.parse(row.source);
}

const identitySchema = z.object({ source: modelSourceSchema, manifestSha256: z.string() });

/** Source and manifest hash of a stored model; null when it is not here. */
export function identityOf(db: Db, id: string): z.infer<typeof identitySchema> | null {
  const row = db.prepare('SELECT source, manifest_sha256 AS manifestSha256 FROM models WHERE id = ?').get(id);
  return identitySchema.nullable().parse(row ?? null);
}

/** True once a release came from the registry, over the network or by courier. */
export function hasRegistryRelease(db: Db): boolean {
  return db.prepare("SELECT 1 FROM models WHERE source IN ('registry', 'courier') LIMIT 1").get() !== undefined;
}

/** Stores a model's files; the caller has checked them. */
export function insertModel(db: Db, record: ModelRecord, at: string): void {
  db.prepare(
    'INSERT INTO models (id, manifest_sha256, manifest, bytes, source, installed_at) VALUES (?, ?, ?, ?, ?, ?)',
  ).run(record.id, record.manifest_sha256, Buffer.from(record.manifest), Buffer.from(record.bytes), record.source, at);
}

/** Notes that the same files have now come on a trusted way. */
export function setSource(db: Db, id: string, source: ModelSource): void {
  db.prepare('UPDATE models SET source = ? WHERE id = ?').run(source, id);
}

/** Forgets a model that was never active. */
export function deleteModel(db: Db, id: string): void {
  db.prepare('DELETE FROM models WHERE id = ?').run(id);
}

/** Id of the active model, or null before the first activation. */
export function activeModelId(db: Db): string | null {
  const row = db
    .prepare<[], { model_id: string }>('SELECT model_id FROM activations ORDER BY position DESC LIMIT 1')
    .get();
  return row?.model_id ?? null;
}

/** True when the model was active at some time. */
export function wasActivated(db: Db, id: string): boolean {
  return db.prepare('SELECT 1 FROM activations WHERE model_id = ? LIMIT 1').get(id) !== undefined;
}

/** Makes a model the active one; belongs into the transaction that writes the event. */
export function recordActivation(db: Db, id: string, source: string, at: string): void {
  db.prepare('INSERT INTO activations (model_id, source, at) VALUES (?, ?, ?)').run(id, source, at);
}

const listedSchema = z.object({
  id: z.string(),
  manifest: bytes,
  source: modelSourceSchema,
  activatedAt: instantSchema.nullable(),
});
/** A stored model without its graph, with when it was last made active. */
export type ListedModel = z.infer<typeof listedSchema>;

/** All stored models, the newest first. */
export function listModels(db: Db): ListedModel[] {
  const rows = db
    .prepare(
      `SELECT id, manifest, source, (SELECT max(at) FROM activations a WHERE a.model_id = m.id) AS activatedAt
       FROM models m ORDER BY installed_at DESC, rowid DESC`,
    )
    .all();
  return z.array(listedSchema).parse(rows);
}

const json = z.string().transform((text): Facts => factsSchema.parse(JSON.parse(text)));
const openSchema = z.object({
  number: z.int(),
  id: z.string(),
  reference: z.string(),
  facts: json,
  score: z.number().nullable(),
  verdict: verdictSchema.nullable(),
  outcome: outcomeSchema.nullable(),
  hidden: z.int().transform(Boolean),
});
/** An open case with its first score; `hidden` says that nobody may see that score before the outcome. */
export type OpenCase = z.infer<typeof openSchema>;

/** Open cases in the order of their intake, after the given number, with the facts as at intake. */
export function openCases(db: Db, after: number, limit: number): OpenCase[] {
  const rows = db
    .prepare(
      `SELECT number, id, reference, intake_facts AS facts, score, verdict, outcome, audit_drawn AS hidden
       FROM cases WHERE erased = 0 AND outcome IS NULL AND number > ? ORDER BY number LIMIT ?`,
    )
    .all(after, limit);
  return z.array(openSchema).parse(rows);
}
