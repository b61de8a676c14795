import type { Facts } from '../../../shared/domain/facts.ts';
import type { DescribedSchema } from '../../../shared/encoding/schema-texts.ts';
import type { PrivateCase } from '../../../shared/log/payloads.ts';
import type { Session } from '../session/context.ts';
import { privateCaseOf, type CaseRecord } from '../store/cases.ts';
import { readByForm } from './schema.ts';
import type { SplitIntake } from './intake.ts';

type Answers = Facts['attributes'];

function unasked({ schema }: DescribedSchema, { attributes }: Facts): Answers {
  const asked = new Set(schema.attributes.map(({ name }) => name));
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => !asked.has(name)));
}

function withAnswers(own: PrivateCase, answers: Answers): PrivateCase {
  const attributes = { ...answers, ...own.attributes };
  return Object.keys(attributes).length === 0 ? own : { ...own, attributes };
}

/**
 * An edit with the answers of the case that the form does not ask for, as those of another issuer's schema: it leaves them
 * as they are, those that may leave and those that stay here.
 */
export function withUnasked(
  session: Session,
  form: DescribedSchema,
  record: CaseRecord,
  { facts, own }: SplitIntake,
): SplitIntake {
  const read = readByForm(session);
  const before = privateCaseOf(session.db, record.current_event).attributes ?? {};
  return {
    facts: { ...facts, attributes: { ...unasked(form, read(record.facts)), ...facts.attributes } },
    own: withAnswers(own, unasked(form, read({ ...record.facts, attributes: before }))),
  };
}
