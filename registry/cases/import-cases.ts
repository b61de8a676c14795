import { basename } from 'node:path';
import { kindOfFile } from '../../learning/data/file-kind.ts';
import { withCompanions } from '../../shared/encoding/companions.ts';
import { complaintsSchema } from '../../shared/encoding/complaints.ts';
import type { DecimalSign } from '../../shared/encoding/csv-numbers.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { sentence } from '../../shared/language/sentence.ts';
import type { RegistryContext } from '../identity/context.ts';
import { importCaseRows, type CasesImported } from './import-case-rows.ts';
import { importDataset, type ImportResult } from './import-csv.ts';
import { markSimulated } from './simulated.ts';

/** What is said of a file of labelled cases besides its name. */
interface ImportRequest {
  readonly file: string;
  /** Sign between the cells of a CSV file; without it, as the first line shows. */
  readonly separator?: string | undefined;
  /** The sign before the decimals of its numbers; a point unless said otherwise. */
  readonly decimal?: DecimalSign | undefined;
  /** Further spellings of unknown in a CSV file. */
  readonly missing?: readonly string[] | undefined;
  /** True: the cases are invented. Files say so themselves where they can. */
  readonly simulated?: boolean | undefined;
}

/** Whether a file is read as case rows or as CSV; BAD_INPUT for a dataset, which holds no single cases. */
export async function importedKind(file: string): Promise<'cases' | 'csv'> {
  const kind = await kindOfFile(file);
  if (kind === 'dataset') throw new OutpostError('BAD_INPUT', sentence('registry.dataset_no_cases'));
  return kind;
}

/** Takes a CSV file of labelled cases in, and remembers when some of them are invented. Throws as `importDataset`. */
export async function importCsvFile(
  context: RegistryContext,
  { file, separator, decimal, missing, simulated }: ImportRequest,
): Promise<ImportResult> {
  const from = { name: basename(file), file, separator, decimal, missing };
  const result = await importDataset(context.db, withCompanions(complaintsSchema), from, context.clock.now());
  if (simulated === true || result.simulated > 0) await markSimulated(context.db);
  return result;
}

/** Takes case rows in, and remembers when the cases are invented. Throws as `importCaseRows`. */
export async function importCasesOf(
  context: RegistryContext,
  { file, simulated }: ImportRequest,
): Promise<CasesImported> {
  const result = await importCaseRows(context.db, basename(file), file, context.clock.now());
  if (simulated === true || result.head.simulated) await markSimulated(context.db);
  return result;
}
