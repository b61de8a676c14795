import type { Text } from '../../../shared/language/sentence.ts';
import { z } from 'zod';
import { OutpostError } from '../../../shared/errors/index.ts';
import { factsSchema } from '../../../shared/domain/facts.ts';
import { outsideReasonSchema } from '../../../shared/domain/outside-reasons.ts';
import { inconclusiveReasonSchema, outcomeSchema, verdictSchema } from '../../../shared/domain/verdict.ts';
import { parseSealedEvent, type SealedEvent } from '../../../shared/log/event.ts';
import {
  auditDrawSchema,
  modelRefSchema,
  privateCaseSchema,
  privateOutcomeSchema,
  type PrivateCase,
} from '../../../shared/log/payloads.ts';
import type { Db } from './db.ts';
import { referenceKey } from './projections.ts';
import { sentence } from '../../../shared/language/sentence.ts';

const json = <T extends z.ZodType>(schema: T) =>
  z.string().transform((text): z.output<T> => schema.parse(JSON.parse(text)));

const rowSchema = z.object({
  number: z.int(),
  id: z.string(),
  reference: z.string(),
  place: z.string(),
  person: z.string().nullable(),
  received: z.string(),
  taken_in_at: z.string(),
  urgent: z.int().transform(Boolean),
  facts: json(factsSchema),
  intake_facts: json(factsSchema),
  current_event: z.string(),
  score: z.number().nullable(),
  verdict: verdictSchema.nullable(),
  outside: json(z.array(outsideReasonSchema)),
  model: json(modelRefSchema).nullable(),
  scored_at: z.string().nullable(),
  audit_stratum: auditDrawSchema.shape.stratum.nullable(),
  audit_probability: z.number().nullable(),
  audit_drawn: z.int().transform(Boolean),
  outcome: outcomeSchema.nullable(),
  outcome_reason: inconclusiveReasonSchema.nullable(),
  outcome_at: z.string().nullable(),
  outcome_event: z.string().nullable(),
  erased: z.int().transform(Boolean),
  /** Came with its outcome, for training only. */
  historical: z.int().transform(Boolean),
});
/** A case as projected from its events. */
export type CaseRecord = z.output<typeof rowSchema>;

/** A case that is there and was not erased; NOT_FOUND otherwise. */
export function getCase(db: Db, id: string): CaseRecord {
  const row = rowSchema.nullable().parse(db.prepare('SELECT * FROM cases WHERE id = ?').get(id) ?? null);
  if (row === null || row.erased) throw new OutpostError('NOT_FOUND', sentence('store.case_not_laptop'));
  return row;
}

/** Whether a case is here, was erased, or was never here. */
export function caseState(db: Db, id: string): 'here' | 'erased' | 'unknown' {
  const row = db.prepare<[string], { erased: number }>('SELECT erased FROM cases WHERE id = ?').get(id);
  if (row === undefined) return 'unknown';
  return row.erased === 1 ? 'erased' : 'here';
}

/** Id of the case with this reference (compared as `referenceKey` says), or null. */
export function caseByReference(db: Db, reference: string): string | null {
  return (
    db
      .prepare<[string], { id: string }>('SELECT id FROM cases WHERE reference_key = ? AND erased = 0')
      .get(referenceKey(reference))?.id ?? null
  );
}

/** The private part an entry was written with; blank fields when there is none. */
export function privateCaseOf(db: Db, eventId: string): PrivateCase {
  const row = db
    .prepare<[string], { text: string }>('SELECT text FROM private_payloads WHERE event_id = ?')
    .get(eventId);
  if (row === undefined) throw new OutpostError('BAD_DATABASE', sentence('store.private_part_case_missing'));
  return privateCaseSchema.parse(JSON.parse(row.text));
}

/** Note of an outcome entry, empty when there is none. */
export function outcomeNote(db: Db, eventId: string): string {
  const row = db
    .prepare<[string], { text: string }>('SELECT text FROM private_payloads WHERE event_id = ?')
    .get(eventId);
  return row === undefined ? '' : privateOutcomeSchema.parse(JSON.parse(row.text)).note;
}

/**
 * Entries of a case, each once and as it stands in the newest log: those of a parent log up to the fork, then those of
 * the log that continues it, by their numbers. No clock has a say in it.
 */
export function eventsOfCase(db: Db, id: string): SealedEvent[] {
  return db
    .prepare<[string], { text: string }>(
      `SELECT e.text FROM events e JOIN logs l ON l.id = e.log WHERE e.case_id = ?
         AND e.position = (SELECT max(position) FROM events f WHERE f.id = e.id) ORDER BY l.ordinal, e.seq`,
    )
    .all(id)
    .map((row) => parseSealedEvent(row.text));
}

/** Kept explanation (JSON) of a case under a model, or null. */
export function keptExplanation(db: Db, id: string, modelSha256: string): string | null {
  return (
    db
      .prepare<[string, string], { explanation: string }>(
        'SELECT explanation FROM explanations WHERE case_id = ? AND model_sha256 = ?',
      )
      .get(id, modelSha256)?.explanation ?? null
  );
}

/** Keeps an explanation and the reasons for the list. Derived: can be made again at any time. */
export function keepExplanation(
  db: Db,
  id: string,
  modelSha256: string,
  reasons: readonly Text[],
  explanation: string,
): void {
  db.prepare(
    `INSERT INTO explanations (case_id, model_sha256, reasons, explanation) VALUES (?, ?, ?, ?)
       ON CONFLICT (case_id) DO UPDATE SET model_sha256 = excluded.model_sha256, reasons = excluded.reasons, explanation = excluded.explanation`,
  ).run(id, modelSha256, JSON.stringify(reasons), explanation);
}

/** Notes the first look at a case. True when it was the first. */
export function noteView(db: Db, id: string, at: string): boolean {
  return db.prepare('INSERT OR IGNORE INTO case_views (case_id, first_seen) VALUES (?, ?)').run(id, at).changes === 1;
}

/** Highest number of at most `maxDigits` among references made here (`prefix` and digits), 0 when there is none. */
export function highestReference(db: Db, prefix: string, maxDigits: number): number {
  return (
    db
      .prepare<{ prefix: string; maxDigits: number }, { n: number | null }>(
        `SELECT max(CAST(substr(reference, length(:prefix) + 1) AS INTEGER)) AS n FROM cases
          WHERE reference >= :prefix AND reference < :prefix || ':' AND length(reference) <= length(:prefix) + :maxDigits
            AND substr(reference, length(:prefix) + 1) NOT GLOB '*[^0-9]*'`,
      )
      .get({ prefix, maxDigits })?.n ?? 0
  );
}

/** How many cases were erased. */
export function countErased(db: Db): number {
  return db.prepare<[], { n: number }>('SELECT count(*) AS n FROM cases WHERE erased = 1').get()?.n ?? 0;
}

/** Tags recorded so far with the number of cases, most frequent first; erased cases count, they are public facts. */
export function tacticCounts(db: Db): { tag: string; cases: number }[] {
  return db
    .prepare<[], { tag: string; cases: number }>(
      'SELECT tag, count(*) AS cases FROM case_tactics GROUP BY tag ORDER BY cases DESC, tag',
    )
    .all();
}

/** Ids of the cases whose score nobody may see before the outcome. */
export function hiddenCases(db: Db): Set<string> {
  const rows = db.prepare<[], { id: string }>('SELECT id FROM cases WHERE audit_drawn = 1 AND outcome IS NULL').all();
  return new Set(rows.map((row) => row.id));
}
