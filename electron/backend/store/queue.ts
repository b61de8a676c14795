import { z } from 'zod';
import { moneySchema } from '../../../shared/domain/money.ts';
import { outcomeSchema, verdictSchema } from '../../../shared/domain/verdict.ts';
import type { Db } from '../types.ts';

/** Which cases, and what the order depends on. */
export interface QueueQuery {
  readonly show: 'open' | 'mine' | 'done';
  readonly search: string;
  readonly limit: number;
  readonly offset: number;
  readonly person: string | null;
  /** Today as a plain date. */
  readonly today: string;
  readonly unseenDays: number;
  /** Score that cases without a shown one are sorted by. */
  readonly baseRate: number;
}

const rowSchema = z.object({
  id: z.string(),
  reference: z.string(),
  group: z.enum(['urgent', 'unseen', 'next', 'done']),
  verdict: verdictSchema.nullable(),
  score: z.number().nullable(),
  scoreHidden: z.int().transform(Boolean),
  outside: z.int().transform(Boolean),
  reasons: z
    .string()
    .nullable()
    .transform((text): string[] => (text === null ? [] : z.array(z.string()).parse(JSON.parse(text)))),
  stakeAmount: moneySchema.shape.amount.nullable(),
  stakeCurrency: moneySchema.shape.currency.nullable(),
  received: z.string(),
  takenInAt: z.string(),
  place: z.string(),
  personId: z.string().nullable(),
  personName: z.string().nullable(),
  outcome: outcomeSchema.nullable(),
  waiting: z.int().transform(Boolean),
});
/** One row of the queue; what is hidden until the outcome has been withheld already. */
export type QueueRow = z.output<typeof rowSchema>;

/** A day of waiting weighs as much as this much of the score: within 50 days the oldest case passes any other. */
export const waitingWeight = 0.02;

const hidden = '(c.audit_drawn = 1 AND c.outcome IS NULL)';
const group = `CASE WHEN c.outcome IS NOT NULL THEN 'done' WHEN c.urgent = 1 THEN 'urgent'
  WHEN v.case_id IS NULL AND c.received <= date(:today, '-' || :unseenDays || ' days') THEN 'unseen' ELSE 'next' END`;
const columns = `c.id, c.reference, ${group} AS "group",
  CASE WHEN ${hidden} THEN NULL ELSE c.verdict END AS verdict, CASE WHEN ${hidden} THEN NULL ELSE c.score END AS score,
  ${hidden} AS scoreHidden, CASE WHEN ${hidden} THEN 0 ELSE c.outside <> '[]' END AS outside,
  CASE WHEN ${hidden} THEN NULL ELSE x.reasons END AS reasons,
  c.stake_amount AS stakeAmount, c.stake_currency AS stakeCurrency, c.received, c.taken_in_at AS takenInAt, c.place,
  c.person AS personId, p.name AS personName, c.outcome,
  EXISTS (SELECT 1 FROM events e WHERE e.case_id = c.id AND e.log = :log AND e.seq > :receipted) AS waiting`;
const joins = 'FROM cases c LEFT JOIN case_views v ON v.case_id = c.id';
// Urgent: newest first, since money can only be stopped for hours. Unseen: oldest first.
const order = `ORDER BY CASE g WHEN 'urgent' THEN 0 WHEN 'unseen' THEN 1 WHEN 'next' THEN 2 ELSE 3 END, k DESC, number`;
const sortKey = `CASE ${group} WHEN 'urgent' THEN julianday(c.taken_in_at) WHEN 'unseen' THEN -julianday(c.received)
  WHEN 'next' THEN CASE WHEN ${hidden} OR c.score IS NULL THEN :baseRate ELSE c.score END
    + ${waitingWeight} * (julianday(:today) - julianday(c.received))
  ELSE julianday(c.outcome_at) END`;

/** FTS5 expression of what somebody typed: every word must occur, the last ones may be unfinished; null for nothing. */
export function searchExpression(typed: string): string | null {
  const words = typed.normalize('NFC').match(/[\p{L}\p{M}\p{N}\p{Co}]+/gu) ?? [];
  return words.length === 0
    ? null
    : words
        .slice(0, 20)
        .map((word) => `"${word}"*`)
        .join(' ');
}

function where(query: QueueQuery): string {
  const parts = ['c.erased = 0', query.show === 'done' ? 'c.outcome IS NOT NULL' : 'c.outcome IS NULL'];
  if (query.show === 'mine') parts.push('c.person = :person');
  if (query.search.trim() !== '')
    parts.push('c.number IN (SELECT rowid FROM case_search WHERE case_search MATCH :match)');
  return `WHERE ${parts.join(' AND ')}`;
}

/** Rows of the queue in its order, with the total behind the limit. */
export function readQueue(
  db: Db,
  query: QueueQuery,
  log: { id: string; receipted: number },
): { rows: QueueRow[]; total: number } {
  const match = searchExpression(query.search);
  if (query.search.trim() !== '' && match === null) return { rows: [], total: 0 };
  const condition = where(query);
  const parameters = {
    today: query.today,
    unseenDays: query.unseenDays,
    baseRate: query.baseRate,
    person: query.person ?? '',
    match: match ?? '',
    limit: query.limit,
    offset: query.offset,
    log: log.id,
    receipted: log.receipted,
  };
  const total =
    db.prepare<unknown[], { n: number }>(`SELECT count(*) AS n FROM cases c ${condition}`).get(parameters)?.n ?? 0;
  // The page is chosen on the narrow columns first, so that reasons, names and waiting are only looked up for it.
  const rows = db
    .prepare(
      `WITH page AS MATERIALIZED (
         SELECT number, g, k FROM (SELECT c.number AS number, ${group} AS g, ${sortKey} AS k ${joins} ${condition})
         ${order} LIMIT :limit OFFSET :offset)
       SELECT ${columns} FROM page JOIN cases c ON c.number = page.number LEFT JOIN case_views v ON v.case_id = c.id
         LEFT JOIN explanations x ON x.case_id = c.id LEFT JOIN people p ON p.id = c.person ${order.replace(', number', ', page.number')}`,
    )
    .all(parameters);
  return { rows: rows.map((row) => rowSchema.parse(row)), total };
}

/** The same row for one case. */
export function readQueueRow(
  db: Db,
  id: string,
  query: Pick<QueueQuery, 'today' | 'unseenDays'>,
  log: { id: string; receipted: number },
): QueueRow {
  const row = db
    .prepare(
      `SELECT ${columns} ${joins} LEFT JOIN explanations x ON x.case_id = c.id LEFT JOIN people p ON p.id = c.person WHERE c.id = :id`,
    )
    .get({ id, today: query.today, unseenDays: query.unseenDays, log: log.id, receipted: log.receipted });
  return rowSchema.parse(row);
}

/** Open, own open and done cases. */
export function countCases(db: Db, person: string | null): { open: number; mine: number; done: number } {
  const count = db.prepare<[string], { open: number; mine: number; done: number }>(
    `SELECT coalesce(sum(outcome IS NULL), 0) AS open, coalesce(sum(outcome IS NULL AND person = ?), 0) AS mine,
       coalesce(sum(outcome IS NOT NULL), 0) AS done FROM cases WHERE erased = 0`,
  );
  return count.get(person ?? '') ?? { open: 0, mine: 0, done: 0 };
}
