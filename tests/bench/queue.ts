import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrations } from '../../electron/backend/migrations/index.ts';
import { openDatabase } from '../../electron/backend/store/database.ts';
import type { Db } from '../../electron/backend/store/db.ts';
import { readQueue, type QueueQuery } from '../../electron/backend/store/queue.ts';
import { simulateCases } from '../../learning/simulate/index.ts';
import { compare, timePerUnit, type Comparison } from './measure.ts';

const cases = 100_000;
const page = 100;
const log = { id: 'none', receipted: 0 };
const query: QueueQuery = {
  show: 'open',
  search: '',
  limit: page,
  offset: 0,
  person: null,
  today: '2026-11-01',
  unseenDays: 8,
  baseRate: 0.75,
};

/** Open cases as projections would write them; a third was looked at. */
function fill(db: Db): void {
  const insert = db.prepare(
    `INSERT INTO cases (id, reference, reference_key, resident, place, received, taken_in_at, urgent, facts, intake_facts,
       current_event, score, verdict) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'unclear')`,
  );
  const look = db.prepare('INSERT INTO case_views (case_id, first_seen) VALUES (?, ?)');
  const search = db.prepare(
    'INSERT INTO case_search (rowid, reference, resident, place, narrative, tactics) VALUES (?, ?, ?, ?, ?, ?)',
  );
  db.transaction(() => {
    let number = 0;
    for (const one of simulateCases({ cases, seed: 3, from: '2026-01-01', days: 300 })) {
      number += 1;
      const facts = JSON.stringify(one.facts);
      const { reference, resident, place, received } = one;
      const at = `${received}T10:00:00.000Z`;
      const score = ((number * 7919) % 1000) / 1000;
      const urgent = number % 400 === 0 ? 1 : 0;
      insert.run(
        reference,
        reference,
        reference,
        resident,
        place,
        received,
        at,
        urgent,
        facts,
        facts,
        reference,
        score,
      );
      search.run(number, reference, resident, place, one.narrative, one.facts.tactics.join(' '));
      if (number % 3 === 0) look.run(reference, at);
    }
  })();
}

/** Pages and searches of a queue of 100,000 open cases against reading all of it in order, as a bare loop would. */
export async function queueComparisons(): Promise<Comparison[]> {
  const folder = mkdtempSync(join(tmpdir(), 'outpost-bench-'));
  const db = openDatabase(join(folder, 'queue.db'), new Uint8Array(32).fill(1), migrations);
  try {
    fill(db);
    const whole = db.prepare('SELECT number, received, score, urgent FROM cases WHERE erased = 0 AND outcome IS NULL');
    const bare = await timePerUnit(1, 5, () =>
      whole.all().sort((a, b) => (b as { score: number }).score - (a as { score: number }).score),
    );
    const ours = [
      ['first page', {}],
      ['page in the middle', { offset: cases / 2 }],
      ['last page', { offset: cases - page }],
      ['search for one letter', { search: 's' }],
      ['search for the beginning of every reference', { search: 'SIM' }],
      ['search for a word', { search: 'refund' }],
    ] as const;
    const comparisons: Comparison[] = [];
    for (const [name, change] of ours) {
      const asked = { ...query, ...change };
      const microseconds = await timePerUnit(1, 21, () => readQueue(db, asked, log));
      comparisons.push(
        compare({
          name: `Queue of ${cases} open cases`,
          unit: `${name}, with the counts`,
          ours: { what: 'by index', microseconds },
          other: { what: 'all rows read and sorted', microseconds: bare },
          checked: `${readQueue(db, asked, log).rows.length} rows of ${readQueue(db, asked, log).total}; encrypted file.`,
        }),
      );
    }
    return comparisons;
  } finally {
    db.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
