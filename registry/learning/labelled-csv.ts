import { createReadStream } from 'node:fs';
import { parse } from 'csv-parse';
import { factsFromCsvRow } from '../../shared/encoding/csv-facts.ts';
import type { FeatureSchema } from '../../shared/encoding/schema.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { dateSchema } from '../../shared/log/event.ts';
import type { LabelledRow } from './dataset.ts';
import { explainCsv } from './csv-errors.ts';

/** Which columns hold what is not a fact. `incident` is used when the file has it. */
export interface LabelledColumns {
  readonly label: string;
  readonly time: string;
}

/** Rows of a labelled file, how many had no label, and the columns nothing was done with. */
export interface LabelledFile {
  readonly rows: LabelledRow[];
  readonly unlabelled: number;
  readonly unmapped: readonly string[];
}

const labels: Readonly<Record<string, 0 | 1>> = {
  '1': 1,
  yes: 1,
  true: 1,
  scam: 1,
  confirmed_scam: 1,
  '0': 0,
  no: 0,
  false: 0,
  genuine: 0,
  genuine_provider: 0,
};

function badCell(line: number, column: string, why: string): OutpostError {
  return new OutpostError('BAD_CSV', `Line ${line}, column ${column}: the cell ${why}.`, { data: { line, column } });
}

function labelOf(cell: string, line: number, column: string): 0 | 1 | null {
  const text = cell.trim().toLowerCase();
  // Inconclusive outcomes say neither and teach nothing.
  if (text === '' || text === 'inconclusive') return null;
  if (!Object.hasOwn(labels, text)) throw badCell(line, column, 'is neither 1 (scam) nor 0 (genuine provider)');
  return labels[text]!;
}

function dateOf(cell: string, line: number, column: string): string {
  const date = cell.trim().slice(0, 10);
  if (!dateSchema.safeParse(date).success) throw badCell(line, column, 'is no date such as 2026-03-01');
  return date;
}

interface Parsed {
  readonly record: Readonly<Record<string, string>>;
  readonly info: { readonly lines: number };
}

function readRow(
  schema: FeatureSchema,
  { record, info }: Parsed,
  columns: LabelledColumns,
): { row: LabelledRow | null; unmapped: string[] } {
  const { facts, problems, unmapped } = factsFromCsvRow(schema, record, [
    columns.label,
    columns.time,
    'incident',
    'reference',
    'office',
  ]);
  const [problem] = problems;
  if (problem) throw badCell(info.lines, problem.column, problem.message);
  const label = labelOf(record[columns.label] ?? '', info.lines, columns.label);
  if (label === null) return { row: null, unmapped };
  const received = dateOf(record[columns.time] ?? '', info.lines, columns.time);
  const incident = record['incident']?.trim() ?? '';
  return { row: { facts, label, received, incident: incident === '' ? null : incident }, unmapped };
}

function header(columns: LabelledColumns): (names: string[]) => string[] {
  return (names) => {
    const missing = [columns.label, columns.time].find((name) => !names.includes(name));
    if (missing !== undefined)
      throw new OutpostError(
        'BAD_CSV',
        `The CSV file has no column ${missing}; it has ${names.slice(0, 30).join(', ')}.`,
      );
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (twice !== undefined) throw new OutpostError('BAD_CSV', `The CSV file has two columns named ${twice}.`);
    return names;
  };
}

/**
 * Reads a labelled CSV file of cases. Throws BAD_CSV naming line and column for a cell that cannot be read: a training
 * set must not lose facts in silence. Rows without a label are counted and left out.
 */
export async function readLabelledCsv(
  file: string,
  schema: FeatureSchema,
  columns: LabelledColumns,
): Promise<LabelledFile> {
  const rows: LabelledRow[] = [];
  let unlabelled = 0;
  let unmapped: readonly string[] = [];
  const input = createReadStream(file);
  const parser = parse({ bom: true, info: true, skip_empty_lines: true, columns: header(columns) });
  input.on('error', (error) => parser.destroy(error));
  try {
    for await (const parsed of input.pipe(parser) as AsyncIterable<Parsed>) {
      const read = readRow(schema, parsed, columns);
      unmapped = read.unmapped;
      if (read.row) rows.push(read.row);
      else unlabelled += 1;
    }
  } catch (error) {
    throw explainCsv(error, file);
  } finally {
    input.destroy();
  }
  if (rows.length === 0) throw new OutpostError('BAD_CSV', `${file} holds no labelled rows.`);
  return { rows, unlabelled, unmapped };
}
