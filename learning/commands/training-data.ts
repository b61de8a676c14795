import { readDataset } from '../dataset/dataset-file.ts';
import type { Language } from '../../shared/language/language.ts';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import type { Command } from 'commander';
import type { DecimalSign } from '../../shared/encoding/csv-numbers.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { canonicalJson } from '../../shared/log/canonical.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { aheadLines, datedAhead } from '../data/future-dates.ts';
import type { LoadedData } from '../data/loaded-data.ts';
import type { ReadingWatch } from '../data/csv-rows.ts';
import { kindOfFile } from '../data/file-kind.ts';
import { leakageOf, requireNoLeak } from '../dataset/leakage.ts';
import { readTraining, type TrainingFile } from '../data/read-training.ts';
import { parseSchemaFile, type SchemaFile } from '../schema/schema-file.ts';
import { headOf, type Provenance } from '../dataset/snapshot.ts';
import { duplicatesAdvice } from '../data/duplicates.ts';
import { readCaseTraining } from '../evaluation/labelled-case-rows.ts';
import { readText } from '../../platform/files.ts';
import { decimalOption, missingOption, separatorOption } from '../../platform/command-options.ts';
import { listed, sentence, type Text } from '../../shared/language/sentence.ts';

/** Options that name a file of labelled rows and what its columns beside the attributes are. */
export interface LabelledFileOptions {
  readonly data: string;
  readonly label?: string;
  readonly positive?: string;
  readonly negative?: readonly string[];
  readonly othersNegative?: boolean;
  readonly time?: string;
  readonly weight?: string;
  readonly group?: string;
  readonly separator?: string;
  readonly decimal?: DecimalSign;
  readonly missing?: readonly string[];
}

/** Options of every command that reads labelled rows to learn from. */
export interface DataOptions extends LabelledFileOptions {
  /** Columns to learn as categories, whatever their cells look like. */
  readonly categories?: readonly string[];
  readonly ignore?: readonly string[];
  readonly schema?: string;
  readonly keepTwins?: boolean;
  readonly allowLeak?: readonly string[];
  readonly simulated?: boolean;
}

function names(text: string): string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

/** The column of labels in a file where nothing else is named. */
export const usualLabel = 'y';

type OptionTexts = [flags: string, says: string];

/** The option that says where the labels of a CSV file are. Without a default of its own: a dataset must not be given one. */
export function labelOption({ say }: Language): OptionTexts {
  return ['--label <column>', say('data.label_option', { column: usualLabel })];
}

/** The option that says how many cases each row stands for. */
export function weightOption({ say }: Language): OptionTexts {
  return ['--weight <column>', say('data.weight_option')];
}

/** The option that says which columns are categories, whatever their cells look like. */
export function categoriesOption({ say }: Language): [...OptionTexts, read: (text: string) => string[]] {
  return ['--categories <columns>', say('data.categories_option'), names];
}

/** Adds the options that name the file and what its columns beside the attributes are. */
export function withLabelledColumns(command: Command, language: Language): Command {
  const { say } = language;
  return command
    .requiredOption('--data <file>', say('data.data_option'))
    .option(...labelOption(language))
    .option('--positive <label>', say('data.positive_option'))
    .option('--negative <labels>', say('data.negative_option'), names)
    .option('--others-negative', say('data.others_negative_option'))
    .option('--time <column>', say('data.time_option'))
    .option(...weightOption(language))
    .option('--group <column>', say('data.group_option'))
    .option(...separatorOption(language))
    .option(...decimalOption(language))
    .option(...missingOption(language));
}

