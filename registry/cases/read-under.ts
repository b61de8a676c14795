import type { KnownCase } from '../../learning/data/known-case.ts';
import { factsReader } from '../../shared/encoding/read-under.ts';
import type { FeatureSchema } from '../../shared/encoding/schema.ts';
import { knownSchemas } from '../releases/schemas.ts';
import type { AnyStore } from '../storage/db/tables.ts';
import { knownCases } from './cases.ts';

/**
 * What reads cases as a schema does, each from the form it was taken in with. The facts it gives need no other schema to be
 * encoded, neither here nor on the machine of an approver.
 */
export async function caseReader(db: AnyStore, schema: FeatureSchema): Promise<(known: KnownCase) => KnownCase> {
  const read = factsReader(schema, await knownSchemas(db));
  return (known) => ({ ...known, facts: read(known.facts) });
}

/** `knownCases` as a schema reads them. */
export async function knownCasesUnder(
  db: AnyStore,
  schema: FeatureSchema,
  source?: KnownCase['source'],
): Promise<KnownCase[]> {
  const read = await caseReader(db, schema);
  return (await knownCases(db, source)).map(read);
}
