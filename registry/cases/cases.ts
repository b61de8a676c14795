import { z } from 'zod';
import { nextTurn } from '../../platform/next-turn.ts';
import { factsSchema } from '../../shared/domain/facts.ts';
import { outcomeSchema } from '../../shared/domain/verdict.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { payloadSchemas } from '../../shared/log/payloads.ts';
import { sourceSchema, type KnownCase } from '../../learning/data/known-case.ts';
import { casesByReference } from '../laptops/references.ts';
import type { AnyStore, Tables } from '../storage/db/tables.ts';
import { sentence } from '../../shared/language/sentence.ts';

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
    throw new OutpostError('BAD_DATABASE', sentence('cases.derived_case_cannot_read'), {
      cause,
    });
  }
}

/** Row form of a case. */
function caseRow(known: KnownCase): Tables['known_cases'] {
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

/** Rows read at a time: each holds JSON that is parsed and checked while nothing else has its turn. */
const rowsAtATime = 200;

/** Rows of known cases by id, some at a time. */
async function* rowsOf(db: AnyStore, source: KnownCase['source'] | undefined): AsyncGenerator<Tables['known_cases'][]> {
  for (let after = ''; ;) {
    const query = db.selectFrom('known_cases').selectAll().where('id', '>', after).orderBy('id').limit(rowsAtATime);
    const rows = await (source === undefined ? query : query.where('source', '=', source)).execute();
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows;
    after = last.id;
    await nextTurn();
  }
}

function byReceipt(a: KnownCase, b: KnownCase): number {
  if (a.received !== b.received) return a.received < b.received ? -1 : 1;
  return a.id < b.id ? -1 : Number(a.id > b.id);
}

/**
 * Every known case by received date, then id. Cases that laptops sent under one reference share an incident: which do is
 * found again each time, since a tag may come with a later batch than the case.
 */
export async function knownCases(db: AnyStore, source?: KnownCase['source']): Promise<KnownCase[]> {
  const together = await casesByReference(db);
  const cases: KnownCase[] = [];
  for await (const rows of rowsOf(db, source)) {
    for (const row of rows) cases.push(parse({ ...row, incident: row.incident ?? together.get(row.id) ?? null }));
  }
  return cases.toSorted(byReceipt);
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
