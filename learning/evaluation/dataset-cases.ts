import { cellReader } from '../../shared/encoding/csv-facts.ts';
import { normaliseTactic } from '../../shared/domain/tactics.ts';
import { isMissing, unknownOf, type ColumnValue } from '../../shared/encoding/encode.ts';
import { headersOfFile } from '../../shared/encoding/headers-of-file.ts';
import type { Manifest } from '../../shared/encoding/manifest.ts';
import type { Attribute, FeatureSchema } from '../../shared/encoding/schema.ts';
import type { DescribedSchema } from '../../shared/encoding/schema-texts.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { requireSameQuestions } from '../data/same-questions.ts';
import { collectRejections } from '../data/rejections.ts';
import { recordOf, type Dataset, type EncodedLabelledRow } from '../dataset/dataset.ts';
import { casesCollector, type CasesFile } from './read-cases.ts';
import { listed, sentence, type Sentence } from '../../shared/language/sentence.ts';

/** Value of an attribute in a row of a dataset, or why the row cannot be read. */
type ReadValue = (row: EncodedLabelledRow) => { readonly value: ColumnValue } | { readonly why: Sentence };

/** Reads a tactic that the dataset does not hold as a column: noted at intake, or unknown. */
function tacticReader(schema: FeatureSchema, { tag }: Attribute & { kind: 'tactic' }): ReadValue {
  return ({ tactics }) => {
    return { value: tactics.some((text) => normaliseTactic(text, schema.synonyms) === tag) ? 1 : NaN };
  };
}

/** Reads an attribute as it would be read from a file: a category by value or label, a number within its range. */
function valueReader({ schema, texts }: DescribedSchema, attribute: Attribute, own: Attribute | undefined): ReadValue {
  const { name, kind } = attribute;
  if (own?.kind !== kind || (own.kind === 'tactic' && kind === 'tactic' && own.tag !== attribute.tag)) {
    if (kind === 'tactic') return tacticReader(schema, attribute);
    const unknown = unknownOf(attribute);
    return () => ({ value: unknown });
  }
  if (kind !== 'category' && kind !== 'number') return ({ encoded }) => ({ value: encoded[name]! });
  const read = cellReader(attribute, { texts });
  return ({ encoded }) => {
    const value = encoded[name]!;
    if (isMissing(value)) return { value };
    const found = read(String(value), '');
    if (!('value' in found)) return { why: found.problem };
    if (typeof found.value === 'number') return { value: Math.fround(found.value) };
    return { value: typeof found.value === 'string' ? found.value : '' };
  };
}

/** Whether amounts of a dataset, which were converted when it was built, are those a model would have read. */
function isSameMoney({ currencies: model }: FeatureSchema, { currencies: dataset }: FeatureSchema): boolean {
  if (model.reference !== dataset.reference) return false;
  return Object.entries(dataset.minorPerReference).every(([code, rate]) => model.minorPerReference[code] === rate);
}

/** Attributes a model reads that a dataset does not hold. */
function absent(model: FeatureSchema, dataset: FeatureSchema): Attribute[] {
  const own = new Map(dataset.attributes.filter((a) => a.shareable).map((a) => [a.name, a]));
  return model.attributes.filter((a) => a.shareable && own.get(a.name)?.kind !== a.kind);
}

function requireReadable(model: FeatureSchema, dataset: FeatureSchema): void {
  const attributes = model.attributes.filter((a) => a.shareable);
  if (absent(model, dataset).length === attributes.length)
    throw new OutpostError('BAD_INPUT', sentence('evaluation.dataset_holds_no_attribute_model_reads'));
  requireSameQuestions(dataset, model);
  const money = attributes.some((a) => a.kind === 'money');
  if (money && !isSameMoney(model, dataset)) {
    throw new OutpostError('BAD_INPUT', sentence('evaluation.dataset_counts_money_another_table_currencies'));
  }
}

/** Throws BAD_INPUT for columns that a dataset does not keep. */
function requireNoTexts(texts: readonly string[]): void {
  if (texts.length === 0) return;
  throw new OutpostError('BAD_INPUT', sentence('evaluation.dataset_keeps_no_column', { names: listed(texts) }));
}

/**
 * Rows of a dataset as one model reads them, in the dataset's order: the same figures as on the file it was built from.
 * Attributes it does not hold are unknown. Columns that are no attributes were not kept (BAD_INPUT when one is asked
 * for); nor can a dataset be read that holds nothing the model reads, means something else by a name of it, or has money by
 * other rates.
 */
export function casesOfDataset(dataset: Dataset, manifest: Manifest, texts: readonly string[] = []): CasesFile {
  const { schema } = manifest;
  requireNoTexts(texts);
  requireReadable(schema, dataset.schema);
  const own = new Map(dataset.schema.attributes.filter((a) => a.shareable).map((a) => [a.name, a]));
  const read = schema.attributes.filter((a) => a.shareable);
  const readers = read.map((a) => [a.name, valueReader(manifest, a, own.get(a.name))] as const);
  const collected = casesCollector(manifest, {});
  const rejections = collectRejections();
  for (let i = 0; i < dataset.frame.rows; i++) {
    const row = recordOf(dataset, i);
    const values = readers.map(([name, value]) => [name, value(row)] as const);
    const bad = values.flatMap(([, found]) => ('why' in found ? [found.why] : []))[0];
    const encoded = Object.fromEntries(values.flatMap(([name, v]) => ('value' in v ? [[name, v.value]] : [])));
    // The first line of a snapshot says what it is.
    if (bad === undefined) collected.add({ ...row, encoded }, i + 2);
    else rejections.add(i + 2, bad);
  }
  const names = new Set(read.map((a) => a.name));
  return collected.all({
    schema,
    texts: manifest.texts,
    columns: [],
    unmapped: [...own.keys()].filter((name) => !names.has(name)),
    rejected: rejections.all(),
    unlabelled: 0,
    time: dataset.received.every((day) => day !== null) ? 'received' : null,
    notes: [],
  });
}

/** Attributes a model reads that a dataset does not hold, as a sentence; empty when it holds all. */
export function absentLines({ schema: model, texts }: DescribedSchema, dataset: FeatureSchema): Sentence[] {
  const headerOf = headersOfFile(texts);
  const names = absent(model, dataset).map((a) =>
    a.kind === 'tactic' ? sentence('evaluation.tactic_noted', { name: a.name }) : headerOf(a.name),
  );
  return names.length === 0 ? [] : [sentence('evaluation.not_in_dataset', { names: listed(names) })];
}
