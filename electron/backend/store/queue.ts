import { textSchema, type Text } from '../../../shared/language/sentence.ts';
import { z } from 'zod';
import { moneySchema } from '../../../shared/domain/money.ts';
import { outcomeSchema, verdictSchema } from '../../../shared/domain/verdict.ts';
import type { Db } from './db.ts';
import { searchExpression } from './search-words.ts';

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
    .transform((text): Text[] => (text === null ? [] : z.array(textSchema).parse(JSON.parse(text)))),
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

/** Cases a search looks at: the newest ones that have its words. Who types on finds older ones too. */
export const searchedCases = 2000;

const hidden = '(c.audit_drawn = 1 AND c.outcome IS NULL)';
const columns = `c.id, c.reference,
  CASE c.queue_section WHEN 0 THEN 'urgent' WHEN 1 THEN 'unseen' WHEN 2 THEN 'next' ELSE 'done' END AS "group",
  CASE WHEN ${hidden} THEN NULL ELSE c.verdict END AS verdict, CASE WHEN ${hidden} THEN NULL ELSE c.score END AS score,
  ${hidden} AS scoreHidden, CASE WHEN ${hidden} THEN 0 ELSE c.outside <> '[]' END AS outside,
  CASE WHEN ${hidden} THEN NULL ELSE x.reasons END AS reasons,
  c.stake_amount AS stakeAmount, c.stake_currency AS stakeCurrency, c.received, c.taken_in_at AS takenInAt, c.place,
  c.person AS personId, p.name AS personName, c.outcome,
  EXISTS (SELECT 1 FROM events e WHERE e.case_id = c.id AND e.log = :log AND e.seq > :receipted) AS waiting`;
const joins = 'LEFT JOIN explanations x ON x.case_id = c.id LEFT JOIN people p ON p.id = c.person';
// Urgent: newest first, since money can only be stopped for hours. Unseen: oldest first. The ranks say so already.
const order = 'ORDER BY c.queue_section, c.queue_rank DESC, c.number';

function where(query: QueueQuery): string {
  const parts = ['c.erased = 0', query.show === 'done' ? 'c.queue_section = 3' : 'c.queue_section < 3'];
  if (query.show === 'mine') parts.push('c.person = :person');
  return parts.join(' AND ');
}

/**
 * Makes the places of cases those of today: cases nobody has looked at for `unseenDays` go up, and cases without a score
 * that may be shown stand where `baseRate` puts them (null: where they stand). Writes only when a day, a setting or the
 * model has changed since.
 */
function placeQueue(
  db: Db,
  { today, unseenDays, baseRate }: Pick<QueueQuery, 'today' | 'unseenDays'> & { readonly baseRate: number | null },
): void {
  const due = new Date(Date.parse(today) - unseenDays * 86_400_000).toISOString().slice(0, 10);
  const placed = db.prepare<[], { due: string; base_rate: number }>('SELECT due, base_rate FROM queue_order').get();
  const rate = baseRate ?? placed?.base_rate;
  if (placed?.due === due && placed.base_rate === rate) return;
  db.prepare('UPDATE queue_order SET due = ?, base_rate = ?').run(due, rate);
}

const found = `WITH found AS MATERIALIZED (
  SELECT rowid AS number FROM case_search WHERE case_search MATCH :match ORDER BY rowid DESC LIMIT ${searchedCases})`;
// Unless asked not to, SQLite would read the wide rows.
const ofFound = 'FROM found JOIN cases c INDEXED BY cases_found ON c.number = found.number';

/** More cases than a search looks at have its words. */
function isCut(db: Db, match: string): boolean {
  const past = db.prepare(
    `SELECT rowid FROM case_search WHERE case_search MATCH ? ORDER BY rowid DESC LIMIT 1 OFFSET ${searchedCases}`,
  );
  return past.get(match) !== undefined;
}

/** How many cases each list has. */
export type CaseCounts = Record<QueueQuery['show'], number>;

/** Counts open, own open and done cases. */
export function countCases(db: Db, person: string | null): CaseCounts {
  const count = db.prepare<[string], CaseCounts>(
    `SELECT (SELECT count(*) FROM cases WHERE erased = 0 AND queue_section < 3) AS open,
       (SELECT count(*) FROM cases WHERE erased = 0 AND person = ? AND queue_section < 3) AS mine,
       (SELECT count(*) FROM cases WHERE erased = 0 AND queue_section = 3) AS done`,
  );
  return count.get(person ?? '') ?? { open: 0, mine: 0, done: 0 };
}

/**
 * Rows of the queue in its order, with the total behind the limit and how many cases each list has. A search looks at the newest `searchedCases` that
 * have its words; `cut` says that there are more.
 */
export function readQueue(
  db: Db,
  query: QueueQuery,
  log: { id: string; receipted: number },
): { rows: QueueRow[]; total: number; cut: boolean; counts: CaseCounts } {
  const searching = query.search.trim() !== '';
  const match = searchExpression(query.search);
  placeQueue(db, query);
  const counts = countCases(db, query.person);
  if (searching && match === null) return { rows: [], total: 0, cut: false, counts };
  const [first, from] = searching ? [found, ofFound] : ['', 'FROM cases c'];
  const parameters = {
    ...(query.show === 'mine' && { person: query.person ?? '' }),
    ...(searching && { match }),
  };
  const countFound = (): number =>
    db.prepare<unknown[], { n: number }>(`${first} SELECT count(*) AS n ${from} WHERE ${where(query)}`).get(parameters)
      ?.n ?? 0;
  const total = searching ? countFound() : counts[query.show];
  // The page is chosen on narrow columns first, so that reasons, names and waiting are only looked up for it.
  const rows = db
    .prepare(
      `${first}${searching ? ',' : 'WITH'} page AS MATERIALIZED (
         SELECT c.number AS number ${from} WHERE ${where(query)} ${order} LIMIT :limit OFFSET :offset)
       SELECT ${columns} FROM page JOIN cases c ON c.number = page.number ${joins} ${order}`,
    )
    .all({ ...parameters, limit: query.limit, offset: query.offset, log: log.id, receipted: log.receipted });
  return { rows: rows.map((row) => rowSchema.parse(row)), total, cut: match !== null && isCut(db, match), counts };
}

/** The same row for one case. */
export function readQueueRow(
  db: Db,
  id: string,
  query: Pick<QueueQuery, 'today' | 'unseenDays'>,
  log: { id: string; receipted: number },
): QueueRow {
  placeQueue(db, { ...query, baseRate: null });
  const row = db
    .prepare(`SELECT ${columns} FROM cases c ${joins} WHERE c.id = :id`)
    .get({ id, log: log.id, receipted: log.receipted });
  return rowSchema.parse(row);
}
