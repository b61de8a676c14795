import { z } from 'zod';
import { manifestFields } from '../../shared/encoding/manifest.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { hashSchema, idSchema, instantSchema } from '../../shared/log/event.ts';
import type { RunRow } from './tables.ts';
import { quoted, sentence, sentenceSchema, type Sentence } from '../../shared/language/sentence.ts';

const jsonRecord = z.record(z.string(), z.json());

/** Where the bytes of a file of a run are: its SHA-256, under which they are kept, and its length in bytes. */
export const artefactSchema = z.strictObject({ sha256: hashSchema, bytes: z.int().min(0) });
export type Artefact = z.infer<typeof artefactSchema>;

/** One training of any kind as it is kept: enough to make the same bytes again, and what came of it. */
export const runSchema = z.strictObject({
  /** UUID version 7. */
  id: idSchema,
  /** Run this one came from: the search of a trial or training, the model the search of a retraining wants to replace. */
  parent: z.string().min(1).nullable(),
  kind: z.enum(['training', 'search', 'trial', 'retraining']),
  /** Name of the trainer; `auto` for a search over several. */
  trainer: z.string().min(1),
  /** Parameters of the trainer, defaults filled in; of a search its space and budget. */
  params: jsonRecord,
  /** All settings of the training, as kept then; null for searches, and for runs made before settings were kept. */
  settings: jsonRecord.nullable(),
  seed: z.int(),
  /** Content hash of the rows. */
  dataset: z.string(),
  /** What the rows came from: the name of a file, or `registry feedback`. Null: not kept. */
  data: z.string().nullable(),
  rows: z.int().min(0).nullable(),
  codeVersion: z.string(),
  /** Names the rows the figures were computed on: figures of two runs compare when it is the same. Null: not known. */
  judgedOn: z.string().nullable(),
  /** Name -> value with a 95 % interval where there is one, and the number of cases behind it. */
  figures: manifestFields.figures,
  metrics: jsonRecord,
  /** Milliseconds by step. */
  timings: z.record(z.string(), z.number()),
  /** File name -> where its bytes are. */
  artefacts: z.record(z.string(), artefactSchema),
  /** `killed`: the program was ended by force or by a power cut, before it could say how the run went. */
  status: z.enum(['running', 'done', 'failed', 'cancelled', 'killed']),
  /** Why it failed or was cancelled. */
  reason: sentenceSchema.nullable(),
  notes: z.string(),
  simulated: z.boolean(),
  createdAt: instantSchema,
});
export type Run = z.infer<typeof runSchema>;
export type RunKind = Run['kind'];
export type RunStatus = Run['status'];

/** Names of the files of a run. */
export const artefactNames = {
  model: 'model.onnx',
  manifest: 'manifest.json',
  metrics: 'metrics.json',
  card: 'model-card.md',
  dataset: 'dataset',
  /** Which cases a retraining judged on. */
  heldOut: 'held-out.json',
} as const;

/** How people name a run: the end of its id, which is random. */
export function shortId(id: string): string {
  return id.slice(-8);
}

type Row = Omit<RunRow, 'alive_at'>;

/** A run as a row of the store. */
export function rowOfRun(run: Run): Row {
  return {
    id: run.id,
    parent: run.parent,
    kind: run.kind,
    trainer: run.trainer,
    params: JSON.stringify(run.params),
    settings: run.settings === null ? null : JSON.stringify(run.settings),
    seed: run.seed,
    dataset: run.dataset,
    data: run.data,
    rows: run.rows,
    code_version: run.codeVersion,
    judged_on: run.judgedOn,
    figures: JSON.stringify(run.figures),
    metrics: JSON.stringify(run.metrics),
    timings: JSON.stringify(run.timings),
    artefacts: JSON.stringify(run.artefacts),
    status: run.status,
    reason: run.reason === null ? null : JSON.stringify(run.reason),
    notes: run.notes,
    simulated: run.simulated ? 1 : 0,
    created_at: run.createdAt,
  };
}

/** Why a run did not end well; earlier versions kept the words. */
function reasonOf(text: string): Sentence {
  try {
    return sentenceSchema.parse(JSON.parse(text));
  } catch {
    return quoted(text);
  }
}

/** A run from its row. Throws BAD_DATABASE naming the run when the row is not one. */
export function runOfRow(row: Row & Partial<RunRow>): Run {
  const { code_version: codeVersion, judged_on: judgedOn, created_at: createdAt, alive_at: _alive, ...rest } = row;
  try {
    return runSchema.parse({
      ...rest,
      reason: row.reason === null ? null : reasonOf(row.reason),
      codeVersion,
      judgedOn,
      createdAt,
      seed: Number(row.seed),
      params: JSON.parse(row.params),
      settings: row.settings === null ? null : JSON.parse(row.settings),
      figures: JSON.parse(row.figures),
      metrics: JSON.parse(row.metrics),
      timings: JSON.parse(row.timings),
      artefacts: JSON.parse(row.artefacts),
      simulated: row.simulated === 1,
    });
  } catch (cause) {
    throw new OutpostError('BAD_DATABASE', sentence('runs.run_unreadable', { run: row.id }), { cause });
  }
}
