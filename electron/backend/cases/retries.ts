import { errorTable, OutpostError } from '../../../shared/errors/index.ts';
import { storageFailure } from '../../../shared/errors/storage.ts';
import { sentence, type Sentence } from '../../../shared/language/sentence.ts';
import { caseState } from '../store/cases.ts';
import {
  forgetJobFailure,
  jobFailure,
  keepJobFailure,
  type Due,
  type JobFailure,
  type JobKind,
} from '../store/job-failures.ts';
import type { BackendOptions, Session } from '../session/context.ts';

const minute = 60_000;
/** Pauses after the first, second, … failure at a case, in milliseconds; after the one that follows it is given up. */
const pauses = [minute, 10 * minute, 60 * minute, 6 * 60 * minute] as const;
/** The longest pause, in milliseconds. */
export const longestPause = pauses[3];

/** What noting a try takes from its surroundings. */
export type TryOptions = Pick<BackendOptions, 'clock' | 'appVersion'>;

/** Pause after a number of failures in a row, in milliseconds; the longest one from then on. */
export function pauseAfterTries(tries: number): number {
  return pauses[Math.max(1, tries) - 1] ?? longestPause;
}

/** What may be tried at this time. */
export function dueAt({ clock }: Pick<TryOptions, 'clock'>): Due {
  const now = clock.now();
  return { now: new Date(now).toISOString(), latest: new Date(now + longestPause).toISOString() };
}

/** Words of another program are not kept: they may quote what they choked on. */
function reasonOf(error: unknown): Sentence {
  if (!(error instanceof OutpostError)) return sentence(errorTable.INTERNAL.says);
  return error.sentence.code === 'errors.foreign' ? sentence(errorTable[error.code].says) : error.sentence;
}

/** Whether an error says nothing about the case: the disk is full, or the vault was locked in between. */
function isElsewhere(session: Session, error: unknown): boolean {
  if (!session.db.open || storageFailure(error) !== null) return true;
  return error instanceof OutpostError && ['LOCKED', 'CANCELLED', 'NO_MODEL'].includes(error.code);
}

/** A try at a case that failed; `byPerson` when somebody asked for it before it was due. */
interface FailedTry {
  readonly kind: JobKind;
  readonly id: string;
  readonly error: unknown;
  readonly byPerson?: boolean;
}

/** Notes that something failed at a case, and when it is tried again. False when the failure is not about the case. */
export function noteFailure(session: Session, options: TryOptions, { kind, id, error, byPerson }: FailedTry): boolean {
  const { clock, appVersion } = options;
  if (isElsewhere(session, error)) return false;
  // It may have been erased while the model ran.
  if (caseState(session.db, id) !== 'here') return true;
  const before = jobFailure(session.db, kind, id);
  // Two were at it at the same time: that is one try.
  if (before !== null && byPerson !== true && !isDue(before, options)) return true;
  const tries = (before?.tries ?? 0) + 1;
  const nextTry = tries > pauses.length ? null : new Date(clock.now() + pauseAfterTries(tries)).toISOString();
  keepJobFailure(session.db, kind, id, { tries, nextTry, why: reasonOf(error) }, appVersion);
  return true;
}

/** Notes that something went well at a case. True when it had failed before. */
export function noteSuccess(session: Session, kind: JobKind, id: string): boolean {
  return forgetJobFailure(session.db, kind, id);
}

/** True when what failed at a case may be tried again by itself. */
export function isDue({ nextTry }: JobFailure, options: Pick<TryOptions, 'clock'>): boolean {
  if (nextTry === null) return false;
  const { now, latest } = dueAt(options);
  return nextTry <= now || nextTry > latest;
}

/** What a case's page says of reasons that could not be worked out: what failed, how often, and what happens next. */
export function reasonsFailed({ tries, nextTry, why }: JobFailure, cause?: unknown): OutpostError {
  const words =
    nextTry === null
      ? sentence('jobs.reasons_given_up', { why, tries })
      : sentence('jobs.reasons_put_off', { why, tries, at: nextTry });
  return new OutpostError('MODEL_FAILED', words, { data: { tries, nextTry }, cause });
}
