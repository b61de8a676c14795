import { sentence, type PlainCode, type Sentence } from '../language/sentence.ts';
import { inEnglish } from './in-english.ts';

/**
 * Every error that crosses a boundary of Outpost, defined once.
 * `status` is the HTTP status a transport uses, `says` the sentence when there is none of its own; the code is what
 * callers branch on.
 */
export const errorTable = {
  BAD_INPUT: { status: 400, says: 'errors.bad_input' },
  NOT_FOUND: { status: 404, says: 'errors.not_found' },
  CONFLICT: { status: 409, says: 'errors.conflict' },
  LOCKED: { status: 423, says: 'errors.locked' },
  WRONG_PASSPHRASE: { status: 403, says: 'errors.wrong_passphrase' },
  FOLDER_BUSY: { status: 423, says: 'errors.folder_busy' },
  BAD_DATABASE: { status: 500, says: 'errors.bad_database' },
  NEWER_DATABASE: { status: 500, says: 'errors.newer_database' },
  BAD_MODEL: { status: 422, says: 'errors.bad_model' },
  BAD_MANIFEST: { status: 422, says: 'errors.bad_manifest' },
  NO_MODEL: { status: 409, says: 'errors.no_model' },
  MODEL_FAILED: { status: 500, says: 'errors.model_failed' },
  BAD_CSV: { status: 422, says: 'errors.bad_csv' },
  BAD_COURIER: { status: 422, says: 'errors.bad_courier' },
  GAP: { status: 409, says: 'errors.gap' },
  FORK: { status: 409, says: 'errors.fork' },
  BAD_CHAIN: { status: 422, says: 'errors.bad_chain' },
  BAD_SIGNATURE: { status: 403, says: 'errors.bad_signature' },
  BAD_RECEIPT: { status: 502, says: 'errors.bad_receipt' },
  NOT_ENROLLED: { status: 403, says: 'errors.not_enrolled' },
  BAD_ENROLMENT: { status: 403, says: 'errors.bad_enrolment' },
  OFFLINE: { status: 503, says: 'errors.offline' },
  BAD_CLOCK: { status: 409, says: 'errors.bad_clock' },
  BAD_RELEASE: { status: 422, says: 'errors.bad_release' },
  EXPIRED: { status: 422, says: 'errors.expired' },
  NOT_APPROVED: { status: 403, says: 'errors.not_approved' },
  FORBIDDEN: { status: 403, says: 'errors.forbidden' },
  DISK_FULL: { status: 507, says: 'errors.disk_full' },
  NOT_WRITABLE: { status: 500, says: 'errors.not_writable' },
  CANCELLED: { status: 499, says: 'errors.cancelled' },
  INTERNAL: { status: 500, says: 'errors.internal' },
} as const satisfies Record<string, { status: number; says: PlainCode }>;

export type ErrorCode = keyof typeof errorTable;

/** An error with a code from the table, a sentence for people, optional machine-readable data and its cause. */
export class OutpostError extends Error {
  readonly code: ErrorCode;
  readonly sentence: Sentence;
  readonly data: Record<string, unknown>;

  /** Without a sentence of its own the error has that of its code. */
  constructor(code: ErrorCode, own?: Sentence, options: { cause?: unknown; data?: Record<string, unknown> } = {}) {
    const words = own ?? sentence(errorTable[code].says);
    super(inEnglish(words), options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'OutpostError';
    this.code = code;
    this.sentence = words;
    this.data = options.data ?? {};
  }
}

/** True for errors of the table, also when they carry only the code (after crossing a process boundary). */
export function isOutpostError(error: unknown, code?: ErrorCode): error is OutpostError {
  return error instanceof OutpostError && (code === undefined || error.code === code);
}

/** True for the codes of the table. */
export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorTable, code);
}

/** Words of another program (the system, a library) about a failure: there is no sentence of ours for them. */
export function foreign(text: string): Sentence {
  return sentence('errors.foreign', { text });
}

/** What to say to people of any thrown value, without stack or internals. */
export function sentenceOf(error: unknown): Sentence {
  if (isOutpostError(error)) return error.sentence;
  return foreign(error instanceof Error ? error.message : String(error));
}

/** The English words of any thrown value; rooms that carry sentences as data use {@link sentenceOf}. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
