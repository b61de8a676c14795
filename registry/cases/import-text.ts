import { aheadLines } from '../../learning/data/future-dates.ts';
import { listed, sentence, type Text } from '../../shared/language/sentence.ts';
import type { CasesImported } from './import-case-rows.ts';
import type { ImportResult } from './import-csv.ts';

/** Rows left out that are named one by one. */
const mostNamed = 20;

/** What came of taking cases in, as lines. */
export function importedLines({
  imported,
  added,
  rejected,
  unlabelled,
  afterToday,
}: Omit<CasesImported, 'head'>): Text[] {
  const counts = { imported, left: rejected.total };
  return [
    added === imported
      ? sentence('registry.cases_imported', counts)
      : sentence('registry.cases_imported_again', { ...counts, added, known: imported - added }),
    ...rejected.first.slice(0, mostNamed).map(({ line, why }) => sentence('rows.at_line', { line, why })),
    ...(unlabelled === 0 ? [] : [sentence('registry.unlabelled_left_out', { count: unlabelled })]),
    ...aheadLines(afterToday),
  ];
}

/** The same of a CSV file, with what it says of invented cases and of columns that are not used. */
export function importedCsvLines(done: ImportResult): Text[] {
  const { simulated, unmapped } = done;
  return [
    ...importedLines(done),
    ...(simulated === 0 ? [] : [sentence('registry.simulated_references', { count: simulated })]),
    ...(unmapped.length === 0 ? [] : [sentence('registry.columns_not_used', { columns: listed(unmapped) })]),
  ];
}
