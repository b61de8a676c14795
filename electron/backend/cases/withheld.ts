import type { CaseView } from '../../../shared/contract/views.ts';
import type { PrivateCase } from '../../../shared/log/payloads.ts';
import type { CaseRecord } from '../store/cases.ts';
import type { Session } from '../session/context.ts';
import { personalOf, tagTactic } from './intake.ts';
import { newestSchema, readByForm } from './schema.ts';

/**
 * What of a case a redacted report leaves out: tactics and answers that may not leave this laptop, by the very rule they
 * are kept here by.
 */
export function withheldOf(session: Session, record: CaseRecord, own: PrivateCase): CaseView['withheld'] {
  const { schema } = newestSchema(session);
  const isPersonal = personalOf(own, schema);
  const noted = new Set([...own.tacticsGiven, ...record.facts.tactics]);
  const kept = readByForm(session)({ ...record.facts, attributes: own.attributes ?? {} });
  return {
    tactics: [...noted].filter((given) => tagTactic(given, schema, isPersonal).why !== null),
    // Under the names that the form of today has for them, as the facts are shown.
    attributes: Object.entries(kept.attributes).flatMap(([name, value]) => (value === null ? [] : [name])),
  };
}
