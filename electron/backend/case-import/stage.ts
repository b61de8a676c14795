import { stat } from 'node:fs/promises';
import { nextTurn } from '../../../platform/next-turn.ts';
import type { CsvRecord } from '../../../platform/csv/records.ts';
import { needsOrder, orderShown } from '../../../shared/case-import/dates.ts';
import { guessMapping } from '../../../shared/case-import/guess.ts';
import { knownLayout } from '../../../shared/case-import/layouts.ts';
import type { DateOrder, ImportMapping } from '../../../shared/case-import/mapping.ts';
import type { OpenedFile, StagedImport } from '../../../shared/contract/imports.ts';
import { labelledOutcome } from './outcome.ts';
import { OutpostError } from '../../../shared/errors/index.ts';
import { sentence } from '../../../shared/language/sentence.ts';
import { caseByReference } from '../store/cases.ts';
import type { FeatureSchema } from '../../../shared/encoding/schema.ts';
import { lastDayBegun } from '../../../shared/domain/last-day.ts';
import { newestSchema } from '../cases/schema.ts';
import type { Session } from '../session/context.ts';
import {
  countStaged,
  isFromRow,
  newRows,
  refusedRows,
  stageRows,
  type RefusedRow,
  type StagedRow,
} from '../store/case-imports.ts';
import { dialectOf, recordsOf, type Dialect } from './open-file.ts';
import { RowReader } from './read-row.ts';

/** Rows shown before anything is decided. */
const previewRows = 20;

/** A file to read, and how: null finds the mapping by its headers. */
interface ImportFile {
  readonly path: string;
  readonly mapping: ImportMapping | null;
}

/** Rows read so far, and the share of the file they are. */
type Progress = (rows: number, share: number) => void;

interface Watch {
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly signal: AbortSignal | undefined;
  readonly progress: Progress;
}

function stopWhenCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new OutpostError('CANCELLED', sentence('case_import.cancelled'));
}

async function* rowsOf(
  path: string,
  dialect: Dialect,
  signal: AbortSignal | undefined,
  onBytes?: (bytes: number) => void,
): AsyncGenerator<CsvRecord[]> {
  let first = true;
  for await (const records of recordsOf(path, dialect, onBytes)) {
    yield first ? records.slice(1) : records;
    first = false;
    stopWhenCancelled(signal);
    await nextTurn();
  }
}

/** The order of a column of dates, as all of them together show it. BAD_INPUT when they contradict each other. */
async function dateOrder(path: string, dialect: Dialect, column: number, watch: Watch): Promise<DateOrder | null> {
  let [order, unclear]: [DateOrder | null, boolean] = [null, false];
  for await (const records of rowsOf(path, dialect, watch.signal)) {
    for (const { cells, line } of records) {
      const shown = orderShown(cells[column] ?? '');
      unclear ||= needsOrder(cells[column] ?? '');
      if (shown === null) continue;
      if (order !== null && shown !== order)
        throw new OutpostError('BAD_INPUT', sentence('case_import.mixed_dates', { line }));
      order = shown;
    }
  }
  if (order === null && unclear)
    throw new OutpostError('BAD_INPUT', sentence('case_import.date_order', { column: dialect.header[column] ?? '' }));
  return order;
}

async function readerOf(session: Session, path: string, { mapping, ...dialect }: OpenedFile, watch: Watch) {
  const described = newestSchema(session);
  const { header } = dialect;
  const date = header.findIndex((text) => mapping.columns[text]?.to === 'received');
  const target = mapping.columns[header[date] ?? ''];
  const settled = date === -1 || (target?.to === 'received' && target.order !== undefined);
  const order = settled ? null : await dateOrder(path, dialect, date, watch);
  return new RowReader(described, mapping, header, { order, latest: lastDayBegun(watch.now) });
}

/** Why a row cannot become a case beside the cases there are: its reference is another one's. */
function takenReference(
  session: Session,
  { intake, identity }: Pick<StagedRow, 'intake' | 'identity'>,
): RefusedRow['problems'] {
  const reference = intake.reference.trim();
  const other = reference === '' ? null : caseByReference(session.db, reference);
  if (other === null || isFromRow(session.db, other, identity)) return [];
  return [{ column: null, why: sentence('cases.reference_taken', { reference }) }];
}

