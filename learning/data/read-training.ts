import { basename } from 'node:path';
import { csvReader, type CsvProblem, type CsvReader } from '../../shared/encoding/csv-facts.ts';
import { numberIn, type DecimalSign } from '../../shared/encoding/csv-numbers.ts';
import { headersOfFile } from '../../shared/encoding/headers-of-file.ts';
import { showingRows, watchDecimals } from '../../shared/encoding/decimal-columns.ts';
import { isNamedForPerson } from '../../shared/domain/personal-names.ts';
import { complaintsSchema } from '../../shared/encoding/complaints.ts';
import type { FeatureSchema } from '../../shared/encoding/schema.ts';
import type { DescribedSchema } from '../../shared/encoding/schema-texts.ts';
import { memoized } from '../../shared/encoding/memoize.ts';
import { readAsUnknown, missingOf } from '../../shared/encoding/unknown-spellings.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { datasetBuilder, type Dataset, type DatasetBuilder, type LabelledRow } from '../dataset/dataset.ts';
import { countSimulated } from './simulated-references.ts';
import { watchColumn, type ColumnWatcher } from '../schema/columns.ts';
import {
  csvRows,
  eachCsvRow,
  findSeparator,
  shownHeaders,
  type CsvRow,
  type FoundSeparator,
  type ReadingWatch,
} from './csv-rows.ts';
import { inferSchema, type ColumnReport } from '../schema/infer.ts';
import { watchUnreadNumbers } from './unread-numbers.ts';
import { watchIgnored } from './ignored.ts';
import { dayIn, watchDateOrder } from '../schema/dates.ts';
import { labelReader, type LabelNames, type LabelReader } from './labels.ts';
import { headOf, layoutOf, type CellReaders, type Layout, type TrainingColumns } from './layout.ts';
import { collectRejections, isReason, type Rejections } from './rejections.ts';
import { duplicateOfIncident, firstRows, type FirstRows } from './duplicates.ts';
import { requireBothLabels, requireUsable } from './usable-rows.ts';
import { sentence, type Sentence } from '../../shared/language/sentence.ts';

export type { TrainingColumns } from './layout.ts';

/** Labelled rows of a file, with what became of its columns and which rows were left out. */
export interface TrainingFile {
  readonly dataset: Dataset;
  readonly columns: readonly ColumnReport[];
  /** Columns nothing was done with. */
  readonly unmapped: readonly string[];
  readonly rejected: Rejections;
  readonly unlabelled: number;
  readonly time: string | null;
  /** What is to be said of how signs, dates and labels were read. */
  readonly notes: readonly Sentence[];
  /** Usable rows whose reference is the simulator's: they are invented. */
  readonly simulated: number;
}

interface FirstPass {
  readonly separated: FoundSeparator;
  readonly layout: Layout;
  readonly readers: CellReaders;
  readonly labels: LabelReader;
  readonly notes: readonly Sentence[];
  readonly watch: ReadingWatch | undefined;
  /** Attributes whose dots stand before decimals; null: those of all columns, which are looked through. */
  readonly decimals: ReadonlySet<string> | null;
  readonly watchers: readonly { readonly at: number; readonly watcher: ColumnWatcher }[];
  /** Incidents that come more than once. */
  readonly repeated: ReadonlySet<string>;
}

function watchersOf(
  { header, own, given }: Layout,
  columns: TrainingColumns,
): { at: number; watcher: ColumnWatcher }[] {
  if (given !== null) return [];
  const missing = missingOf(columns.missing ?? []);
  return header.flatMap((name, at) =>
    own.includes(name) ? [] : [{ at, watcher: watchColumn(name, missing, columns.decimal) }],
  );
}

/** Attributes of a file whose dots stand before decimals, as its first rows show. */
async function decimalsOf(file: string, separator: string, { header }: Layout, schema: FeatureSchema) {
  const watcher = watchDecimals(schema, header);
  const rows = csvRows(file, separator);
  await rows.next();
  for await (const { cells } of rows) if (!watcher.see(cells)) break;
  return watcher.found();
}

