import fc from 'fast-check';
import { v7 } from 'uuid';
import { describe, expect, test } from 'vitest';
import { noteView } from '../../../../../electron/backend/store/cases.ts';
import { currentLog, type LogDeps } from '../../../../../electron/backend/store/log.ts';
import {
  readQueue,
  readQueueRow,
  searchedCases,
  type QueueQuery,
  type QueueRow,
} from '../../../../../electron/backend/store/queue.ts';
import { searchExpression } from '../../../../../electron/backend/store/search-words.ts';
import { privateCaseSchema } from '../../../../../shared/log/payloads.ts';
import { memoryLog } from '../../../../support/log.ts';

interface Draft {
  readonly daysAgo: number;
  readonly urgent: boolean;
  readonly seen: boolean;
  readonly score: number | null;
  readonly drawn: boolean;
  readonly done: boolean;
}
const draft: fc.Arbitrary<Draft> = fc.record({
  daysAgo: fc.nat(30),
  urgent: fc.boolean(),
  seen: fc.boolean(),
  score: fc.option(fc.integer({ min: 0, max: 100 }).map((n) => n / 100)),
  drawn: fc.boolean(),
  done: fc.boolean(),
});

const today = '2026-10-05';
const facts = { schema: { id: 'complaints', version: 1 }, attributes: {}, tactics: [] };
const model = { id: '0198f000-0000-7000-8000-000000000001', version: 1, sha256: 'a'.repeat(64) };
const query = (change: Partial<QueueQuery> = {}): QueueQuery => ({
  show: 'open',
  search: '',
  limit: 1000,
  offset: 0,
  person: null,
  today,
  unseenDays: 3,
  baseRate: 0.75,
  ...change,
});

function write(deps: LogDeps, { daysAgo, urgent, seen, score, drawn, done }: Draft, index: number): string {
  const log = currentLog(deps);
  const id = v7({ msecs: index, random: deps.random(16) });
  const received = new Date(Date.parse(today) - daysAgo * 86_400_000).toISOString().slice(0, 10);
  log.append({
    type: 'case.received',
    public: { case: id, received, urgent, facts },
    private: privateCaseSchema.parse({ reference: `R${index}` }),
  });
  if (score !== null) {
    const audit = { stratum: 'scam', probability: 0.05, drawn } as const;
    log.append({
      type: 'case.scored',
      public: { case: id, model, schema: facts.schema, score, verdict: 'unclear', outside: [], audit },
    });
  }
  if (seen) noteView(deps.db, id, '2026-10-05T00:00:00.000Z');
  if (done)
    log.append({
      type: 'case.outcome',
      public: { case: id, outcome: 'confirmed_scam', reason: null, seen: null },
      private: { note: '' },
    });
  return id;
}

/** A day of waiting weighs as much as this much of the score: within 50 days the oldest case passes any other. */
const waitingWeight = 0.02;

/** What the order says, written down again in plain words. */
function urgency(row: QueueRow): number {
  const waited = (Date.parse(today) - Date.parse(row.received)) / 86_400_000;
  if (row.group === 'unseen') return 1000 + waited;
  return row.group === 'next' ? (row.score ?? 0.75) + waitingWeight * waited : 2000;
}

