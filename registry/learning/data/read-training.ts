import { basename } from 'node:path';
import { complaintsSchema } from '../../../shared/encoding/complaints.ts';
import { attributeNameOf, csvReader, numberIn, type CsvReader } from '../../../shared/encoding/csv-facts.ts';
import { counted } from '../../../shared/encoding/phrases.ts';
import type { FeatureSchema } from '../../../shared/encoding/schema.ts';
import { OutpostError } from '../../../shared/errors/index.ts';
import { dateSchema } from '../../../shared/log/event.ts';
import { datasetBuilder, type Dataset, type DatasetBuilder, type LabelledRow } from '../dataset.ts';
import { countSimulated } from '../simulate/references.ts';
import { watchColumn, type ColumnWatcher } from './columns.ts';
import { csvRows, findSeparator, shownHeaders, type CsvRow, type FoundSeparator } from './csv-rows.ts';
import { inferSchema, requireDistinctNames, type ColumnReport } from './infer.ts';
import { labelIn } from './labels.ts';
import { collectRejections, undrawn, type Rejections } from './rejections.ts';
import type { SchemaFile } from './schema-file.ts';
import { firstRows, twin, type FirstRows } from './twins.ts';

/** Which columns hold what is no attribute, and how the rest is understood. */
export interface TrainingColumns {
  readonly label: string;
  /** Column with the received date; null: `received` for a file of complaints, else the rows carry no time. */
  readonly time: string | null;
  /** Column with the number of cases each row stands for; without it each stands for one. */
  readonly weight?: string | null | undefined;
  /** Columns to leave out, by header or by the attribute name it gives. */
  readonly ignore: readonly string[];
  /** Null: kinds are inferred. */
  readonly schema: SchemaFile | null;
  /** Keeps all cases of an incident; otherwise the one received first. */
  readonly keepTwins: boolean;
  /** Sign between the cells; without it, as the first line shows. */
  readonly separator?: string | undefined;
}

/** Labelled rows of a file, with what became of its columns and which rows were left out. */
export interface TrainingFile {
  readonly dataset: Dataset;
  readonly columns: readonly ColumnReport[];
  /** Columns nothing was done with. */
  readonly unmapped: readonly string[];
  readonly rejected: Rejections;
  readonly unlabelled: number;
  readonly time: string | null;
  /** What is to be said about the sign between the cells. */
  readonly separatorNote: string | null;
  /** Usable rows whose reference is the simulator's: they are invented. */
  readonly simulated: number;
}

/** Columns of a file of complaints that say who and where, and are never read as attributes. */
const complaintColumns = ['reference', 'office'];

/** Where what is no attribute stands in a row; -1: nowhere. */
interface Places {
  readonly label: number;
  readonly time: number;
  readonly weight: number;
  readonly incident: number;
  readonly scammer: number;
}

interface Layout {
  readonly header: readonly string[];
  readonly at: Places;
  readonly time: string | null;
  /** Headers that are no attributes. */
  readonly own: readonly string[];
  /** The schema when it need not be inferred. */
  readonly given: FeatureSchema | null;
}

/** A file whose columns are mostly those of the complaints schema is one of complaints. */
function isOfComplaints(header: readonly string[]): boolean {
  const names = complaintsSchema.attributes.filter((a) => a.shareable).map((a) => a.name);
  return names.filter((name) => header.includes(name)).length >= names.length / 2;
}

function requireColumn(file: string, header: readonly string[], name: string): void {
  if (header.includes(name)) return;
  throw new OutpostError('BAD_CSV', `${basename(file)} has no column ${name}; it has ${shownHeaders(header)}.`);
}