async function headerOf(file: string, separator: string): Promise<readonly string[]> {
  const rows = csvRows(file, separator);
  const { cells } = (await rows.next()).value!;
  await rows.return(undefined);
  return cells;
}

/** How the dates of a file are read, with a note where that had to be found out. Throws as `watchDateOrder`. */
async function dayReader(file: string, separator: string, { at, time }: Layout, watch?: ReadingWatch) {
  if (time === null) return { day: dayIn, notes: [] };
  const watcher = watchDateOrder(time);
  let count = 0;
  for await (const { cells } of csvRows(file, separator, watch)) {
    if (count > 0) watcher.see(cells[at.time] ?? '');
    count += 1;
    if (count > showingRows && !watcher.matters()) break;
  }
  const found = watcher.found();
  return { day: (cell: string) => dayIn(cell, found?.order), notes: found === null ? [] : [found.note] };
}

async function lookThrough(file: string, columns: TrainingColumns, watch?: ReadingWatch): Promise<FirstPass> {
  const separated = await findSeparator(file, columns.separator);
  const layout = layoutOf(file, await headerOf(file, separated.separator), columns);
  const labels = labelReader(columns);
  const { day, notes } = await dayReader(file, separated.separator, layout, watch);
  const dayOf = memoized(day);
  const readers = {
    label: labels.read,
    day: (cell: string) => dayOf(cell, undefined),
    number: (cell: string) => numberIn(cell, columns.decimal),
  };
  const decimals =
    layout.given === null ? null : await decimalsOf(file, separated.separator, layout, layout.given.schema);
  const watchers = watchersOf(layout, columns);
  const [once, repeated] = [new Set<string>(), new Set<string>()];
  const noTwins = columns.keepTwins || layout.at.incident === -1;
  if (layout.given !== null && noTwins) {
    // The schema is known and all rows stay: there is nothing to look for.
    return { separated, layout, watchers, repeated, readers, labels, notes, watch, decimals };
  }
  const rejections = collectRejections();
  let [usable, unlabelled] = [0, 0];
  await eachCsvRow(file, separated.separator, watch, (row) => {
    const head = headOf(row, layout, readers);
    if (head === null) unlabelled += 1;
    if (isReason(head)) rejections.add(row.line, head);
    if (head === null || isReason(head)) return;
    usable += 1;
    for (const { at, watcher } of watchers) watcher.see(row.cells[at]!, head.label, row.line);
    if (noTwins || !head.incident) return;
    if (once.has(head.incident)) repeated.add(head.incident);
    else once.add(head.incident);
  });
  requireUsable(file, usable, unlabelled, rejections.all());
  return { separated, layout, watchers, repeated, readers, labels, notes, watch, decimals };
}

function schemaOf(file: string, { layout, watchers }: FirstPass, { schema }: TrainingColumns) {
  if (layout.given !== null) return { ...layout.given, columns: [] };
  const called = basename(file).replace(/\.(?:csv|gz)/g, '');
  const name = called === '' || isNamedForPerson(called) ? 'cases' : called.slice(0, 55);
  // Only the schema of complaints is called so: its attributes have words of their own.
  const id = name === complaintsSchema.id ? `${name}_file` : name;
  const facts = watchers.map(({ watcher }) => watcher.facts());
  return inferSchema(id, facts, schema?.kind === 'kinds' ? schema.kinds : undefined);
}

function requireMapped(
  file: string,
  { schema, texts }: DescribedSchema,
  { header }: Layout,
  { mapped }: CsvReader,
): void {
  if (mapped.size > 0) return;
  const wanted = shownHeaders(schema.attributes.map((a) => headersOfFile(texts)(a.name)));
  const columns = shownHeaders(header);
  const what = { file: basename(file), id: schema.id, wanted, columns };
  throw new OutpostError('BAD_CSV', sentence('data.no_schema_column', what));
}

