import { basename } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { isNamedForPerson } from '../../shared/domain/personal-names.ts';
import { addDays } from '../../shared/drift/days.ts';
import { complaintsSchema } from '../../shared/encoding/complaints.ts';
import { attributeNameOf } from '../../shared/encoding/attribute-names.ts';
import { headersOfFile } from '../../shared/encoding/headers-of-file.ts';
import { maxModelBytes } from '../../shared/encoding/onnx/index.ts';
import { withCompanions } from '../../shared/encoding/companions.ts';
import type { FeatureSchema } from '../../shared/encoding/schema.ts';
import type { DescribedSchema, SchemaTexts } from '../../shared/encoding/schema-texts.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { csvRows, findSeparator } from '../data/csv-rows.ts';
import { kindOfFile } from '../data/file-kind.ts';
import { parseSchemaFile, type SchemaFile } from '../schema/schema-file.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { aucAndLoss } from '../figures/figure-names.ts';
import { parseDraft, type Draft } from '../import/draft.ts';
import { importModel, type ImportResult } from '../import/index.ts';
import { readInput, readText, requireWritable } from '../../platform/files.ts';
import { requireModel } from '../../platform/models/require-model.ts';
import { appVersion } from '../../platform/version.ts';
import { note, print, type CommandIo } from '../../platform/command-io.ts';
import { requireFree, requireOtherFiles, writeModelFolder } from './model-folder.ts';
import { whileReading } from './reading.ts';
import { categoriesOption, labelOption, loadRows, usualLabel, weightOption } from './training-data.ts';
import {
  decimalOption,
  jsonOption,
  missingOption,
  plainDate,
  separatorOption,
  wholeNumber,
} from '../../platform/command-options.ts';
import type { DecimalSign } from '../../shared/encoding/csv-numbers.ts';
import type { Language } from '../../shared/language/language.ts';
import { listed, sentence, type Sentence } from '../../shared/language/sentence.ts';
import { lossOf } from '../../shared/metrics/log-loss.ts';
import { baseRateOf } from '../import/evidence.ts';

interface Options {
  readonly model: string;
  readonly out: string;
  readonly force?: boolean;
  readonly manifestIn?: string;
  readonly schema?: string;
  readonly columns?: string[];
  readonly output?: string;
  readonly positive?: string;
  readonly column?: number;
  readonly data?: string;
  readonly label?: string;
  readonly positiveLabel?: string;
  readonly negativeLabel?: readonly string[];
  readonly othersNegative?: boolean;
  readonly time?: string;
  readonly weight?: string;
  readonly separator?: string;
  readonly decimal?: DecimalSign;
  readonly missing?: readonly string[];
  readonly categories?: readonly string[];
  readonly ignore?: string[];
  readonly notScamBelow?: number;
  readonly scamFrom?: number;
  readonly baseRate?: number;
  readonly name?: string;
  readonly modelVersion?: number;
  readonly expires?: string;
  readonly cut?: string;
  readonly seed: number;
  readonly simulated?: boolean;
  readonly json?: boolean;
}

/** Largest schema or draft that is read, in bytes: no manifest may be larger on a laptop. */
const maxTextBytes = 5 * 1024 * 1024;

function share({ say }: Language): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !(value >= 0 && value <= 1)) throw new InvalidArgumentError(say('commands.share'));
    return value;
  };
}

function list(text: string): string[] {
  return text.split(',').map((part) => part.trim());
}

/** The schema that was declared, if any: a whole one, or kinds of the columns of a data file. */
function declared({ schema }: Options, draft: Draft): SchemaFile | null {
  if (schema !== undefined) return parseSchemaFile(readText(schema, maxTextBytes));
  return draft.schema
    ? { kind: 'schema', schema: draft.schema.schema, texts: draft.texts ?? draft.schema.texts }
    : null;
}

function without(schema: SchemaFile | null): DescribedSchema {
  if (schema === null) return withCompanions(complaintsSchema);
  if (schema.kind === 'schema') return schema;
  throw new OutpostError('BAD_INPUT', sentence('learn.schema_file_kinds_columns_needs_their'));
}

/** Attributes in the order in which the header of a CSV file names them; undefined for other files, which have none. */
async function headerOf(
  { data, separator: wanted, label = usualLabel, time, weight, ignore = [] }: Options & { readonly data: string },
  schema: FeatureSchema,
): Promise<string[] | undefined> {
  if ((await kindOfFile(data)) !== 'csv') return undefined;
  const attributes = new Set(schema.attributes.filter((a) => a.shareable).map((a) => a.name));
  const { separator } = await findSeparator(data, wanted);
  const rows = csvRows(data, separator);
  const first = await rows.next();
  await rows.return(undefined);
  const header: readonly string[] = first.done === true ? [] : first.value.cells;
  const names = header.filter((name) => ![label, time, weight, ...ignore].includes(name)).map(attributeNameOf);
  return names.filter((name) => attributes.has(name));
}

