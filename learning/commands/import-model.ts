import { basename } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { addDays } from '../../shared/drift/days.ts';
import { complaintsSchema } from '../../shared/encoding/complaints.ts';
import { attributeNameOf } from '../../shared/encoding/attribute-names.ts';
import { maxModelBytes } from '../../shared/encoding/onnx/index.ts';
import { counted } from '../../shared/encoding/phrases.ts';
import type { FeatureSchema } from '../../shared/encoding/schema.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { csvRows, findSeparator } from '../data/csv-rows.ts';
import { kindOfFile } from '../data/file-kind.ts';
import { parseSchemaFile, type SchemaFile } from '../schema/schema-file.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { parseDraft, type Draft } from '../import/draft.ts';
import { importModel, type ImportResult } from '../import/index.ts';
import { readInput, readText, requireWritable } from '../../platform/files.ts';
import { appVersion } from '../../platform/version.ts';
import { note, print, type CommandIo } from '../../platform/command-io.ts';
import { requireFree, requireOtherFiles, writeModelFolder } from './model-folder.ts';
import { whileReading } from './reading.ts';
import { labelOption, loadRows, usualLabel, weightOption } from './training-data.ts';
import { jsonOption, plainDate, separatorOption, wholeNumber } from '../../platform/command-options.ts';
import { sentence } from '../../shared/language/sentence.ts';
import { inEnglish } from '../../shared/errors/in-english.ts';
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
  readonly time?: string;
  readonly weight?: string;
  readonly separator?: string;
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

function share(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 1))
    throw new InvalidArgumentError('It must be a number from 0 to 1.');
  return value;
}

function list(text: string): string[] {
  return text.split(',').map((part) => part.trim());
}

/** The schema that was declared, if any: a whole one, or kinds of the columns of a data file. */
function declared({ schema }: Options, draft: Draft): SchemaFile | null {
  if (schema !== undefined) return parseSchemaFile(readText(schema, maxTextBytes));
  return draft.schema ? { kind: 'schema', schema: draft.schema } : null;
}

function without(schema: SchemaFile | null): FeatureSchema {
  if (schema === null) return complaintsSchema;
  if (schema.kind === 'schema') return schema.schema;
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
  readonly dataset: Dataset | null;
  /** The cases are invented. */
  readonly simulated: boolean;
  readonly header?: readonly string[] | undefined;
}

/** The schema, and labelled cases where a file of them is given. */
async function readCases(io: CommandIo, options: Options, draft: Draft): Promise<Cases> {
  const schema = declared(options, draft);
  const { data } = options;
  if (data === undefined) return { schema: without(schema), dataset: null, simulated: false };
  // --positive names a class of the model here, not a label of the cases.
  const { positive: _class, positiveLabel, ...own } = options;
  const told = { ...own, data, ...(positiveLabel !== undefined && { positive: positiveLabel }) };
  const { dataset, head, lines } = await whileReading(io, data, (watch) => loadRows(told, schema, watch));
  note(io, ...lines);
  const header = await headerOf({ ...options, data }, dataset.schema);
  return { schema: dataset.schema, dataset, simulated: head.provenance.simulated, header };
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
    there.model.sha256 === model.sha256 && there.training.dataset === training.dataset;
  requireFree(out, isSame, 'Name another folder, or add --force to write over it.');
}

function boundTo({ binding, output }: ImportResult['manifest']): string {
  const columns =
    binding.layout === 'matrix'
      ? `The matrix ${binding.input} takes ${binding.columns.join(', ')}.`
      : `It reads ${binding.columns.map((c) => (c.input === c.attribute ? c.input : `${c.attribute} as ${c.input}`)).join(', ')}.`;
  return `${columns} The probability of scam is column ${output.column} of ${output.name}.`;
}

/** Mean log loss of saying the base rate of every case; null without labelled cases. */
function baseLoss(dataset: Dataset | null): number | null {
  const rate = dataset === null ? null : baseRateOf(dataset);
  return rate === null ? null : lossOf(rate, 1) * rate + lossOf(rate, 0) * (1 - rate);
}

