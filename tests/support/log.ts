import Database from 'better-sqlite3';
import { migrations } from '../../electron/backend/migrations/index.ts';
import { migrate } from '../../electron/backend/store/migrate.ts';
import { startLog, type LogDeps, type EventLog } from '../../electron/backend/store/log.ts';
import { applyEvent } from '../../electron/backend/store/projections.ts';
import type { Db } from '../../electron/backend/store/db.ts';
import { genesisHash, verifyChain, type LogHead } from '../../shared/log/event.ts';
import { publicKeyOf } from '../../shared/log/signed.ts';
import { testClock } from './backend.ts';

/** A database in memory with one fresh log; random bytes are counted up, so that runs can be repeated. */
export function memoryLog(): { db: Db; deps: LogDeps; log: EventLog } {
  const db = new Database(':memory:');
  migrate(db, migrations);
  let counter = 0;
  const privateKey = '11'.repeat(32);
  const clock = testClock();
  const deps: LogDeps = {
    db,
    clock,
    random: (bytes) => {
      counter += 1;
      return Uint8Array.from({ length: bytes }, (_, i) => (counter >> (8 * (i % 4))) & 255);
    },
    person: () => null,
    appVersion: '0.1.0-test',
    privateKey,
    publicKey: publicKeyOf(privateKey),
    project: (event, text) => applyEvent(db, event, text),
  };
  return { db, deps, log: startLog(deps, null, 'first_start') };
}

/** Every row of the tables that are derived from events, in a fixed order. */
export function derivedTables(db: Db): unknown {
  return {
    cases: db.prepare('SELECT * FROM cases ORDER BY number').all(),
    indicators: db.prepare('SELECT * FROM indicators ORDER BY kind, value, case_id').all(),
    tactics: db.prepare('SELECT * FROM case_tactics ORDER BY tag, case_id').all(),
    search: db.prepare('SELECT rowid, * FROM case_search ORDER BY rowid').all(),
  };
}

/** The entries of a log as they are stored, in their order. */
export function textsOf(db: Db, log: string): string[] {
  return db
    .prepare<[string], { text: string }>('SELECT text FROM events WHERE log = ? ORDER BY seq')
    .all(log)
    .map((row) => row.text);
}

/** The head that a log's stored entries lead to, one hanging on the other; throws where one does not. */
export function verifiedHead(db: Db, log: string): LogHead {
  return verifyChain({ log, seq: 0, hash: genesisHash }, textsOf(db, log)).head;
}