interface Cases {
  readonly schema: FeatureSchema;
  readonly texts: readonly SchemaTexts[];
  readonly dataset: Dataset | null;
  /** The cases are invented. */
  readonly simulated: boolean;
  /** Further spellings of unknown in their file. */
  readonly missing?: string[] | undefined;
  readonly header?: readonly string[] | undefined;
}

/** The schema, and labelled cases where a file of them is given. */
async function readCases(io: CommandIo, options: Options, draft: Draft): Promise<Cases> {
  const schema = declared(options, draft);
  const { data } = options;
  if (data === undefined) return { ...without(schema), dataset: null, simulated: false };
  // --positive names a class of the model here, not a label of the cases.
  const { positive: _class, positiveLabel: positive, negativeLabel: negative, ...own } = options;
  const about = {
    ...own,
    data,
    ...(positive !== undefined && { positive }),
    ...(negative !== undefined && { negative }),
  };
  const { dataset, head, lines } = await whileReading(io, data, (watch) => loadRows(about, schema, watch));
  note(io, ...lines);
  const header = await headerOf({ ...options, data }, dataset.schema);
  const { simulated, missing } = head.provenance;
  return { schema: dataset.schema, texts: dataset.texts, dataset, simulated, missing, header };
}

function filesOf({ model, manifest, metrics }: ImportResult): Record<string, Uint8Array | string> {
  return {
    'model.onnx': model,
    'manifest.json': `${JSON.stringify(manifest, null, 2)}\n`,
    'metrics.json': `${JSON.stringify(metrics, null, 2)}\n`,
  };
}

/** Refuses to write over a model that is not the same one, imported from the same rows. */
function requireOwn({ out, force }: Options, { model, training }: ImportResult['manifest']): void {
  if (force === true) return;
  const isSame = (there: ImportResult['manifest']): boolean =>
    there.model.id === model.id && there.model.sha256 === model.sha256 && there.training.dataset === training.dataset;
  requireFree(out, isSame, sentence('learn.folder_of_another_import'));
}

function boundTo({ binding, output, texts }: ImportResult['manifest']): Sentence {
  const headerOf = headersOfFile(texts);
  const scam = { column: output.column, output: output.name };
  if (binding.layout === 'matrix')
    return sentence('import.takes_matrix', {
      input: binding.input,
      columns: listed(binding.columns.map(headerOf)),
      ...scam,
    });
  const columns = binding.columns.map(({ input, attribute: name }) => {
    const attribute = headerOf(name);
    return [name, attribute].includes(input) ? attribute : sentence('import.read_as', { attribute, input });
  });
  return sentence('import.reads_columns', { columns: listed(columns), ...scam });
}

/** Mean log loss of saying the base rate of every case; null without labelled cases. */
function baseLoss(dataset: Dataset | null): number | null {
  const rate = dataset === null ? null : baseRateOf(dataset);
  return rate === null ? null : lossOf(rate, 1) * rate + lossOf(rate, 0) * (1 - rate);
}

/** What was taken out of the file, and the hashes by which it and what became of it are known. */
function hashesOf({ manifest, metrics: { imported } }: ImportResult): Sentence {
  const { sha256 } = manifest.model;
  if (imported.stripped.length === 0) return sentence('import.as_it_came', { sha256 });
  return sentence('import.taken_out', { stripped: listed(imported.stripped), came: imported.sha256, sha256 });
}

function figuresLine({ basis, rows, figures }: ImportResult['metrics']): Sentence {
  if (basis === 'none') return sentence('import.no_figures');
  if (basis === 'stated') return sentence('import.stated_figures');
  return sentence('import.figures', { n: rows, ...aucAndLoss(figures) });
}

/** What a person should look at: a model that is turned around, or worse than saying the base rate. */
function warningsOf({ manifest, metrics: { figures } }: ImportResult, dataset: Dataset | null): Sentence[] {
  const auc = figures['auc']?.value;
  const [loss, base] = [figures['log_loss']?.value, baseLoss(dataset)];
  const isWorse = loss !== undefined && base !== null && loss > base;
  const { layout } = manifest.binding;
  return [
    ...(auc !== undefined && auc < 0.5 ? [sentence('import.upside_down')] : []),
    ...(isWorse ? [sentence('import.worse_than_base_rate', { loss, base, layout })] : []),
  ];
}

function report(result: ImportResult, dataset: Dataset | null, out: string): Sentence[] {
  const { manifest, metrics } = result;
  const { id, name, version, expires } = manifest.model;
  const { notScamBelow, scamFrom } = metrics.thresholds;
  return [
    sentence('import.written', { id, name, version, expires, out }),
    hashesOf(result),
    boundTo(manifest),
    sentence('import.verdicts', { notScamBelow, scamFrom, n: manifest.golden.length }),
    figuresLine(metrics),
    ...warningsOf(result, dataset),
  ];
}