/** How the attributes of a file are read. Throws BAD_CSV when it has none. */
function readerOf(file: string, pass: FirstPass, columns: TrainingColumns) {
  const { layout } = pass;
  const inferred = schemaOf(file, pass, columns);
  const leftOut = inferred.columns.filter((c) => c.kind === 'ignore').map((c) => c.header);
  const reader = csvReader(inferred.schema, layout.header, [...layout.own, ...leftOut], {
    texts: inferred.texts,
    missing: missingOf(columns.missing ?? []),
    decimal: columns.decimal,
    decimals: pass.decimals ?? new Set(inferred.schema.attributes.map((a) => a.name)),
  });
  requireMapped(file, inferred, layout, reader);
  return { inferred, reader };
}

/** What came of reading a file, beside its rows. */
export type ReadFile = Omit<TrainingFile, 'dataset' | 'simulated'> & DescribedSchema;

/** Which columns are read beside the attributes of a schema that is known. */
export interface LabelledColumns extends LabelNames {
  readonly label: string;
  /** Column with the received date; null: as `readTraining` has it. */
  readonly time?: string | null | undefined;
  /** Column with the number of cases a row stands for; without it each stands for one. */
  readonly weight?: string | null | undefined;
  readonly group?: string | null | undefined;
  /** Sign between the cells; without it, as the first line shows. */
  readonly separator?: string | undefined;
  /** The sign before the decimals of its numbers; a point unless said otherwise. */
  readonly decimal?: DecimalSign | undefined;
  /** Further spellings of unknown. */
  readonly missing?: readonly string[] | undefined;
}

/** Takes one row, with the line it ends on and its cells as they stand. */
export type AddRow = (row: LabelledRow, line: number, cells: readonly string[]) => void;

/** A row as it is learned from, or why it is left out; null when it has no label. */
function readRow(
  reader: CsvReader,
  row: CsvRow,
  { layout, readers }: FirstPass,
  unread?: (problem: CsvProblem, cells: readonly string[]) => void,
): LabelledRow | Sentence | null {
  const head = headOf(row, layout, readers);
  if (head === null || isReason(head)) return head;
  const { facts, problems } = reader.read(row.cells);
  const problem = problems.find((p) => p.asOther !== true);
  if (problem === undefined) return { facts, ...head };
  unread?.(problem, row.cells);
  return problem.why;
}

/** Tells of the rows of a file whether they are further cases of an incident. */
async function duplicatesIn(file: string, pass: FirstPass, reader: CsvReader): Promise<FirstRows['isDuplicate']> {
  const { layout, repeated } = pass;
  const first = firstRows();
  if (repeated.size === 0) return first.isDuplicate;
  await eachCsvRow(file, pass.separated.separator, pass.watch, (row) => {
    if (!repeated.has(row.cells[layout.at.incident]?.trim() ?? '')) return;
    const read = readRow(reader, row, pass);
    if (read !== null && !isReason(read)) first.see(read, row.line);
  });
  return first.isDuplicate;
}

/** What is said of a column of groups. */
function groupNotes({ group = null }: TrainingColumns, { header, ignored }: Layout): Sentence[] {
  if (group === null) return [];
  const instead = group !== 'scammer' && header.includes('scammer') && !ignored.includes('scammer');
  return [sentence('data.group_together', { group }), ...(instead ? [sentence('data.scammer_not_used')] : [])];
}

/** Texts that were taken for unknown in columns whose kind was found out, the most frequent first. */
function unknownNotes(watchers: FirstPass['watchers']): Sentence[] {
  const cells = new Map<string, number>();
  for (const { watcher } of watchers)
    for (const [text, n] of watcher.facts().unknown) cells.set(text, (cells.get(text) ?? 0) + n);
  const most = [...cells].toSorted((a, b) => b[1] - a[1]);
  return readAsUnknown(most.map(([text, n]) => sentence('data.unknown_spelling', { text, n })));
}

