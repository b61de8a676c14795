import { v7 } from 'uuid';
import type { Intake } from '../../../shared/contract/views.ts';
import type { InconclusiveReason, Outcome } from '../../../shared/domain/verdict.ts';
import type { DescribedSchema } from '../../../shared/encoding/schema-texts.ts';
import { OutpostError } from '../../../shared/errors/index.ts';
import { sentence } from '../../../shared/language/sentence.ts';
import type { BackendOptions, Session } from '../session/context.ts';
import { caseByReference, type CaseRecord } from '../store/cases.ts';
import { splitIntake, type SplitIntake } from './intake.ts';
import { nextReference, noteReference } from './references.ts';
import { isHidden } from './views.ts';

/** What an investigator found out. */
export interface OutcomeInput {
  readonly outcome: Outcome;
  readonly reason: InconclusiveReason | null;
  readonly note: string;
}

/** How a case is saved where it is not simply taken in now. */
interface SaveOptions {
  /** Milliseconds since the epoch; the clock's now when not given. */
  readonly at?: number;
  /** Its id; a new one when not given. */
  readonly id?: string;
  /** The import that brings it and which row of a file it was. */
  readonly imported?: { readonly id: string; readonly row: string };
  /** It comes with its outcome, for training only. */
  readonly historical?: boolean;
}

/** Takes a reference when no other case has it (`own` is the case it is for); CONFLICT naming that case otherwise. */
export function freeReference({ db }: Pick<Session, 'db'>, given: string, own: string | null): string {
  const reference = given.trim();
  const other = caseByReference(db, reference);
  if (other === null || other === own) return reference;
  throw new OutpostError('CONFLICT', sentence('cases.reference_taken', { reference }), {
    data: { field: 'reference', case: other },
  });
}

/** Appends a case, within the caller's transaction. BAD_INPUT names the field; CONFLICT for a reference that is taken. */
export function saveCase(
  session: Session,
  { clock, random }: Pick<BackendOptions, 'clock' | 'random'>,
  schema: DescribedSchema,
  intake: Intake,
  { at, id: own, imported, historical = false }: SaveOptions = {},
): { id: string; reference: string; split: SplitIntake } {
  const given = intake.reference.trim() === '' ? nextReference(session) : intake.reference;
  const reference = freeReference(session, given, null);
  const split = splitIntake(intake, schema, reference);
  noteReference(session, reference);
  const id = own ?? v7({ msecs: at ?? clock.now(), random: random(16) });
  session.log().append({
    type: 'case.received',
    public: {
      case: id,
      received: intake.received,
      urgent: intake.urgent,
      facts: split.facts,
      ...(imported === undefined ? {} : { import: imported.id }),
      ...(historical ? { historical } : {}),
    },
    private: imported === undefined ? split.own : { ...split.own, importRow: imported.row },
    ...(at === undefined ? {} : { at }),
  });
  return { id, reference, split };
}

/** Appends an outcome with the score that was seen before it, within the caller's transaction. */
export function appendOutcome(session: Session, record: CaseRecord, input: OutcomeInput, at?: number): void {
  if ((input.outcome === 'inconclusive') !== (input.reason !== null)) {
    throw new OutpostError('BAD_INPUT', sentence('cases.inconclusive_outcome_takes_reason'), {
      data: { field: 'reason' },
    });
  }
  const { score, model } = record;
  const seen = score !== null && model !== null && !isHidden(record) ? { score, model } : null;
  session.log().append({
    type: 'case.outcome',
    public: { case: record.id, outcome: input.outcome, reason: input.reason, seen },
    private: { note: input.note },
    ...(at === undefined ? {} : { at }),
  });
}