function layoutOf(file: string, header: readonly string[], columns: TrainingColumns): Layout {
  const ignore = columns.ignore.map((name) => {
    return header.includes(name) ? name : (header.find((other) => attributeNameOf(other) === name) ?? name);
  });
  const { weight = null } = columns;
  for (const name of [columns.label, columns.time, weight, ...ignore])
    if (name !== null) requireColumn(file, header, name);
  if (weight !== null && [columns.label, columns.time].includes(weight))
    throw new OutpostError('BAD_INPUT', `The column ${weight} cannot be the weight and the label or the time as well.`);
  const { schema } = columns;
  const unknown =
    schema?.kind === 'kinds' ? [...schema.kinds.keys()].find((name) => !header.includes(name)) : undefined;
  if (unknown !== undefined)
    throw new OutpostError('BAD_INPUT', `The schema file names the column ${unknown}, which the file does not have.`);
  const complaints = schema === null && isOfComplaints(header);
  const given = schema?.kind === 'schema' ? schema.schema : complaints ? complaintsSchema : null;
  const time = columns.time ?? (given?.id === complaintsSchema.id && header.includes('received') ? 'received' : null);
  // A column of such a name that is left out, or declared to be an attribute, does not group rows.
  const taken = new Set([columns.label, weight, ...ignore, ...(schema?.kind === 'kinds' ? schema.kinds.keys() : [])]);
  const [incident, scammer] = ['incident', 'scammer'].map((name) => (taken.has(name) ? null : name)) as [
    string | null,
    string | null,
  ];
  const own = [columns.label, time, weight, incident, scammer, ...ignore].filter((name) => name !== null);
  const place = (name: string | null): number => (name === null ? -1 : header.indexOf(name));
  const at = {
    label: place(columns.label),
    time: place(time),
    weight: place(weight),
    incident: place(incident),
    scammer: place(scammer),
  };
  const also = given?.id === complaintsSchema.id ? complaintColumns : [];
  return { header, at, time, own: [...own, ...also], given };
}

/** What a row says beside its attributes, or why it is left out; null when it has no label. */
type RowHead = Omit<LabelledRow, 'facts' | 'tacticsNoted' | 'weight'> & { readonly weight: number };

const weightless = 'its weight is 0: it counts for nothing';

function headOf({ cells }: CsvRow, { header, at }: Layout): RowHead | string | null {
  if (cells.length !== header.length) return `it has ${cells.length} cells where the header has ${header.length}`;
  const label = labelIn(cells[at.label]!);
  if (label === null) return null;
  if (label === undefined) return `${header[at.label]} is neither 1 (scam) nor 0 (genuine provider)`;
  const received = at.time === -1 ? null : cells[at.time]!.trim().slice(0, 10);
  if (received !== null && !dateSchema.safeParse(received).success)
    return `${header[at.time]} is no date such as 2026-03-01`;
  const weight = at.weight === -1 ? 1 : numberIn(cells[at.weight]!);
  if (weight === null || weight < 0) return `${header[at.weight]} is no weight: write a number of at least 0`;
  if (weight === 0) return weightless;
  const group = (place: number): string | null => cells[place]?.trim() || null;
  return { label, received, weight, incident: group(at.incident), scammer: group(at.scammer) };
}

interface FirstPass {
  readonly separated: FoundSeparator;
  readonly layout: Layout;
  readonly watchers: readonly { readonly at: number; readonly watcher: ColumnWatcher }[];
  /** Incidents that come more than once. */
  readonly repeated: ReadonlySet<string>;
}

function watchersOf({ header, own, given }: Layout): { at: number; watcher: ColumnWatcher }[] {
  if (given !== null) return [];
  const read = header.flatMap((name, at) => (own.includes(name) ? [] : [{ at, watcher: watchColumn(name) }]));
  requireDistinctNames(read.map(({ at }) => header[at]!));
  return read;
}

async function lookThrough(file: string, columns: TrainingColumns): Promise<FirstPass> {
  const separated = await findSeparator(file, columns.separator);
  const rows = csvRows(file, separated.separator);
  const layout = layoutOf(file, (await rows.next()).value!.cells, columns);
  const watchers = watchersOf(layout);
  const [once, repeated] = [new Set<string>(), new Set<string>()];
  const noTwins = columns.keepTwins || layout.at.incident === -1;
  if (layout.given !== null && noTwins) {
    // The schema is known and all rows stay: there is nothing to look for.
    await rows.return(undefined);
    return { separated, layout, watchers, repeated };
  }
  const rejections = collectRejections();
  let [usable, unlabelled] = [0, 0];
  for await (const row of rows) {
    const head = headOf(row, layout);
    if (head === null) unlabelled += 1;
    if (typeof head === 'string') rejections.add(row.line, head);
    if (head === null || typeof head === 'string') continue;
    usable += 1;
    for (const { at, watcher } of watchers) watcher.see(row.cells[at]!, head.label);
    if (noTwins || !head.incident) continue;
    if (once.has(head.incident)) repeated.add(head.incident);
    else once.add(head.incident);
  }
  requireUsable(file, usable, unlabelled, rejections.all());
  return { separated, layout, watchers, repeated };
}