/** What is to be said of how signs, dates, labels and groups were read. */
function notesOf({ separated, notes, labels, layout, watchers }: FirstPass, columns: TrainingColumns): Sentence[] {
  const signs = separated.note === null ? [] : [separated.note];
  return [...signs, ...notes, ...labels.notes(), ...unknownNotes(watchers), ...groupNotes(columns, layout)];
}

async function readRows(
  file: string,
  columns: TrainingColumns,
  watch: ReadingWatch | undefined,
  start: (schema: DescribedSchema, header: readonly string[]) => AddRow,
): Promise<ReadFile> {
  const seen = await lookThrough(file, columns, watch);
  const { layout } = seen;
  const { inferred, reader } = readerOf(file, seen, columns);
  const isDuplicate = await duplicatesIn(file, seen, reader);
  // Labels are counted anew: what is said of them is about the rows as they are taken in, each once.
  const labels = labelReader(columns);
  const pass = { ...seen, labels, readers: { ...seen.readers, label: labels.read } };
  const add = start(inferred, layout.header);
  const rejections = collectRejections();
  const ignored = watchIgnored(layout.header, layout.ignored);
  const unread = watchUnreadNumbers(layout.header, reader);
  let [rows, unlabelled] = [0, 0];
  await eachCsvRow(file, pass.separated.separator, watch, (row) => {
    const read = readRow(reader, row, pass, unread.see);
    const why = isReason(read) ? read : read !== null && isDuplicate(read, row.line) ? duplicateOfIncident : null;
    if (why !== null) rejections.add(row.line, why);
    else if (read === null) unlabelled += 1;
    else if (!isReason(read)) {
      add(read, row.line, row.cells);
      ignored.see(row.cells);
      rows += 1;
    }
  });
  const rejected = rejections.all();
  requireUsable(file, rows, unlabelled, rejected, unread.notes());
  return {
    ...inferred,
    unmapped: reader.unmapped,
    rejected,
    unlabelled,
    time: layout.time,
    notes: [...notesOf(pass, columns), ...ignored.notes(), ...unread.notes()],
  };
}

/**
 * Reads labelled rows from a CSV file (or `.csv.gz`), twice: once to see its columns, once to take them in. A row that
 * cannot be read is left out with its reason, never silently; of the cases of one incident that can be read the first
 * received is kept (of several that day, whichever their contents name), which takes a third reading of the file.
 * Throws BAD_CSV when the file is no CSV, a column is missing or named twice, or most rows cannot be used; BAD_INPUT when
 * the rows left have one label only.
 */
export async function readTraining(
  file: string,
  columns: TrainingColumns,
  watch?: ReadingWatch,
): Promise<TrainingFile> {
  const started: { builder: DatasetBuilder; simulated: ReturnType<typeof countSimulated> }[] = [];
  const read = await readRows(file, columns, watch, (schema, header) => {
    const [builder, simulated] = [datasetBuilder(schema.schema, schema.texts), countSimulated(header)];
    started.push({ builder, simulated });
    return simulated.passOn(builder.add);
  });
  const dataset = started[0]!.builder.build();
  requireBothLabels(file, dataset, read.rejected);
  return { ...read, dataset, simulated: started[0]!.simulated.count() };
}

/**
 * Hands over the labelled rows of a file one by one, in its order, read under a schema that is known: what a model is
 * judged on. `start` is given the header and answers what takes the rows. All cases of an incident are kept. Throws as
 * `readTraining` does.
 */
export async function eachLabelledRow(
  file: string,
  schema: DescribedSchema,
  columns: LabelledColumns,
  start: (header: readonly string[]) => AddRow,
  watch?: ReadingWatch,
): Promise<ReadFile> {
  const how: TrainingColumns = {
    ...columns,
    time: columns.time ?? null,
    ignore: [],
    schema: { kind: 'schema', ...schema },
    keepTwins: true,
  };
  return readRows(file, how, watch, (_schema, header) => start(header));
}
