import type { DescribedSchema } from '../../../shared/encoding/schema-texts.ts';
import { isOutpostError, OutpostError } from '../../../shared/errors/index.ts';
import { listed, sentence } from '../../../shared/language/sentence.ts';
import { appendOutcome, saveCase } from '../cases/save.ts';
import { newestSchema } from '../cases/schema.ts';
import type { BackendOptions, Session } from '../session/context.ts';
import { getCase } from '../store/cases.ts';
import {
  casesOfImport,
  dropStaged,
  findImport,
  newRows,
  setImportState,
  touchedCases,
  type CaseImport,
  type StagedRow,
} from '../store/case-imports.ts';
import { labelledOutcome } from './outcome.ts';

const rowsAtATime = 500;
/** References named when an import cannot be undone. */
const mostNamed = 5;

function requireImport(session: Session, id: string, state: CaseImport['state']): CaseImport {
  const found = findImport(session.db, id);
  if (found === null) throw new OutpostError('NOT_FOUND', sentence('case_import.no_such_import'));
  if (found.state !== state)
    throw new OutpostError('CONFLICT', sentence('case_import.other_state', { state: found.state }));
  return found;
}

type Options = Pick<BackendOptions, 'clock' | 'random'>;

function saveRow(session: Session, options: Options, form: DescribedSchema, id: string, row: StagedRow): void {
  const { intake, outcome, identity, line } = row;
  const imported = { id, row: identity };
  try {
    const saved = saveCase(session, options, form, intake, { imported, historical: outcome !== null });
    if (outcome === null) return;
    const found = { ...labelledOutcome(outcome.meaning), note: outcome.note };
    appendOutcome(session, getCase(session.db, saved.id), found);
  } catch (error) {
    if (!isOutpostError(error)) throw error;
    throw new OutpostError(error.code, sentence('case_import.row_not_saved', { line, why: error.sentence }), {
      cause: error,
      data: error.data,
    });
  }
}

/** Makes the staged rows cases: all of them in one transaction, or none. Answers how many. */
export function commitImport(session: Session, options: Options, id: string): number {
  requireImport(session, id, 'staged');
  return session.db
    .transaction(() => {
      const form = newestSchema(session);
      let [count, after] = [0, 0];
      for (;;) {
        const rows = newRows(session.db, id, after, rowsAtATime);
        const last = rows.at(-1);
        if (last === undefined) break;
        for (const row of rows) saveRow(session, options, form, id, row);
        count += rows.length;
        after = last.line;
      }
      dropStaged(session.db, id, false);
      setImportState(session.db, id, 'done');
      return count;
    })
    .immediate();
}

/** Forgets what was read of a file that is not taken in. */
export function discardImport(session: Session, id: string): void {
  requireImport(session, id, 'staged');
  dropStaged(session.db, id, true);
}

/** Takes every case of an import back. CONFLICT, naming cases, when something was added to one of them since. */
export function undoImport(session: Session, id: string): number {
  requireImport(session, id, 'done');
  const cases = session.db
    .transaction(() => {
      const touched = touchedCases(session.db, id, mostNamed);
      if (touched.length > 0)
        throw new OutpostError('CONFLICT', sentence('case_import.cases_changed', { references: listed(touched) }), {
          data: { references: touched },
        });
      const ids = casesOfImport(session.db, id);
      for (const one of ids) session.log().append({ type: 'case.withdrawn', public: { case: one, import: id } });
      setImportState(session.db, id, 'undone');
      return ids.length;
    })
    .immediate();
  // What was taken back must not live on in the write-ahead file either.
  session.db.pragma('wal_checkpoint(TRUNCATE)');
  return cases;
}