function schemaOf(file: string, { layout, watchers }: FirstPass, { schema }: TrainingColumns) {
  if (layout.given !== null) return { schema: layout.given, columns: [] };
  const id =
    basename(file)
      .replace(/\.(?:csv|gz)/g, '')
      .slice(0, 60) || 'cases';
  const facts = watchers.map(({ watcher }) => watcher.facts());
  return inferSchema(id, facts, schema?.kind === 'kinds' ? schema.kinds : undefined);
}

function mostOften({ reasons }: Rejections): string {
  const most = Object.entries(reasons).toSorted((a, b) => b[1] - a[1])[0];
  return most === undefined ? '' : ` Most often (${counted(most[1], 'row')}): ${most[0]}.`;
}

/** Throws BAD_CSV when no row of a file can be used, or most cannot; BAD_INPUT when none counts. */
export function requireUsable(file: string, rows: number, unlabelled: number, rejected: Rejections): void {
  const why = mostOften(rejected);
  if (rows === 0) {
    const all = rejected.total + unlabelled;
    if (rejected.reasons[weightless] !== undefined && rejected.reasons[weightless] === rejected.total)
      throw new OutpostError('BAD_INPUT', `Every labelled row of ${basename(file)} has the weight 0: nothing counts.`);
    const empty = all === 0 ? ' It has a header only.' : unlabelled === all ? ' No row has a label.' : why;
    throw new OutpostError('BAD_CSV', `${basename(file)} holds no labelled rows that can be used.${empty}`);
  }
  // Twins, and rows that count for nothing, are good rows that are not needed.
  const spare = [twin, weightless, undrawn].reduce((sum, why) => sum + (rejected.reasons[why] ?? 0), 0);
  if (rejected.total - spare > rows + spare) {
    throw new OutpostError(
      'BAD_CSV',
      `More than half of the rows of ${basename(file)} cannot be used; perhaps it is another file than you think.${why}`,
    );
  }
}

function requireMapped(file: string, schema: FeatureSchema, { header }: Layout, { mapped }: CsvReader): void {
  if (mapped.size > 0) return;
  const wanted = shownHeaders(schema.attributes.map((a) => a.name));
  const sentence = `${basename(file)} has no column of the schema ${schema.id} (${wanted}); it has ${shownHeaders(header)}.`;
  throw new OutpostError('BAD_CSV', sentence);
}

/** Throws BAD_INPUT when the rows that are left have one label only. */
export function requireBothLabels(file: string, { frame }: Dataset, rejected: Rejections): void {
  const scams = frame.labels.reduce((sum, label) => sum + label, 0);
  if (scams > 0 && scams < frame.rows) return;
  const there = scams > 0 ? 'scams (1)' : 'genuine providers (0)';
  throw new OutpostError(
    'BAD_INPUT',
    `Training needs both confirmed scams and genuine providers; the usable rows of ${basename(file)} are all ${there}.${mostOften(rejected)}`,
  );
}

/** What came of reading a file, beside its rows. */
export type ReadFile = Omit<TrainingFile, 'dataset' | 'simulated'> & { readonly schema: FeatureSchema };

/** Which columns are read beside the attributes of a schema that is known. */
export interface LabelledColumns {
  readonly label: string;
  readonly time?: string | null | undefined;
  readonly weight?: string | null | undefined;
  readonly separator?: string | undefined;
}

/** Takes one row, with the line it ends on and its cells as they stand. */
export type AddRow = (row: LabelledRow, line: number, cells: readonly string[]) => void;

/** Rows below the header. */
async function* bodyOf(file: string, { separated }: FirstPass): AsyncGenerator<CsvRow> {
  const rows = csvRows(file, separated.separator);
  await rows.next();
  yield* rows;
}

/** A row as it is learned from, or why it is left out; null when it has no label. */
function readRow(reader: CsvReader, row: CsvRow, layout: Layout): LabelledRow | string | null {
  const head = headOf(row, layout);
  if (head === null || typeof head === 'string') return head;
  const { facts, problems } = reader.read(row.cells);
  const problem = problems.find((p) => p.asOther !== true);
  return problem === undefined ? { facts, ...head } : `${problem.column} ${problem.message}`;
}

