/**
 * Every error that crosses a boundary of Outpost, defined once.
 * `status` is the HTTP status a transport uses; the code is what callers branch on.
 */
export const errorTable = {
  BAD_INPUT: { status: 400, message: 'The input is not valid.' },
  NOT_FOUND: { status: 404, message: 'This does not exist here.' },
  CONFLICT: { status: 409, message: 'This was changed elsewhere in the meantime.' },
  LOCKED: { status: 423, message: 'Outpost is locked. Unlock it with the passphrase.' },
  WRONG_PASSPHRASE: { status: 403, message: 'The passphrase or recovery key does not fit.' },
  FOLDER_BUSY: { status: 423, message: 'Another Outpost uses this data folder.' },
  BAD_DATABASE: { status: 500, message: 'The database cannot be read. Nothing was changed.' },
  NEWER_DATABASE: { status: 500, message: 'The database was written by a newer Outpost. Nothing was changed.' },
  BAD_MODEL: { status: 422, message: 'The model file was refused. The current model stays active.' },
  BAD_MANIFEST: { status: 422, message: 'The manifest was refused. The current model stays active.' },
  NO_MODEL: { status: 409, message: 'No model is installed. The case is kept and can be scored later.' },
  MODEL_FAILED: { status: 500, message: 'The model could not score. The case is kept and can be scored again.' },
  BAD_CSV: { status: 422, message: 'The CSV file cannot be read.' },
  BAD_COURIER: { status: 422, message: 'The courier file was refused. Nothing was changed.' },
  GAP: { status: 409, message: 'Entries before this range are missing. Nothing was changed.' },
  FORK: { status: 409, message: 'The registry knows another continuation of this log.' },
  BAD_CHAIN: { status: 422, message: 'The entries do not form an unbroken chain. Nothing was stored.' },
  BAD_SIGNATURE: { status: 403, message: 'The signature does not fit. Nothing was changed.' },
  BAD_RECEIPT: { status: 502, message: 'The answer is not a receipt of our registry. Everything stays queued.' },
  NOT_ENROLLED: { status: 403, message: 'This laptop is not enrolled with a registry.' },
  BAD_ENROLMENT: { status: 403, message: 'The enrolment code is not valid or was used already.' },
  OFFLINE: { status: 503, message: 'The registry cannot be reached. Everything stays queued.' },
  BAD_CLOCK: {
    status: 409,
    message: 'The clock of this machine does not fit the newest signature. Nothing was signed.',
  },
  BAD_RELEASE: { status: 422, message: 'The release was refused. The current model stays active.' },
  EXPIRED: { status: 422, message: 'The release information is too old to install from. Scoring goes on.' },
  NOT_APPROVED: { status: 403, message: 'This model is not approved.' },
  FORBIDDEN: { status: 403, message: 'This sign-in may not do that.' },
  DISK_FULL: {
    status: 507,
    message:
      'The disk is full. What was being saved was not saved; what was there before is kept. Free some space, then try again.',
  },
  NOT_WRITABLE: {
    status: 500,
    message: 'The disk or folder can only be read. What was being saved was not saved; what was there before is kept.',
  },
  CANCELLED: { status: 499, message: 'Cancelled. Nothing was changed.' },
  INTERNAL: { status: 500, message: 'Something went wrong inside Outpost. Your data is kept.' },
} as const satisfies Record<string, { status: number; message: string }>;

export type ErrorCode = keyof typeof errorTable;

/** An error with a code from the table, a sentence for people, optional machine-readable data and its cause. */
export class OutpostError extends Error {
  readonly code: ErrorCode;
  readonly data: Record<string, unknown>;

  constructor(code: ErrorCode, message?: string, options: { cause?: unknown; data?: Record<string, unknown> } = {}) {
    super(message ?? errorTable[code].message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'OutpostError';
    this.code = code;
    this.data = options.data ?? {};
  }
}

/** True for errors of the table, also when they carry only the code (after crossing a process boundary). */
export function isOutpostError(error: unknown, code?: ErrorCode): error is OutpostError {
  return error instanceof OutpostError && (code === undefined || error.code === code);
}

/** Sentence for people of any thrown value, without stack or internals. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
