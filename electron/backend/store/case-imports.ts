import { z } from 'zod';
import { outcomeMeaningSchema } from '../../../shared/case-import/mapping.ts';
import { importRowSchema, refusedRowSchema, type ImportRow } from '../../../shared/contract/imports.ts';
import { intakeSchema } from '../../../shared/contract/views.ts';
import type { Db } from './db.ts';

const json = <T extends z.ZodType>(schema: T) =>
  z.string().transform((text): z.output<T> => schema.parse(JSON.parse(text)));

const states = ['reading', 'staged', 'done', 'undone'] as const;
const importSchema = z.object({
  id: z.string(),
  file: z.string(),
  at: z.string(),
  person: z.string().nullable(),
  state: z.enum(states),
});
/** An import as it is kept; `file` is the name of the file. */
export type CaseImport = z.output<typeof importSchema>;

const outcomeSchema = z.strictObject({ meaning: outcomeMeaningSchema, note: z.string() });
const stagedSchema = z.object({
  line: z.int(),
  identity: z.string(),
  intake: json(intakeSchema),
  outcome: json(outcomeSchema).nullable(),
});
/** A row of a file that is to become a case. */
export type StagedRow = z.output<typeof stagedSchema>;

const refusedSchema = z.object({
  line: z.int(),
  cells: json(refusedRowSchema.shape.cells),
  problems: json(refusedRowSchema.shape.problems),
});
/** A row of a file that becomes no case, with its cells and everything that is wrong with it. */
export type RefusedRow = z.output<typeof refusedSchema>;

/** Begins an import; nothing of it is a case before it is committed. */
export function insertImport(db: Db, { id, file, at, person }: Omit<CaseImport, 'state'>): void {
  db.prepare("INSERT INTO case_imports (id, file, at, person, state) VALUES (?, ?, ?, ?, 'reading')").run(
    id,
    file,
    at,
    person,
  );
}

/** Notes how far an import is. */
export function setImportState(db: Db, id: string, state: CaseImport['state']): void {
  db.prepare('UPDATE case_imports SET state = ? WHERE id = ?').run(state, id);
}

/** An import, or null. */
export function findImport(db: Db, id: string): CaseImport | null {
  return importSchema.nullable().parse(db.prepare('SELECT * FROM case_imports WHERE id = ?').get(id) ?? null);
}

/** Keeps rows that were read. A row of a file that stands in it twice under one reference is kept once; the answer says how many were not. */
export function stageRows(db: Db, id: string, rows: readonly StagedRow[], refused: readonly RefusedRow[]): number {
  const stage = db.prepare(
    'INSERT INTO staged_rows (import, line, identity, intake, outcome) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const refuse = db.prepare('INSERT INTO staged_rows (import, line, cells, problems) VALUES (?, ?, ?, ?)');
  let twice = 0;
  for (const { line, identity, intake, outcome } of rows) {
    const given = outcome === null ? null : JSON.stringify(outcome);
    if (stage.run(id, line, identity, JSON.stringify(intake), given).changes === 0) twice += 1;
  }
  for (const { line, cells, problems } of refused)
    refuse.run(id, line, JSON.stringify(cells), JSON.stringify(problems));
  return twice;
}

const isNew = 'identity IS NOT NULL AND NOT EXISTS (SELECT 1 FROM cases c WHERE c.import_row = s.identity)';

/** Whether a case was made of a row with this identity. */
export function isFromRow(db: Db, id: string, identity: string): boolean {
  return db.prepare('SELECT 1 FROM cases WHERE id = ? AND import_row = ?').get(id, identity) !== undefined;
}

/** Rows that are to become cases, by line, from behind `after` on. */
export function newRows(db: Db, id: string, after: number, limit: number): StagedRow[] {
  return db
    .prepare(`SELECT line, identity, intake, outcome FROM staged_rows s
      WHERE import = ? AND line > ? AND ${isNew} ORDER BY line LIMIT ?`)
    .all(id, after, limit)
    .map((row) => stagedSchema.parse(row));
}

/** Rows that become no cases, by line, from behind `after` on. */
export function refusedRows(db: Db, id: string, after: number, limit: number): RefusedRow[] {
  return db
    .prepare(
      'SELECT line, cells, problems FROM staged_rows WHERE import = ? AND line > ? AND problems IS NOT NULL ORDER BY line LIMIT ?',
    )
    .all(id, after, limit)
    .map((row) => refusedSchema.parse(row));
}

/** How many staged rows are new, known already (from an import before) and refused. */
export function countStaged(db: Db, id: string): { new: number; known: number; refused: number } {
  const row = db
    .prepare(
      `SELECT count(*) FILTER (WHERE ${isNew}) AS new, count(problems) AS refused,
         count(identity) - count(*) FILTER (WHERE ${isNew}) AS known FROM staged_rows s WHERE import = ?`,
    )
    .get(id);
  return z.object({ new: z.int(), known: z.int(), refused: z.int() }).parse(row);
}

/** Forgets what was read of an import; with `whole` the import too. */
export function dropStaged(db: Db, id: string, whole: boolean): void {
  db.prepare('DELETE FROM staged_rows WHERE import = ?').run(id);
  if (whole) db.prepare('DELETE FROM case_imports WHERE id = ?').run(id);
}

/** Forgets imports that nobody decided on: those of a program that ended meanwhile. */
export function dropUndecided(db: Db): void {
  db.exec(`DELETE FROM staged_rows WHERE import IN (SELECT id FROM case_imports WHERE state IN ('reading', 'staged'));
    DELETE FROM case_imports WHERE state IN ('reading', 'staged');`);
}

/** Ids of the cases an import brought that are still there. */
export function casesOfImport(db: Db, id: string): string[] {
  return db
    .prepare<[string], { id: string }>('SELECT id FROM cases WHERE import = ? AND erased = 0 ORDER BY number')
    .all(id)
    .map((row) => row.id);
}

/** References of cases of an import to which somebody added something since: an edit, or an outcome that did not come along. */
export function touchedCases(db: Db, id: string, limit: number): string[] {
  return db
    .prepare<[string, number], { reference: string }>(
      `SELECT c.reference FROM cases c WHERE c.import = ? AND c.erased = 0 AND (
         EXISTS (SELECT 1 FROM events e WHERE e.case_id = c.id AND e.type NOT IN ('case.received', 'case.scored', 'case.outcome'))
         OR (SELECT count(DISTINCT e.id) FROM events e WHERE e.case_id = c.id AND e.type = 'case.outcome') > c.historical
         OR EXISTS (SELECT 1 FROM drafts d WHERE d.subject = c.id))
       ORDER BY c.number LIMIT ?`,
    )
    .all(id, limit)
    .map((row) => row.reference);
}

/** Imports that were decided on, newest first. */
export function decidedImports(db: Db): ImportRow[] {
  return db
    .prepare(
      `SELECT id, file, at, state, (SELECT count(*) FROM cases c WHERE c.import = i.id AND c.erased = 0) AS cases
       FROM case_imports i WHERE state IN ('done', 'undone') ORDER BY at DESC, id DESC`,
    )
    .all()
    .map((row) => importRowSchema.parse(row));
}
