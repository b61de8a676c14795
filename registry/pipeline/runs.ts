import { z } from 'zod';
import { v7 as uuidv7 } from 'uuid';
import type { AnyStore } from '../store/tables.ts';

const record = z.record(z.string(), z.json());

/** One training run as it is kept: enough to make the same bytes again, and what came of it. */
export interface Run {
  readonly id: string;
  readonly parent: string | null;
  readonly params: Record<string, unknown>;
  readonly seed: number;
  readonly dataset: string;
  readonly metrics: Record<string, unknown>;
  /** Milliseconds by step. */
  readonly timings: Record<string, unknown>;
  readonly notes: string;
  readonly createdAt: string;
}

/** Keeps a run and answers with its id. */
export async function saveRun(db: AnyStore, run: Omit<Run, 'id'>): Promise<string> {
  const id = uuidv7();
  await db
    .insertInto('runs')
    .values({
      id,
      parent: run.parent,
      params: JSON.stringify(run.params),
      seed: run.seed,
      dataset: run.dataset,
      metrics: JSON.stringify(run.metrics),
      timings: JSON.stringify(run.timings),
      notes: run.notes,
      created_at: run.createdAt,
    })
    .execute();
  return id;
}

/** Every run, newest first. */
export async function listRuns(db: AnyStore): Promise<Run[]> {
  const rows = await db.selectFrom('runs').selectAll().orderBy('created_at', 'desc').orderBy('id', 'desc').execute();
  return rows.map((row) => ({
    id: row.id,
    parent: row.parent,
    params: record.parse(JSON.parse(row.params)),
    seed: Number(row.seed),
    dataset: row.dataset,
    metrics: record.parse(JSON.parse(row.metrics)),
    timings: record.parse(JSON.parse(row.timings)),
    notes: row.notes,
    createdAt: row.created_at,
  }));
}
