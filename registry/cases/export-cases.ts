import { Readable } from 'node:stream';
import { caseRowsHead, caseLines } from '../../learning/data/case-rows-file.ts';
import { labelOfCase } from '../../learning/data/known-case.ts';
import { writePacked } from '../../platform/packed-file.ts';
import { instant, type RegistryContext } from '../identity/context.ts';
import { currentSchema } from '../releases/candidates.ts';
import { integrate } from './integrate.ts';
import { knownCasesUnder } from './read-under.ts';
import { isSimulated } from './simulated.ts';

/** What was written as case rows: all cases, and those with a label. */
interface CasesExported {
  readonly cases: number;
  readonly labelled: number;
}

/** Integrates what came in and writes every known case as case rows, compressed where the file's name ends in .gz. */
export async function exportCases(context: RegistryContext, out: string): Promise<CasesExported> {
  await integrate(context.db);
  const from = `outpost-registry/${instant(context).slice(0, 10)}`;
  const [simulated, { schema, texts }] = [await isSimulated(context), await currentSchema(context)];
  const cases = await knownCasesUnder(context.db, schema);
  const lines = Readable.from([caseRowsHead({ simulated, from, schema, texts: [...texts] }), ...caseLines(cases)]);
  await writePacked(out, lines);
  return { cases: cases.length, labelled: cases.filter((known) => labelOfCase(known) !== null).length };
}
