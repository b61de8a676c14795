import { basename } from 'node:path';
import { v5 as uuidv5 } from 'uuid';
import type { DescribedSchema } from '../../shared/encoding/schema-texts.ts';
import type { DecimalSign } from '../../shared/encoding/csv-numbers.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { datedAhead, type DatedAhead } from '../../learning/data/future-dates.ts';
import { csvRows, findSeparator, shownHeaders } from '../../learning/data/csv-rows.ts';
import { eachLabelledRow, type AddRow } from '../../learning/data/read-training.ts';
import type { Rejections } from '../../learning/data/rejections.ts';
import { isSimulatedReference } from '../../learning/data/simulated-references.ts';
import type { Store } from '../storage/db/tables.ts';
import { type KnownCase } from '../../learning/data/known-case.ts';
import { knownIds, saveCase } from './cases.ts';
import { importedGroups } from './imported-groups.ts';
import { storedName } from '../../shared/language/stored-name.ts';
import { sentence, type Sentence } from '../../shared/language/sentence.ts';

/** Namespace of ids made from a data set's name and a row's reference: the same file again changes nothing. */
const namespace = '5b0c7f6e-5f0b-4a53-9d0f-6f0a4d2f1c11';

export interface ImportResult {
  readonly imported: number;
  /** Of these, the cases that were not known before. */
  readonly added: number;
  readonly rejected: Rejections;
  readonly afterToday: DatedAhead;
  /** Rows whose label is empty or inconclusive: they are left out. */
  readonly unlabelled: number;
  readonly unmapped: readonly string[];
  /** Cases taken in whose reference is the simulator's: they are invented. */
  readonly simulated: number;
  /** What is to be said of how signs and dates were read. */
  readonly notes: readonly Sentence[];
}

const [labelColumn, timeColumn] = ['y', 'received'];

/** Throws BAD_CSV naming a column that every row needs. */
async function requireColumns(file: string, separator: string): Promise<void> {
  const rows = csvRows(file, separator);
  const header = (await rows.next()).value!.cells;
  await rows.return(undefined);
  const missing = [timeColumn, labelColumn].filter((column) => !header.includes(column));
  const [first, second] = missing;
  if (first === undefined) return;
  const shown = { file: basename(file), first, columns: shownHeaders(header) };
  throw new OutpostError(
    'BAD_CSV',
    second === undefined ? sentence('cases.no_column', shown) : sentence('cases.no_columns', { ...shown, second }),
  );
}

/** Collects the rows of a file as known cases. */
function collectCases(name: string, header: readonly string[]) {
  const cases: KnownCase[] = [];
  let simulated = 0;
  const cell = (cells: readonly string[], column: string): string => cells[header.indexOf(column)]?.trim() ?? '';
  const add: AddRow = ({ facts, label, received, incident = null, scammer = null }, line, cells) => {
    const reference = cell(cells, 'reference');
    if (isSimulatedReference(reference)) simulated += 1;
    cases.push({
      id: uuidv5(`${name}\n${reference || storedName`line ${line}`}`, namespace),
      source: 'dataset',
      office: cell(cells, 'office') || 'unknown',
      received: received!, // every row has one: the column is required
      ...importedGroups(name, { incident, scammer }),
      urgent: false,
      facts,
      tactics: facts.tactics,
      scored: null,
      outcome: label === 1 ? 'confirmed_scam' : 'genuine_provider',
      outcomeAt: `${received}T00:00:00.000Z`,
    });
  };
  return { add, all: () => ({ cases, simulated }) };
}

/** A file of labelled cases, and the name that tells its cases from those of others. */
interface ImportSource {
  readonly name: string;
  readonly file: string;
  /** Sign between the cells; without it, as the first line shows. */
  readonly separator?: string | null | undefined;
  /** The sign before the decimals of its numbers; a point unless said otherwise. */
  readonly decimal?: DecimalSign | undefined;
  /** Further spellings of unknown. */
  readonly missing?: readonly string[] | undefined;
}

/**
 * Reads labelled cases from a CSV (columns `received`, `y`, the schema's attributes, optionally `reference`, `office`,
 * `incident`, `scammer`, `tactics`) into the known cases; `name` tells its cases, incidents and scammers from other files'.
 * Rows that cannot be read are left out and named; a file is refused as a whole, and nothing of it kept, as
 * `eachLabelledRow` does.
 */
export async function importDataset(
  db: Store,
  schema: DescribedSchema,
  { name, file, separator: wanted = null, decimal, missing }: ImportSource,
  now: number,
): Promise<ImportResult> {
  const { separator, note } = await findSeparator(file, wanted);
  await requireColumns(file, separator);
  const started: ReturnType<typeof collectCases>[] = [];
  const columns = { label: labelColumn, time: timeColumn, separator, decimal, missing };
  const read = await eachLabelledRow(file, schema, columns, (header) => {
    started.push(collectCases(name, header));
    return started[0]!.add;
  });
  const { cases, simulated } = started[0]!.all();
  const ids = [...new Set(cases.map((known) => known.id))];
  const added = await db.transaction().execute(async (trx) => {
    const there = await knownIds(trx, ids);
    for (const known of cases) await saveCase(trx, known);
    return ids.length - there.size;
  });
  const { rejected, unlabelled, unmapped } = read;
  const notes = [...(note === null ? [] : [note]), ...read.notes];
  const afterToday = datedAhead(
    cases.map((known) => known.received),
    now,
  );
  return { imported: cases.length, added, rejected, unlabelled, afterToday, unmapped, simulated, notes };
}
