import type { Sentence } from '../../shared/language/sentence.ts';
import type { Manifest } from '../../shared/encoding/manifest.ts';
import type { FeatureSchema } from '../../shared/encoding/schema.ts';
import type { DescribedSchema } from '../../shared/encoding/schema-texts.ts';
import type { ReadFile } from '../data/read-training.ts';
import { requireBothLabels, requireUsable } from '../data/usable-rows.ts';
import { collectRejections, isReason, notDrawn, type Rejections } from '../data/rejections.ts';
import { duplicateOfIncident, firstRows, type FirstRows } from '../data/duplicates.ts';
import { datasetBuilder, type Dataset, type DatedRow } from '../dataset/dataset.ts';
import { casesCollector, type CasesColumns, type CasesFile } from './read-cases.ts';
import { labelledCases, rowOfCase } from '../data/labelled-cases.ts';
import { readCaseRows, readCaseRowsHead, type CaseRowsHead, type CaseLine } from '../data/case-rows-file.ts';
import { labelOfCase, type KnownCase } from '../data/known-case.ts';

/**
 * A case as it is learned from and judged on: facts as they were at intake, weighted by 1 / the chance that it was looked
 * at. Null when it has no label; a sentence when it says nothing about those like it.
 */
function rowOf(known: KnownCase): DatedRow | Sentence | null {
  if (labelOfCase(known) === null) return null;
  const [labelled] = labelledCases([known]);
  if (labelled === undefined) return notDrawn;
  return rowOfCase(labelled);
}

/** Attributes of cases that a schema does not have, by name. */
function strangers(schema: FeatureSchema): { see: (row: DatedRow) => void; all: () => string[] } {
  const own = new Set(schema.attributes.map((a) => a.name));
  const found = new Set<string>();
  return {
    see({ facts }) {
      for (const name of Object.keys(facts.attributes)) if (!own.has(name)) found.add(name);
    },
    all: () => [...found].toSorted(),
  };
}

/** What became of cases beside those that were taken. */
interface Sorted {
  readonly rejected: Rejections;
  readonly unlabelled: number;
  readonly unmapped: readonly string[];
}

/** Hands over the cases that have a label and count, but not duplicates of an incident; reports what became of the others. */
async function sorted(
  lines: AsyncIterable<CaseLine> | Iterable<CaseLine>,
  { schema }: DescribedSchema,
  isDuplicate: FirstRows['isDuplicate'],
  take: (row: DatedRow, line: CaseLine & { readonly known: KnownCase }) => void,
): Promise<Sorted & { readonly rows: number }> {
  const [rejections, strange] = [collectRejections(), strangers(schema)];
  let [rows, unlabelled] = [0, 0];
  for await (const line of lines) {
    const row = 'why' in line ? line.why : rowOf(line.known);
    if (row === null) unlabelled += 1;
    else if (isReason(row)) rejections.add(line.line, row);
    else if (isDuplicate(row, line.line)) rejections.add(line.line, duplicateOfIncident);
    else if (!('why' in line)) {
      strange.see(row);
      take(row, line);
      rows += 1;
    }
  }
  return { rows, rejected: rejections.all(), unlabelled, unmapped: strange.all() };
}

/** Labelled cases as a dataset, with what became of the others. */
interface CaseDataset extends Sorted {
  readonly dataset: Dataset;
}

/**
 * Makes a dataset of cases under a schema; `cases` hands them over each time it is called. Of an incident the case received first
 * is kept, unless `keepTwins`.
 */
export async function datasetOfCases(
  cases: () => AsyncIterable<CaseLine> | Iterable<CaseLine>,
  schema: DescribedSchema,
  keepTwins: boolean,
): Promise<CaseDataset & { readonly rows: number }> {
  const first = firstRows();
  if (!keepTwins)
    await sorted(
      cases(),
      schema,
      () => false,
      (row, { line }) => first.see(row, line),
    );
  const builder = datasetBuilder(schema.schema, schema.texts);
  const done = await sorted(cases(), schema, first.isDuplicate, (row) => builder.add(row));
  return { ...done, dataset: builder.build() };
}

/**
 * Reads case rows as training data, under their own schema unless another is given. Throws as `readCaseRowsHead`; BAD_CSV
 * when most lines cannot be used, BAD_INPUT when the cases left have one label only.
 */
export async function readCaseTraining(
  file: string,
  options: { readonly schema: DescribedSchema | null; readonly keepTwins: boolean },
): Promise<CaseDataset & { readonly head: CaseRowsHead }> {
  const head = await readCaseRowsHead(file);
  const schema = options.schema ?? head;
  const read = await datasetOfCases(() => readCaseRows(file, schema.schema), schema, options.keepTwins);
  requireUsable(file, read.rows, read.unlabelled, read.rejected);
  requireBothLabels(file, read.dataset, read.rejected);
  return { ...read, head };
}

/** Header of what case rows offer beside attributes, to part cases by. */
const texts = ['office'];

/**
 * Reads case rows as one model reads them: all cases with a label, weighted; duplicates of an incident stay. Throws as `readCaseRowsHead`, and
 * BAD_CSV when most lines cannot be used or a text is asked for that it does not hold.
 */
export async function readCasesToJudge(
  file: string,
  manifest: Manifest,
  columns: Pick<CasesColumns, 'texts' | 'textsIfThere'>,
): Promise<CasesFile> {
  const collected = casesCollector(manifest, columns);
  const add = collected.start(texts);
  const lines = readCaseRows(file, manifest.schema);
  const { rows, ...read } = await sorted(
    lines,
    manifest,
    () => false,
    (row, { line, known }) => add(row, line, [known.office]),
  );
  requireUsable(file, rows, read.unlabelled, read.rejected);
  return collected.all({
    ...read,
    schema: manifest.schema,
    texts: manifest.texts,
    columns: [],
    time: 'received',
    notes: [],
  } satisfies ReadFile);
}
