import type { Db } from '../store/db.ts';

/**
 * Sentences are kept as codes with arguments. What was kept in English before is shown as quoted where it reports what
 * happened; reasons are worked out again, and the last problem of sync, or with a release, comes again if it still stands.
 */
export const migration = {
  version: 9,
  name: 'sentences',
  up(db: Db): void {
    db.exec(`
UPDATE sync_history
  SET sentence = json_object('code', 'stored.quoted', 'args', json_object('text', sentence));
DELETE FROM explanations;
DELETE FROM key_values WHERE key IN ('sync.lastProblem', 'sync.refusedRelease');`);
  },
};