/** Tells of the rows of a file whether they are twins. */
async function twinsIn(file: string, pass: FirstPass, reader: CsvReader): Promise<FirstRows['isTwin']> {
  const { layout, repeated } = pass;
  const first = firstRows();
  if (repeated.size === 0) return first.isTwin;
  for await (const row of bodyOf(file, pass)) {
    if (!repeated.has(row.cells[layout.at.incident]?.trim() ?? '')) continue;
    const read = readRow(reader, row, layout);
    if (read !== null && typeof read !== 'string') first.see(read, row.line);
  }
  return first.isTwin;
}

async function readRows(
  file: string,
  columns: TrainingColumns,
  start: (schema: FeatureSchema, header: readonly string[]) => AddRow,
): Promise<ReadFile> {
  const pass = await lookThrough(file, columns);
  const { layout, separated } = pass;
  const inferred = schemaOf(file, pass, columns);
  const leftOut = inferred.columns.filter((c) => c.kind === 'ignore').map((c) => c.header);
  const reader = csvReader(inferred.schema, layout.header, [...layout.own, ...leftOut]);
  requireMapped(file, inferred.schema, layout, reader);
  const isTwin = await twinsIn(file, pass, reader);
  const add = start(inferred.schema, layout.header);
  const rejections = collectRejections();
  let [rows, unlabelled] = [0, 0];
  for await (const row of bodyOf(file, pass)) {
    const read = readRow(reader, row, layout);
    if (read === null) unlabelled += 1;
    else {
      const why = typeof read === 'string' ? read : isTwin(read, row.line) ? twin : null;
      if (why !== null) rejections.add(row.line, why);
      else if (typeof read !== 'string') {
        add(read, row.line, row.cells);
        rows += 1;
      }
    }
  }
  const rejected = rejections.all();
  requireUsable(file, rows, unlabelled, rejected);
  return {
    ...inferred,
    unmapped: reader.unmapped,
    rejected,
    unlabelled,
    time: layout.time,
    separatorNote: separated.note,
  };
}

/**
 * Reads labelled rows from a CSV file (or `.csv.gz`), twice: once to see its columns, once to take them in. A row that
 * cannot be read is left out with its reason, never silently; of the cases of one incident that can be read the first
 * received is kept (of several that day, whichever their contents name), which takes a third reading of the file.
 * Throws BAD_CSV when the file is no CSV, a column is missing or named twice, or most rows cannot be used; BAD_INPUT when
 * the rows left have one label only.
 */
export async function readTraining(file: string, columns: TrainingColumns): Promise<TrainingFile> {
  const started: { builder: DatasetBuilder; simulated: ReturnType<typeof countSimulated> }[] = [];
  const read = await readRows(file, columns, (schema, header) => {
    const [builder, simulated] = [datasetBuilder(schema), countSimulated(header)];
    started.push({ builder, simulated });
    return simulated.passOn(builder.add);
  });
  const dataset = started[0]!.builder.build();
  requireBothLabels(file, dataset, read.rejected);
  return { ...read, dataset, simulated: started[0]!.simulated.count() };
}

/**
 * Hands over the labelled rows of a file one by one, in its order, read under a schema that is known: what a model is
 * judged on. `start` is told the header and answers what takes the rows. All cases of an incident are kept. Throws as
 * `readTraining` does.
 */
export async function eachLabelledRow(
  file: string,
  schema: FeatureSchema,
  columns: LabelledColumns,
  start: (header: readonly string[]) => AddRow,
): Promise<ReadFile> {
  const { label, time = null, weight, separator } = columns;
  const how: TrainingColumns = {
    label,
    time,
    weight,
    separator,
    ignore: [],
    schema: { kind: 'schema', schema },
    keepTwins: true,
  };
  return readRows(file, how, (_schema, header) => start(header));
}

/** `eachLabelledRow` for files of some thousand rows: all of them at once. */
export async function readLabelledCsv(
  file: string,
  schema: FeatureSchema,
  columns: LabelledColumns,
): Promise<ReadFile & { readonly rows: LabelledRow[] }> {
  const rows: LabelledRow[] = [];
  const read = await eachLabelledRow(file, schema, columns, () => (row) => void rows.push(row));
  return { ...read, rows };
}
