import type { Readable } from 'node:stream';
import { parse } from 'csv-parse';
import { v5 as uuidv5 } from 'uuid';
import { csvReader, type CsvReader } from '../../shared/encoding/csv-facts.ts';
import { counted } from '../../shared/encoding/phrases.ts';
import type { FeatureSchema } from '../../shared/encoding/schema.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { explainCsv } from '../learning/data/csv-errors.ts';
import { shownHeaders } from '../learning/data/csv-rows.ts';
import { dayIn } from '../learning/data/dates.ts';
import { labelIn, noLabel } from '../learning/data/labels.ts';
import { isSimulatedReference } from '../learning/simulate/references.ts';
import type { Store, StoreTransaction } from '../store/tables.ts';
import { saveCase } from './cases.ts';
import { importedGroups } from './imported-groups.ts';

/** Namespace of ids made from a data set's name and a row's reference: the same file again changes nothing. */
const namespace = '5b0c7f6e-5f0b-4a53-9d0f-6f0a4d2f1c11';

export interface ImportResult {
  readonly imported: number;
  /** Line of the file and why the row was left out. */
  readonly rejected: readonly { line: number; why: string }[];
  readonly unmapped: readonly string[];
  /** Cases taken in whose reference is the simulator's: they are invented. */
  readonly simulated: number;
}

interface Row {
  readonly record: Record<string, string>;
  readonly info: { readonly lines: number };
}

const ownColumns = ['reference', 'received', 'office', 'incident', 'scammer', 'y'];

/** Throws BAD_CSV naming a column that every row needs. */
function requireColumns(name: string, header: readonly string[]): void {
  const missing = ['received', 'y'].filter((column) => !header.includes(column));
  if (missing.length === 0) return;
  throw new OutpostError(
    'BAD_CSV',
    `${name} has no column ${missing.join(' and none named ')}; it has ${shownHeaders(header)}.`,
  );
}

/** Throws BAD_CSV when there were rows and none could be taken in. */
function requireSome(name: string, imported: number, rejected: ImportResult['rejected']): void {
  const [first] = rejected;
  if (imported > 0 || first === undefined) return;
  throw new OutpostError(
    'BAD_CSV',
    `None of the ${counted(rejected.length, 'row')} of ${name} could be taken in. Line ${first.line}: ${first.why}.`,
  );
}

async function importRow(
  trx: StoreTransaction,
  reader: CsvReader,
  name: string,
  { record, info }: Row,
): Promise<string | null> {
  const received = dayIn(record['received'] ?? '');
  if (received === null) return 'received is no date such as 2026-03-01';
  const label = labelIn(record['y'] ?? '');
  if (label === null) return 'y is empty: the outcome is not known';
  if (label === undefined) return `y ${noLabel}`;
  const { facts, problems } = reader.read(Object.values(record));
  if (problems[0] !== undefined) return `${problems[0].column}: ${problems[0].message}`;
  await saveCase(trx, {
    id: uuidv5(`${name}\n${record['reference'] || `line ${info.lines}`}`, namespace),
    source: 'dataset',
    office: record['office'] || 'unknown',
    received,
    ...importedGroups(name, { incident: record['incident'] || null, scammer: record['scammer'] || null }),
    urgent: false,
    facts,
    tactics: facts.tactics,
    scored: null,
    outcome: label === 1 ? 'confirmed_scam' : 'genuine_provider',
    outcomeAt: `${received}T00:00:00.000Z`,
  });
  return null;
}

/**
 * Reads labelled cases from a CSV (columns `received`, `y`, the schema's attributes, optionally `reference`, `office`,
 * `incident`, `scammer`, `tactics`) into the known cases; `name` tells its cases, incidents and scammers from other files'.
 * Rows that cannot be read are left out and named; a file that is no CSV or of which no row can be taken in is refused as
 * a whole with BAD_CSV, and nothing of it is kept.
 */
export async function importDataset(
  db: Store,
  schema: FeatureSchema,
  name: string,
  input: Readable,
  separator = ',',
): Promise<ImportResult> {
  const rejected: { line: number; why: string }[] = [];
  const readers: CsvReader[] = [];
  let [imported, simulated] = [0, 0];
  const parser = input.pipe(
    parse({ delimiter: separator, columns: true, bom: true, info: true, trim: true, skip_empty_lines: true }),
  );
  input.on('error', (error) => parser.destroy(error));
  try {
    await db.transaction().execute(async (trx) => {
      for await (const row of parser as AsyncIterable<Row>) {
        if (readers.length === 0) requireColumns(name, Object.keys(row.record));
        const reader = readers[0] ?? csvReader(schema, Object.keys(row.record), ownColumns);
        if (readers.length === 0) readers.push(reader);
        const why = await importRow(trx, reader, name, row);
        if (why === null && isSimulatedReference(row.record['reference'] ?? '')) simulated += 1;
        if (why === null) imported += 1;
        else rejected.push({ line: row.info.lines, why });
      }
      requireSome(name, imported, rejected);
    });
  } catch (error) {
    // Everything was one transaction: nothing of the file is kept.
    throw explainCsv(error, name);
  }
  return { imported, rejected, unmapped: readers[0]?.unmapped ?? [], simulated };
}
