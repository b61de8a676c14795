import { z } from 'zod';
import { sentenceSchema, type Sentence } from '../../../shared/language/sentence.ts';
import type { Db } from './db.ts';

/** What the background does for a case: its first score, and the reasons of that score. */
export type JobKind = 'score' | 'explain';

const rowSchema = z.object({
  tries: z.int(),
  not_before: z.string().nullable(),
  sentence: z.string().transform((text): Sentence => sentenceSchema.parse(JSON.parse(text))),
});

/** Why something could not be done for a case so far. */
export interface JobFailure {
  readonly tries: number;
  /** When it is tried again; null when it has been given up. */
  readonly nextTry: string | null;
  readonly why: Sentence;
}

/** The failure at a case that stands, or null. */
export function jobFailure(db: Db, kind: JobKind, caseId: string): JobFailure | null {
  const found = db
    .prepare('SELECT tries, not_before, sentence FROM job_failures WHERE kind = ? AND case_id = ?')
    .get(kind, caseId);
  if (found === undefined) return null;
  const { tries, not_before: nextTry, sentence: why } = rowSchema.parse(found);
  return { tries, nextTry, why };
}

/** Keeps a failure over what was known of it; `app` is the version of the program that failed. */
export function keepJobFailure(db: Db, kind: JobKind, caseId: string, failure: JobFailure, app: string): void {
  db.prepare(
    `INSERT INTO job_failures (kind, case_id, tries, not_before, sentence, app) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (kind, case_id) DO UPDATE SET tries = excluded.tries, not_before = excluded.not_before,
         sentence = excluded.sentence, app = excluded.app`,
  ).run(kind, caseId, failure.tries, failure.nextTry, JSON.stringify(failure.why), app);
}

/** Forgets the failure at a case. True when there was one. */
export function forgetJobFailure(db: Db, kind: JobKind, caseId: string): boolean {
  return db.prepare('DELETE FROM job_failures WHERE kind = ? AND case_id = ?').run(kind, caseId).changes > 0;
}

/** Forgets every failure: what failed before may go well now. */
export function forgetJobFailures(db: Db): void {
  db.prepare('DELETE FROM job_failures').run();
}

/** Forgets the failures of other versions of the program. */
export function forgetOtherVersions(db: Db, app: string): void {
  db.prepare('DELETE FROM job_failures WHERE app <> ?').run(app);
}

/** When something may be tried again: now, or it was put off to a time so far ahead that the clock must have been wrong. */
export interface Due {
  readonly now: string;
  readonly latest: string;
}

/** Condition on a case (`c`): nothing failed at it, or it is time to try again. Takes `:now` and `:latest`. */
const notPutOff = (kind: JobKind): string => `NOT EXISTS (
  SELECT 1 FROM job_failures f WHERE f.kind = '${kind}' AND f.case_id = c.id
    AND (f.not_before IS NULL OR (f.not_before > :now AND f.not_before <= :latest)))`;

const missing: Readonly<Record<JobKind, string>> = {
  score: 'cases c WHERE c.score IS NULL AND c.erased = 0 AND c.historical = 0',
  explain: `cases c LEFT JOIN explanations x ON x.case_id = c.id
    WHERE c.score IS NOT NULL AND c.erased = 0 AND c.outcome IS NULL AND x.case_id IS NULL`,
};
// First scores in the order of intake; reasons for the newest cases first, which people read first.
const order: Readonly<Record<JobKind, string>> = { score: 'c.number', explain: 'c.number DESC' };

/** Ids of cases for which something is to be done now. */
export function dueCases(db: Db, kind: JobKind, due: Due, limit: number): string[] {
  return db
    .prepare<[Due & { limit: number }], { id: string }>(
      `SELECT c.id FROM ${missing[kind]} AND ${notPutOff(kind)} ORDER BY ${order[kind]} LIMIT :limit`,
    )
    .all({ ...due, limit })
    .map((row) => row.id);
}

/** When the next thing that failed is to be tried again, after `now`; null when nothing is. */
export function nextTryAfter(db: Db, kind: JobKind, now: string): string | null {
  const row = db
    .prepare<[string, string], { at: string | null }>(
      'SELECT min(not_before) AS at FROM job_failures WHERE kind = ? AND not_before > ?',
    )
    .get(kind, now);
  return row?.at ?? null;
}

/** What is open of a kind of work. */
interface JobCounts {
  /** Cases it has not been done for; those it failed at are among them. */
  readonly open: number;
  readonly failed: number;
  /** Of the failed ones, those not tried again by itself. */
  readonly givenUp: number;
  /** When the next failed one is tried again. */
  readonly nextTry: string | null;
}

const countsSchema = z.object({
  open: z.int(),
  failed: z.int(),
  givenUp: z.int(),
  nextTry: z.string().nullable(),
});

/** Counts what is open of a kind of work. */
export function countJobs(db: Db, kind: JobKind): JobCounts {
  const row = db
    .prepare(
      `SELECT count(*) AS open, count(f.case_id) AS failed, count(f.case_id) - count(f.not_before) AS givenUp,
         min(f.not_before) AS nextTry
       FROM (SELECT c.id FROM ${missing[kind]}) o LEFT JOIN job_failures f ON f.kind = '${kind}' AND f.case_id = o.id`,
    )
    .get();
  return countsSchema.parse(row);
}