describe('the order of the queue', () => {
  test('groups follow their rules, order follows urgency, and pages put together are the whole', () => {
    fc.assert(
      fc.property(fc.array(draft, { minLength: 1, maxLength: 25 }), fc.integer({ min: 1, max: 7 }), (drafts, size) => {
        const { db, deps, log } = memoryLog();
        const ids = drafts.map((each, index) => write(deps, each, index));
        const position = { id: log.id, receipted: 0 };
        const { rows, total } = readQueue(db, query(), position);
        expect(total).toBe(drafts.filter((each) => !each.done).length);
        for (const row of rows) {
          const each = drafts[ids.indexOf(row.id)];
          const unseen = each?.seen === false && each.daysAgo >= 3;
          expect(row.group).toBe(each?.urgent === true ? 'urgent' : unseen ? 'unseen' : 'next');
          expect(row.score).toBe(each?.drawn === true ? null : each?.score);
          expect(readQueueRow(db, row.id, query(), position)).toEqual(row);
        }
        rows.slice(1).forEach((row, i) => expect(urgency(row)).toBeLessThanOrEqual(urgency(rows[i] ?? row) + 1e-9));
        const pages: QueueRow[] = [];
        for (let offset = 0; offset < total; offset += size)
          pages.push(...readQueue(db, query({ limit: size, offset }), position).rows);
        expect(pages).toEqual(rows);
        db.close();
      }),
      { numRuns: 40 },
    );
  });

  test('a new day, another setting and another model put cases where they would have been put at once', () => {
    fc.assert(
      fc.property(
        fc.array(draft, { minLength: 1, maxLength: 25 }),
        fc.array(
          fc.record({
            days: fc.integer({ min: -9, max: 9 }),
            unseenDays: fc.nat(9),
            baseRate: fc.double({ min: 0, max: 1, noNaN: true }),
          }),
          { minLength: 1, maxLength: 3 },
        ),
        (drafts, changes) => {
          const [moved, fresh] = [memoryLog(), memoryLog()];
          for (const each of [moved, fresh]) drafts.forEach((one, index) => write(each.deps, one, index));
          for (const { days, unseenDays, baseRate } of changes) {
            const day = new Date(Date.parse(today) + days * 86_400_000).toISOString().slice(0, 10);
            readQueue(moved.db, query({ today: day, unseenDays, baseRate }), { id: moved.log.id, receipted: 0 });
          }
          const shown = (each: typeof moved): unknown =>
            readQueue(each.db, query(), { id: each.log.id, receipted: 0 }).rows.map(({ reference, group }) => [
              reference,
              group,
            ]);
          expect(shown(moved)).toEqual(shown(fresh));
          moved.db.close();
          fresh.db.close();
        },
      ),
      { numRuns: 40 },
    );
  });

  test('a search looks at the newest cases with its words and says when there are more', () => {
    const { db, deps, log } = memoryLog();
    const each = { daysAgo: 0, urgent: false, seen: true, score: 0.5, drawn: false, done: false };
    db.transaction(() => {
      for (let index = 0; index < searchedCases + 5; index += 1) write(deps, each, index);
    })();
    const position = { id: log.id, receipted: 0 };
    const found = readQueue(db, query({ search: 'r', limit: 5000 }), position);
    expect(found).toMatchObject({ total: searchedCases, cut: true });
    expect(found.rows.map(({ reference }) => reference)).not.toContain('R4');
    expect(readQueue(db, query({ search: 'R4' }), position).rows.map(({ reference }) => reference)).toContain('R4');
    expect(readQueue(db, query({ search: 'R2004' }), position)).toMatchObject({ total: 1, cut: false });
    db.close();
  });

  test('places are read from an index: nothing is sorted, whatever the list', () => {
    const { db } = memoryLog();
    for (const condition of ['queue_section < 3', "person = 'p' AND queue_section < 3", 'queue_section = 3']) {
      const plan = db
        .prepare<[], { detail: string }>(
          `EXPLAIN QUERY PLAN SELECT number FROM cases c WHERE erased = 0 AND ${condition}
           ORDER BY queue_section, queue_rank DESC, number LIMIT 10`,
        )
        .all();
      expect(plan.map(({ detail }) => detail).join('; ')).toMatch(/USING COVERING INDEX/);
      expect(plan.map(({ detail }) => detail).join('; ')).not.toMatch(/TEMP B-TREE/);
    }
    db.close();
  });

  test('whatever is typed is a search, never an error', () => {
    const { db, deps, log } = memoryLog();
    write(deps, { daysAgo: 0, urgent: false, seen: false, score: null, drawn: false, done: false }, 1);
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (search) => {
        const { rows, total } = readQueue(db, query({ search }), { id: log.id, receipted: 0 });
        expect(rows.length).toBe(total);
      }),
      { numRuns: 100 },
    );
    expect(searchExpression('scre "lo* OR')).toBe('"scre"* "lo"* "OR"*');
    expect(searchExpression(' "*() ')).toBeNull();
  });
});
