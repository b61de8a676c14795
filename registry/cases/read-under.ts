import type { KnownCase } from '../../learning/data/known-case.ts';
import { factsReader } from '../../shared/encoding/read-under.ts';
import type { FeatureSchema } from '../../shared/encoding/schema.ts';
import { knownSchemas } from '../releases/schemas.ts';
import type { AnyStore } from '../storage/db/tables.ts';
import { knownCases } from './cases.ts';

/**
 * What reads some cases as a schema does, each from the form it was taken in with. The facts it gives need no other schema to be
 * encoded, neither here nor on the machine of an approver.
 */
export async function caseReader(
  db: AnyStore,
  schema: FeatureSchema,
  cases: readonly KnownCase[],
): Promise<(known: KnownCase) => KnownCase> {
  const forms = cases.map(({ facts }) => facts.schema.hash).filter((hash) => hash !== undefined);
  const read = factsReader(schema, await knownSchemas(db, forms));
  return (known) => ({ ...known, facts: read(known.facts) });
}

/** `knownCases` as a schema reads them. */
export async function knownCasesUnder(
  db: AnyStore,
  schema: FeatureSchema,
  source?: KnownCase['source'],
): Promise<KnownCase[]> {
  const cases = await knownCases(db, source);
  return cases.map(await caseReader(db, schema, cases));
}
