import { sentence, type Sentence } from '../../shared/language/sentence.ts';
import { datedAhead, type DatedAhead } from '../../learning/data/future-dates.ts';
import { collectRejections, isReason, notDrawn, type Rejections } from '../../learning/data/rejections.ts';
import type { Store, StoreTransaction } from '../storage/db/tables.ts';
import { readCaseRows, readCaseRowsHead, type CaseRowsHead } from '../../learning/data/case-rows-file.ts';
import { labelOfCase, lookWeight, type KnownCase } from '../../learning/data/known-case.ts';
import { findCase, saveCase } from './cases.ts';
import { importedGroups } from './imported-groups.ts';

export interface CasesImported {
  readonly head: CaseRowsHead;
  readonly imported: number;
  /** Of these, the cases that were not known before. */
  readonly added: number;
  readonly rejected: Rejections;
  readonly unlabelled: number;
  readonly afterToday: DatedAhead;
}

async function importCase(
  trx: StoreTransaction,
  known: KnownCase,
  fileName: string,
): Promise<Sentence | { added: boolean }> {
  if (lookWeight(known) === null) return notDrawn;
  const there = await findCase(trx, known.id);
  if (there !== null && there.source !== 'dataset') return sentence('row.known_from_laptop');
  await saveCase(trx, { ...known, ...importedGroups(fileName, known), source: 'dataset' });
  return { added: there === null };
}

/**
 * Takes the labelled cases of case rows into the known cases, with their first scores, from which their weights follow.
 * Cases that laptops sent stay as they are; the same file again changes nothing; lines that cannot be read are left out
 * and named. Throws as `readCaseRowsHead`; nothing of such a file is kept. `name` tells its incidents and scammers from other files'.
 */
export async function importCaseRows(db: Store, name: string, file: string, now: number): Promise<CasesImported> {
  const head = await readCaseRowsHead(file);
  const rejections = collectRejections();
  const days: string[] = [];
  let [imported, added, unlabelled] = [0, 0, 0];
  await db.transaction().execute(async (trx) => {
    for await (const line of readCaseRows(file, head.schema)) {
      if ('why' in line) rejections.add(line.line, line.why);
      else if (labelOfCase(line.known) === null) unlabelled += 1;
      else {
        const done = await importCase(trx, line.known, name);
        if (isReason(done)) rejections.add(line.line, done);
        else {
          imported += 1;
          added += Number(done.added);
          days.push(line.known.received);
        }
      }
    }
  });
  return { head, imported, added, rejected: rejections.all(), unlabelled, afterToday: datedAhead(days, now) };
}