/** Rows that may become cases, and those that may not. */
function sortRows(
  session: Session,
  reader: RowReader,
  records: readonly CsvRecord[],
): { rows: StagedRow[]; refused: RefusedRow[] } {
  const [rows, refused]: [StagedRow[], RefusedRow[]] = [[], []];
  for (const { cells, line } of records) {
    const read = reader.read(cells);
    const problems = 'row' in read ? takenReference(session, read.row) : read.problems;
    if ('row' in read && problems.length === 0) rows.push({ line, ...read.row });
    else refused.push({ line, cells: [...cells], problems: [...problems] });
  }
  return { rows, refused };
}

/** Reads all rows of a file into the staging tables; answers how many there were and how many stood there twice. */
async function readAll(
  session: Session,
  id: string,
  path: string,
  dialect: Dialect,
  reader: RowReader,
  { signal, progress }: Watch,
): Promise<{ rows: number; twice: number }> {
  const { size } = await stat(path);
  let [rows, twice, bytes] = [0, 0, 0];
  const onBytes = (read: number): void => void (bytes += read);
  for await (const records of rowsOf(path, dialect, signal, onBytes)) {
    const read = sortRows(session, reader, records);
    twice += session.db.transaction(() => stageRows(session.db, id, read.rows, read.refused)).immediate();
    rows += records.length;
    progress(rows, size === 0 ? 1 : Math.min(1, bytes / size));
  }
  return { rows, twice };
}

function previewOf(session: Session, id: string): StagedImport['preview'] {
  return newRows(session.db, id, 0, previewRows).map(({ line, intake, outcome }) => ({
    line,
    received: intake.received,
    reference: intake.reference,
    resident: intake.resident,
    place: intake.place,
    indicators: intake.indicators.map(({ value }) => value),
    tactics: intake.tactics,
    answers: Object.values(intake.attributes).filter((value) => value !== null).length,
    narrative: intake.narrative.slice(0, 200),
    outcome: outcome === null ? null : labelledOutcome(outcome.meaning).outcome,
  }));
}

/** The mapping of a public layout, without answers to questions that the form of today does not ask. */
function knownMapping(mapping: ImportMapping | undefined, schema: FeatureSchema): ImportMapping | null {
  if (mapping === undefined) return null;
  const asked = new Set(schema.attributes.map(({ name }) => name));
  return {
    ...mapping,
    constants: Object.fromEntries(Object.entries(mapping.constants).filter(([name]) => asked.has(name))),
  };
}

/** How a file is written, and how its columns are taken. BAD_CSV for what is no CSV. */
export async function openFile(session: Session, file: ImportFile): Promise<OpenedFile> {
  const dialect = await dialectOf(file.path);
  const known = knownLayout(dialect.header);
  const { schema } = newestSchema(session);
  const mapping = file.mapping ?? knownMapping(known?.mapping, schema) ?? guessMapping(schema, dialect.header);
  return {
    encoding: dialect.encoding,
    separator: dialect.separator,
    layout: file.mapping === null ? (known?.name ?? null) : null,
    header: [...dialect.header],
    mapping,
    ignored: dialect.header.filter((text) => (mapping.columns[text]?.to ?? 'ignore') === 'ignore'),
  };
}

/**
 * Reads an opened file and checks every row as the intake form would; nothing of it is a case yet. `id` is an import that was
 * begun. BAD_CSV for what is no CSV, BAD_INPUT for a mapping that does not fit it, CANCELLED when the signal fires.
 */
export async function stageFile(
  session: Session,
  id: string,
  path: string,
  opened: OpenedFile,
  watch: Watch,
): Promise<StagedImport> {
  const reader = await readerOf(session, path, opened, watch);
  const { rows, twice } = await readAll(session, id, path, opened, reader, watch);
  const counts = countStaged(session.db, id);
  return {
    ...opened,
    id,
    rows,
    ...counts,
    known: counts.known + twice,
    preview: previewOf(session, id),
    problems: refusedRows(session.db, id, 0, previewRows).map(({ line, problems }) => ({ line, problems })),
  };
}
