import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { migrations } from '../../../../../electron/backend/migrations/index.ts';
import { openDatabase } from '../../../../../electron/backend/store/database.ts';
import { deleteDraftsAbout, readDraft, writeDraft } from '../../../../../electron/backend/store/drafts.ts';
import { readQueue } from '../../../../../electron/backend/store/queue.ts';
import { deleteModel, insertModel } from '../../../../../electron/backend/store/models.ts';
import { schemasOf } from '../../../../../electron/backend/store/schemas.ts';
import { versionOf, type Migration } from '../../../../../electron/backend/store/migrate.ts';
import { complaintsSchema } from '../../../../../shared/encoding/complaints.ts';
import { schemaHash } from '../../../../../shared/encoding/schema-identity.ts';
import { toyModel } from '../../../../support/models.ts';
import { saying } from '../../../../support/saying.ts';

const key = new Uint8Array(32).fill(7);

describe('the encrypted database', () => {
  let folder = '';
  const file = (): string => join(folder, 'test.db');
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'outpost-db-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('a new database gets every migration, in order and without gaps', () => {
    expect(migrations.map((migration) => migration.version)).toEqual(migrations.map((_, index) => index + 1));
    const db = openDatabase(file(), key, migrations);
    expect(versionOf(db)).toBe(migrations.length);
    expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
    expect(db.pragma('synchronous', { simple: true })).toBe(2);
    expect(db.pragma('foreign_keys', { simple: true })).toBe(1);
    db.close();
  });

  test('schemas of the models that were here before are known by their hashes', () => {
    const old = openDatabase(file(), key, migrations.slice(0, 9));
    const { bytes, manifest } = toyModel();
    const record = { id: manifest.model.id, manifest_sha256: 'm', bytes, source: 'courier' } as const;
    insertModel(old, { ...record, manifest: Buffer.from(JSON.stringify(manifest)) }, '2026-01-01T00:00:00.000Z');
    old.close();
    const db = openDatabase(file(), key, migrations);
    deleteModel(db, manifest.model.id);
    const byHash = schemasOf(db);
    expect(byHash(schemaHash(manifest.schema))).toEqual(manifest.schema);
    expect(byHash(schemaHash(complaintsSchema))).toEqual(complaintsSchema);
    expect(byHash('f'.repeat(64))).toBe(null);
    db.close();
  });

  test('rows written under the first shape are all there after the later migrations', () => {
    const old = openDatabase(file(), key, migrations.slice(0, 1));
    old.prepare("INSERT INTO people (id, name, added_at) VALUES ('p', 'Asha Rao', '2026-01-01T00:00:00.000Z')").run();
    old.prepare("INSERT INTO logs (id, ordinal, public_key) VALUES ('l', 1, 'k')").run();
    old
      .prepare(
        "INSERT INTO events (log, seq, id, type, case_id, text, hash) VALUES ('l', 1, 'e', 'case.received', 'c', '{}', 'h')",
      )
      .run();
    old
      .prepare(
        "INSERT INTO case_search (rowid, reference, resident, place, narrative, tactics) VALUES (1, 'R-1', 'x', 'y', 'words of it', '')",
      )
      .run();
    const searched = 'case_search';
    const tables = ['people', 'logs', 'events', searched];
    const columns = (table: string): string =>
      table === searched ? 'rowid, reference, resident, place, narrative, tactics' : '*';
    const rows = (db: typeof old, table: string): unknown[] =>
      db.prepare(`SELECT ${columns(table)} FROM ${table}`).all();
    const before = tables.map((table) => rows(old, table));
    old.close();
    const now = openDatabase(file(), key, migrations);
    expect(tables.map((table) => rows(now, table))).toEqual(before);
    expect(now.prepare('SELECT count(*) AS n FROM models').get()).toEqual({ n: 0 });
    expect(now.prepare("SELECT rowid FROM case_search WHERE case_search MATCH 'words'").all()).toHaveLength(1);
    now.close();
  });

  test('cases taken in before the queue had an index stand where they would be put today', () => {
    const old = openDatabase(file(), key, migrations.slice(0, 4));
    const insert = old.prepare(
      `INSERT INTO cases (id, reference, reference_key, resident, place, received, taken_in_at, urgent, facts, intake_facts,
         current_event, score, outcome, outcome_at) VALUES (?, ?, '', '', '', ?, '2026-10-01T10:00:00.000Z', ?, '{}', '{}', 'e', ?, ?, ?)`,
    );
    insert.run('a', 'low', '2026-10-04', 0, 0.2, null, null);
    insert.run('b', 'high', '2026-10-04', 0, 0.9, null, null);
    insert.run('c', 'urgent', '2026-10-04', 1, 0.1, null, null);
    insert.run('d', 'unseen', '2026-09-01', 0, 0.1, null, null);
    insert.run('e', 'done', '2026-09-01', 0, 0.1, 'inconclusive', '2026-10-02T10:00:00.000Z');
    old.close();
    const now = openDatabase(file(), key, migrations);
    const query = {
      search: '',
      limit: 10,
      offset: 0,
      person: null,
      today: '2026-10-05',
      unseenDays: 8,
      baseRate: 0.75,
    };
    const shown = (show: 'open' | 'done'): string[] =>
      readQueue(now, { ...query, show }, { id: 'l', receipted: 0 }).rows.map(({ reference }) => reference);
    expect(shown('open')).toEqual(['urgent', 'unseen', 'high', 'low']);
    expect(shown('done')).toEqual(['done']);
    now.close();
  });

  test('drafts come to a database with cases in it without touching them, and can be kept there', () => {
    const old = openDatabase(file(), key, migrations.slice(0, 5));
    old
      .prepare(
        `INSERT INTO cases (id, reference, reference_key, resident, place, received, taken_in_at, urgent, facts, intake_facts, current_event)
         VALUES ('a', 'R-1', 'r-1', 'Meera Iyer', 'Hillview', '2026-10-04', '2026-10-04T10:00:00.000Z', 0, '{}', '{}', 'e')`,
      )
      .run();
    const shape = 'SELECT id, reference, resident, place, received, current_event FROM cases';
    const rows = old.prepare(shape).all();
    old.close();
    const now = openDatabase(file(), key, migrations);
    expect(now.prepare(shape).all()).toEqual(rows);
    const place = { person: null, form: 'edit_case', subject: 'a' } as const;
    expect(readDraft(now, place)).toBeNull();
    const draft = { base: null, schema: 'a'.repeat(64), content: { note: 'x' }, savedAt: '2026-10-05T10:00:00.000Z' };
    writeDraft(now, place, draft);
    writeDraft(now, place, { ...draft, content: { note: 'xy' } });
    expect(readDraft(now, place)).toEqual({ ...draft, content: { note: 'xy' } });
    expect(readDraft(now, { ...place, form: 'outcome' })).toBeNull();
    deleteDraftsAbout(now, 'a');
    expect(readDraft(now, place)).toBeNull();
    now.close();
  });

  test('a database written by a newer program is refused and left as it is', () => {
    const future: Migration = {
      version: migrations.length + 1,
      name: 'future',
      up: (db) => void db.exec('CREATE TABLE future (x)'),
    };
    openDatabase(file(), key, [...migrations, future]).close();
    const before = readFileSync(file());
    expect(() => openDatabase(file(), key, migrations)).toThrow(expect.objectContaining({ code: 'NEWER_DATABASE' }));
    expect(readFileSync(file()).equals(before)).toBe(true);
  });

  test('a migration that fails leaves the version and shape before it', () => {
    openDatabase(file(), key, migrations).close();
    const broken: Migration = {
      version: migrations.length + 1,
      name: 'broken',
      up: (db) => {
        db.exec('CREATE TABLE half (x)');
        throw new Error('power went out');
      },
    };
    expect(() => openDatabase(file(), key, [...migrations, broken])).toThrow(saying('power went out'));
    const db = openDatabase(file(), key, migrations);
    expect(versionOf(db)).toBe(migrations.length);
    expect(db.prepare("SELECT count(*) AS n FROM sqlite_master WHERE name = 'half'").get()).toEqual({ n: 0 });
    db.close();
  });

  test('another key opens nothing and changes nothing', () => {
    openDatabase(file(), key, migrations).close();
    const before = readFileSync(file());
    expect(() => openDatabase(file(), new Uint8Array(32).fill(8), migrations)).toThrow(
      expect.objectContaining({ code: 'BAD_DATABASE' }),
    );
    expect(readFileSync(file()).equals(before)).toBe(true);
  });
});
