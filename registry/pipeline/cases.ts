import { z } from 'zod';
import { factsSchema, type Facts } from '../../shared/domain/facts.ts';
import { labelOf, outcomeSchema, type Outcome } from '../../shared/domain/verdict.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { payloadSchemas, type PublicPayload } from '../../shared/log/payloads.ts';
import { casesByReference } from '../store/references.ts';
import type { AnyStore, Tables } from '../store/tables.ts';

/** A case as the centre knows it. `scored` is the first score, which is never rewritten. */
export interface KnownCase {
  readonly id: string;
  readonly source: 'feedback' | 'dataset';
  readonly office: string;
  /** Plain date. */
  readonly received: string;
  /** Equal for cases about one event: as a file named it, or the first case with the same reference at the office. */
  readonly incident: string | null;
  /** Equal for cases of one scammer, where a file says so. */
  readonly scammer: string | null;
  readonly urgent: boolean;
  readonly facts: Facts;
  readonly tactics: readonly string[];
  readonly scored: PublicPayload<'case.scored'> | null;
  readonly outcome: Outcome | null;
  readonly outcomeAt: string | null;
}

/** Where a case comes from. */
export const sourceSchema = z.enum(['feedback', 'dataset']);
const tacticsSchema = z.array(z.string());

function parse(row: Tables['known_cases']): KnownCase {
  try {
    return {
      id: row.id,
      source: sourceSchema.parse(row.source),
      office: row.office,
      received: row.received,
      incident: row.incident,
      scammer: row.scammer,
      urgent: row.urgent === 1,
      facts: factsSchema.parse(JSON.parse(row.facts)),
      tactics: tacticsSchema.parse(JSON.parse(row.tactics)),
      scored: row.scored === null ? null : payloadSchemas['case.scored'].parse(JSON.parse(row.scored)),
      outcome: outcomeSchema.nullable().parse(row.outcome),
      outcomeAt: row.outcome_at,
    };
  } catch (cause) {
    throw new OutpostError('BAD_DATABASE', 'A derived case cannot be read. Run `registry integrate --rebuild`.', {
      cause,
    });
  }
}

/** Row form of a case. */
export function caseRow(known: KnownCase): Tables['known_cases'] {
  return {
    id: known.id,
    source: known.source,
    office: known.office,
    received: known.received,
    incident: known.incident,
    scammer: known.scammer,
    urgent: known.urgent ? 1 : 0,
    facts: JSON.stringify(known.facts),
    tactics: JSON.stringify(known.tactics),
    scored: known.scored === null ? null : JSON.stringify(known.scored),
    outcome: known.outcome,
    outcome_at: known.outcomeAt,
  };
}

/**
 * Every known case by received date, then id. Cases that laptops sent under one reference share an incident: which do is
 * found anew each time, since a tag may come with a later batch than the case.
 */
export async function knownCases(db: AnyStore, source?: KnownCase['source']): Promise<KnownCase[]> {
  const query = db.selectFrom('known_cases').selectAll().orderBy('received').orderBy('id');
  const rows = await (source === undefined ? query : query.where('source', '=', source)).execute();
  const together = await casesByReference(db);
  return rows.map((row) => parse({ ...row, incident: row.incident ?? together.get(row.id) ?? null }));
}

/** One known case, or null. */
export async function findCase(db: AnyStore, id: string): Promise<KnownCase | null> {
  const row = await db.selectFrom('known_cases').selectAll().where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : parse(row);
}

/** Ids asked for at a time: databases take only so many values in a query. */
const idsAtATime = 500;

/** Which of some ids are of cases that are known. */
export async function knownIds(db: AnyStore, ids: readonly string[]): Promise<Set<string>> {
  const known = new Set<string>();
  for (let i = 0; i < ids.length; i += idsAtATime) {
    const asked = ids.slice(i, i + idsAtATime);
    for (const { id } of await db.selectFrom('known_cases').select('id').where('id', 'in', asked).execute())
      known.add(id);
  }
  return known;
}

/** Writes a case over what was known of it. */
export async function saveCase(db: AnyStore, known: KnownCase): Promise<void> {
  const { id, ...rest } = caseRow(known);
  await db
    .insertInto('known_cases')
    .values({ id, ...rest })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(rest))
    .execute();
}

/** Label for learning, null when the outcome is missing or says neither. */
export function labelOfCase(known: KnownCase): 0 | 1 | null {
  return known.outcome === null ? null : labelOf(known.outcome);
}

/**
 * 1 / probability that a case of this kind was looked at: scam and unclear verdicts are taken to be all worked,
 * not_scam verdicts only when the audit drew them. Null for a case whose outcome is known although nothing drew it: it
 * says nothing about those like it (Horvitz & Thompson 1952 weights need a known probability).
 */
export function lookWeight(known: KnownCase): number | null {
  const scored = known.scored;
  if (scored === null) return known.source === 'dataset' ? 1 : null;
  if (scored.verdict !== 'not_scam') return 1;
  return scored.audit.drawn && scored.audit.probability > 0 ? 1 / scored.audit.probability : null;
}