/** Adds the options that say which rows are learned from. */
export function withData(command: Command, language: Language): Command {
  const { say } = language;
  return withLabelledColumns(command, language)
    .option('--ignore <columns>', say('data.ignore_option'), names)
    .option('--schema <file>', say('data.schema_option'))
    .option(...categoriesOption(language))
    .option('--keep-twins', say('data.keep_twins_option'))
    .option('--allow-leak <columns>', say('data.allow_leak_option'), names)
    .option('--simulated', say('data.simulated_option'));
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

function schemaFile(file: string | undefined): SchemaFile | null {
  return file === undefined ? null : parseSchemaFile(readText(file));
}

function columnLines(read: Omit<TrainingFile, 'time'>): Text[] {
  const { columns, unmapped, rejected, unlabelled, notes, dataset, simulated } = read;
  const widest = Math.max(0, ...columns.map((c) => c.header.length));
  const lines = rejected.first.slice(0, 5).map(({ line, why }) => sentence('rows.at_line', { line, why }));
  return [
    ...notes,
    columns.length === 0
      ? sentence('rows.under_schema', { id: dataset.schema.id, version: dataset.schema.version })
      : sentence('rows.kinds_of_columns'),
    ...columns.map(({ header, kind, why }) => sentence('rows.column', { header: header.padEnd(widest), kind, why })),
    ...(unmapped.length > 0 ? [sentence('rows.columns_not_used', { columns: listed(unmapped) })] : []),
    ...(simulated > 0 ? [sentence('rows.simulated_references', { n: simulated })] : []),
    ...(unlabelled > 0 ? [sentence('rows.unlabelled', { n: unlabelled })] : []),
    ...(rejected.total > 0 ? [sentence('rows.left_out', { n: rejected.total })] : []),
    ...rejected.reasons.slice(0, 5).map(({ why, rows: n }) => sentence('rows.times', { n, why })),
    ...lines,
    ...[duplicatesAdvice(rejected, dataset.frame.rows)].filter((advice) => advice !== null),
  ];
}

/** So many rows to a group are more than events and scammers explain: a column of that name may say something else. */
const manyOfOne = 20;

function groupLines({ frame }: Dataset, group: string | undefined): Text[] {
  // They are numbered from 0.
  const groups = frame.groups.reduce((most, group) => Math.max(most, group), -1) + 1;
  if (frame.rows < manyOfOne * groups) return [];
  const by = group === undefined ? 'usual' : 'column';
  return [sentence('rows.few_groups', { by, column: group ?? '', n: frame.rows, groups })];
}

/** How much rows of uneven weights tell; nothing when all count alike. */
export function worthLines(rows: number, { effective, largest }: { effective: number; largest: number }): Text[] {
  if (effective > rows - 1e-6) return [];
  return [sentence('rows.worth', { largest, n: Math.round(effective) })];
}

/** Labelled rows before anybody looked for leakage. */
type Loaded = Omit<LoadedData, 'findings' | 'afterToday'>;

/** The kinds that were declared, with columns that are categories besides. Throws BAD_INPUT beside a whole schema. */
function withCategories(schema: SchemaFile | null, categories: readonly string[] = []): SchemaFile | null {
  if (categories.length === 0) return schema;
  if (schema?.kind === 'schema') throw new OutpostError('BAD_INPUT', sentence('learn.categories_beside_schema'));
  const declared = categories.map((name) => [name, 'category'] as const);
  return { ...schema, kind: 'kinds', kinds: new Map([...(schema?.kinds ?? []), ...declared]) };
}

async function fromCsv(options: DataOptions, schema: SchemaFile | null, watch?: ReadingWatch): Promise<Loaded> {
  const { data, label = usualLabel, time = null, ignore = [], keepTwins = false } = options;
  const columns = {
    ...columnOptions(options),
    decimal: options.decimal ?? (schema?.kind === 'kinds' ? schema.decimal : undefined),
    label,
    time,
    ignore,
    keepTwins,
    schema: withCategories(schema, options.categories),
  };
  const read = await readTraining(data, columns, watch);
  const provenance: Provenance = {
    from: 'file',
    name: basename(data).slice(0, 200),
    sha256: await hashOf(data),
    columns: read.columns.map(({ header, attribute, why }) => ({ header, attribute, why })),
    rejected: read.rejected.reasons,
    unlabelled: read.unlabelled,
    simulated: (options.simulated ?? false) || read.simulated > 0,
    ...(options.missing !== undefined && { missing: [...options.missing] }),
  };
  const lines = [...columnLines(read), ...groupLines(read.dataset, options.group)];
  return { dataset: read.dataset, head: headOf(read.dataset, provenance), lines };
}

/** The options that say how a CSV file is read, which no other file takes. */
export function columnOptions(options: LabelledFileOptions) {
  const { label, positive, negative, othersNegative, time, weight, group, separator, decimal, missing } = options;
  return { label, positive, negative, othersNegative, time, weight, group, separator, decimal, missing };
}

/** An option as it is typed: --others-negative. */
function typed(name: string): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** Throws BAD_INPUT for options that name columns of a file which has its own. */
export function requireNoColumns(kind: 'cases' | 'dataset', options: Readonly<Record<string, unknown>>): void {
  const columns = Object.keys(options).filter((name) => options[name] !== undefined);
  if (columns.length === 0) return;
  const given = listed(columns.map(typed));
  throw new OutpostError('BAD_INPUT', sentence('data.has_own_columns', { kind, options: given, n: columns.length }));
}

/** Reads case rows: the same cases a registry would learn from, under the newest schema its writer knew. */
async function fromCases(options: DataOptions, declared: SchemaFile | null): Promise<Loaded> {
  const { data, categories, ignore, keepTwins = false } = options;
  requireNoColumns('cases', { ...columnOptions(options), categories, ignore });
  if (declared?.kind === 'kinds') throw new OutpostError('BAD_INPUT', sentence('learn.case_rows_need_whole_schema'));
  const read = await readCaseTraining(data, { schema: declared, keepTwins });
  const provenance: Provenance = {
    from: 'file',
    name: basename(data).slice(0, 200),
    sha256: await hashOf(data),
    columns: [],
    rejected: read.rejected.reasons,
    unlabelled: read.unlabelled,
    simulated: read.head.simulated || options.simulated === true,
  };
  const lines = columnLines({ ...read, columns: [], notes: [], simulated: 0 });
  return {
    dataset: read.dataset,
    head: headOf(read.dataset, provenance),
    lines: [sentence('rows.of', { from: read.head.from }), ...lines],
  };
}

function fromSnapshot(options: DataOptions, schema: SchemaFile | null): Loaded {
  const { ignore, categories } = options;
  const { dataset, head } = readDataset(options.data);
  const own = schema?.kind === 'schema' && canonicalJson(schema.schema) === canonicalJson(dataset.schema);
  const other = schema === null || own ? undefined : schema;
  requireNoColumns('dataset', { schema: other, ignore, ...columnOptions(options), categories });
  const made = { hash: head.hash.slice(0, 16), name: head.provenance.name };
  return { dataset, head, lines: [sentence('rows.dataset_of', made)] };
}

/**
 * Reads the rows the options name, from a file of any kind, under a schema or kinds that were declared; null: as the file
 * shows. Throws what reading throws.
 */
export async function loadRows(options: DataOptions, schema: SchemaFile | null, watch?: ReadingWatch): Promise<Loaded> {
  const load = { csv: fromCsv, dataset: fromSnapshot, cases: fromCases }[await kindOfFile(options.data)];
  return load(options, schema, watch);
}

/**
 * Reads the rows the options name and looks for leakage, and for dates after `now` (milliseconds since 1970). Throws BAD_INPUT when a column tells the label and was not
 * allowed to, and what reading throws.
 */
export async function loadData(options: DataOptions, now: number, watch?: ReadingWatch): Promise<LoadedData> {
  const read = await loadRows(options, schemaFile(options.schema), watch);
  const findings = leakageOf(read.dataset);
  requireNoLeak(findings, options.allowLeak ?? []);
  const afterToday = datedAhead(read.dataset.received, now);
  return {
    ...read,
    findings,
    afterToday,
    lines: [
      ...read.lines,
      ...aheadLines(afterToday),
      ...worthLines(read.head.rows, read.head.weights),
      ...findings.map((f) => f.sentence),
    ],
  };
}