function report({ manifest, metrics }: ImportResult, dataset: Dataset | null, out: string): string[] {
  const { imported, thresholds, figures, basis } = metrics;
  const auc = figures['auc']?.value;
  const [loss, base] = [figures['log_loss']?.value, baseLoss(dataset)];
  const stripped =
    imported.stripped.length === 0
      ? 'The file is as it came.'
      : `Taken out: ${imported.stripped.join(', ')}. SHA-256 of the file that came: ${imported.sha256}.`;
  return [
    `Model ${manifest.model.id} (${manifest.model.name}, version ${manifest.model.version}, until ${manifest.model.expires}) written to ${out}.`,
    `${stripped} SHA-256 of model.onnx: ${manifest.model.sha256}.`,
    boundTo(manifest),
    `Verdicts: not scam below ${thresholds.notScamBelow}, scam from ${thresholds.scamFrom}. ${counted(manifest.golden.length, 'golden case')} scored.`,
    basis === 'none'
      ? 'No labelled cases were given: there are no figures. Give some with --data.'
      : basis === 'stated'
        ? 'Its figures are those of the draft, as its author states them.'
        : `On the ${counted(metrics.rows, 'case')} given: AUC ${auc?.toFixed(4) ?? 'cannot tell'}, log loss ${figures['log_loss']?.value.toFixed(4) ?? 'cannot tell'}. If the model learned from them, these figures are too good.`,
    ...(auc !== undefined && auc < 0.5
      ? ['It ranks scams below genuine providers: check --positive or --column, and the order of --columns.']
      : []),
    ...(loss !== undefined && base !== null && loss > base
      ? [inEnglish(sentence('import.worse_than_base_rate', { loss, base, layout: manifest.binding.layout }))]
      : []),
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
  const created = model.created ?? new Date(data.now).toISOString();
  return {
    name:
      options.name ??
      model.name ??
      basename(options.model)
        .replace(/\.onnx$/i, '')
        .slice(0, 80),
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
  const { schema, dataset, simulated, header } = await readCases(io, options, draft);
  const { output, positive, column, notScamBelow, scamFrom, baseRate, seed } = options;
  const result = await importModel({
    file,
    schema,
    draft,
    columns: { columns: options.columns, header },
    output: { output, positive, column },
    dataset,
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

const about = `
Takes what skl2onnx and onnxmltools write: one [N,1] input of float or text per column, or one float matrix [N,C]; out
of it probabilities [N,2], [N,1] or [N]. A final ZipMap is taken out. What is missing is named all at once.
Export the whole pipeline, so that the model takes the attributes themselves: numbers and yes/no as float with NaN for
unknown, categories as text with an empty text for unknown. Then "registry push" proposes it for approval.

Example: learn import-model --model theirs.onnx --data cases.csv --out theirs`;

/** `learn import-model`: makes a model trained elsewhere one that can be scored with, judged and pushed. */
export function importModelCommand(io: CommandIo): Command {
  return new Command('import-model')
    .description('import an ONNX model from another program and write model.onnx, manifest.json and metrics.json')
    .requiredOption('--model <file>', 'ONNX file')
    .requiredOption('--out <folder>', 'folder to write to')
    .option('--force', 'write over another model in that folder')
    .option('--manifest-in <file>', 'draft of a manifest: any part of it, for what is not given as an option')
    .option(
      '--schema <file>',
      'feature schema of the attributes it reads, or kinds of the columns of --data (default: inferred from --data, else complaints)',
    )
    .option('--columns <names>', 'attributes in the order of the matrix or the inputs, or input=attribute pairs', list)
    .option('--output <name>', 'output that holds the probability')
    .option('--positive <class>', 'class that is scam, where it is not 1, true, yes or scam')
    .option('--column <n>', 'column of the output, where the file names no classes', wholeNumber(io.language, 0))
    .option(
      '--data <file>',
      'labelled cases (CSV file, dataset or case file): thresholds, base rate, figures and background rows come from them',
    )
    .option(...labelOption(io.language))
    .option('--positive-label <label>', 'the label of scams in --data, where labels are words of their own')
    .option('--time <column>', 'column with the received date (default: received, in a file of complaints)')
    .option(...weightOption(io.language))
    .option(...separatorOption(io.language))
    .option('--ignore <columns>', 'columns that are no attributes', list)
    .option('--not-scam-below <score>', 'lower threshold', share)
    .option('--scam-from <score>', 'upper threshold', share)
    .option('--base-rate <share>', 'share of scams among the cases it learned from', share)
    .option('--name <name>', 'name of the model (default: the name of the file)')
    .option('--model-version <n>', 'version of the model (default: 1)', wholeNumber(io.language, 1))
    .option('--expires <date>', 'last day it may be installed (default: in a year)', plainDate(io.language))
    .option('--cut <date>', 'it learned from cases received before this day', plainDate(io.language))
    .option('--seed <n>', 'seed of golden and background rows', wholeNumber(io.language, 0), 1)
    .option('--simulated', 'the cases it learned from, or those of --data, are invented: says so in the manifest')
    .option(...jsonOption(io.language))
    .addHelpText('after', about)
    .action((options: Options) => run(io, options));
}
