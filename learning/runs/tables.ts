import type { Kysely } from 'kysely';

/** A run as a row: JSON as text, instants as UTC text. */
export interface RunRow {
  id: string;
  parent: string | null;
  kind: string;
  trainer: string;
  params: string;
  settings: string | null;
  seed: number;
  dataset: string;
  data: string | null;
  rows: number | null;
  code_version: string;
  judged_on: string | null;
  figures: string;
  metrics: string;
  timings: string;
  artefacts: string;
  status: string;
  reason: string | null;
  notes: string;
  /** 1 when the cases were invented. */
  simulated: number;
  created_at: string;
  /** When the program of a run that goes on last said so. */
  alive_at: string | null;
}

/** What a database that keeps runs has at least; a registry's has more. */
export interface RunTables {
  runs: RunRow;
}

/** A database that keeps runs. */
export type RunsDb = Kysely<RunTables>;