interface Named {
  readonly name: string;
  readonly version: number;
  readonly created: string;
  readonly expires: string;
  readonly cut: string | null;
  readonly simulated: boolean;
}

/** What a model is called, from options, then the draft, then what goes without saying. */
function named(options: Options, { model = {} }: Draft, data: { now: number; simulated: boolean }): Named {
  const called = basename(options.model).replace(/\.onnx$/i, '');
  const created = model.created ?? new Date(data.now).toISOString();
  return {
    name: options.name ?? model.name ?? (isNamedForPerson(called) ? 'model' : called.slice(0, 80)),
    version: options.modelVersion ?? model.version ?? 1,
    created,
    expires: options.expires ?? model.expires ?? addDays(created.slice(0, 10), 365),
    cut: options.cut ?? null,
    // Figures and thresholds of invented cases are as invented, whatever the model learned from.
    simulated: options.simulated === true || data.simulated || (model.simulated ?? false),
  };
}

async function run(io: CommandIo, options: Options): Promise<void> {
  requireWritable(options.out);
  requireOtherFiles(options.out, [options.model, options.data, options.manifestIn, options.schema]);
  const draft = options.manifestIn === undefined ? {} : parseDraft(readText(options.manifestIn, maxTextBytes));
  const file = readInput(options.model, maxModelBytes);
  requireModel(options.model, file);
  const { schema, texts, dataset, simulated, missing, header } = await readCases(io, options, draft);
  const { output, positive, column, notScamBelow, scamFrom, baseRate, seed } = options;
  const result = await importModel({
    file,
    schema,
    texts,
    draft,
    columns: { columns: options.columns, header },
    output: { output, positive, column },
    dataset,
    missing,
    notScamBelow,
    scamFrom,
    baseRate,
    ...named(options, draft, { now: io.clock.now(), simulated }),
    seed,
    codeVersion: appVersion(),
  });
  const { manifest, metrics } = result;
  requireOwn(options, manifest);
  writeModelFolder(options.out, filesOf(result));
  const { binding } = manifest;
  print(
    io,
    options.json,
    { model: manifest.model, binding, output: manifest.output, metrics },
    report(result, dataset, options.out),
  );
}

/** Adds the options that say what is imported, how it is read, and where it goes. */
function withModel(command: Command, language: Language): Command {
  const { say } = language;
  return command
    .requiredOption('--model <file>', say('import.model_option'))
    .requiredOption('--out <folder>', say('learn.out_option'))
    .option('--force', say('learn.force_option'))
    .option('--manifest-in <file>', say('import.manifest_option'))
    .option('--schema <file>', say('import.schema_option'))
    .option('--columns <names>', say('import.columns_option'), list)
    .option('--output <name>', say('import.output_option'))
    .option('--positive <class>', say('import.positive_option'))
    .option('--column <n>', say('import.column_option'), wholeNumber(language, 0));
}

/** Adds the options that say which labelled cases come with the model. */
function withCases(command: Command, language: Language): Command {
  const { say } = language;
  return command
    .option('--data <file>', say('import.data_option'))
    .option(...labelOption(language))
    .option('--positive-label <label>', say('import.positive_label_option'))
    .option('--negative-label <labels>', say('data.negative_option'), list)
    .option('--others-negative', say('data.others_negative_option'))
    .option('--time <column>', say('import.time_option'))
    .option(...weightOption(language))
    .option(...separatorOption(language))
    .option(...decimalOption(language))
    .option(...missingOption(language))
    .option(...categoriesOption(language))
    .option('--ignore <columns>', say('import.ignore_option'), list);
}

/** `learn import-model`: makes a model trained elsewhere one that can be scored with, judged and pushed. */
export function importModelCommand(io: CommandIo): Command {
  const { language } = io;
  const { say } = language;
  return withCases(withModel(new Command('import-model'), language), language)
    .description(say('import.about'))
    .option('--not-scam-below <score>', say('import.not_scam_below_option'), share(language))
    .option('--scam-from <score>', say('import.scam_from_option'), share(language))
    .option('--base-rate <share>', say('import.base_rate_option'), share(language))
    .option('--name <name>', say('import.name_option'))
    .option('--model-version <n>', say('import.model_version_option'), wholeNumber(language, 1))
    .option('--expires <date>', say('import.expires_option'), plainDate(language))
    .option('--cut <date>', say('import.cut_option'), plainDate(language))
    .option('--seed <n>', say('import.seed_option'), wholeNumber(language, 0), 1)
    .option('--simulated', say('import.simulated_option'))
    .option(...jsonOption(language))
    .addHelpText('after', `\n${say('import.explained')}\n\n${say('import.example')}`)
    .action((options: Options) => run(io, options));
}
