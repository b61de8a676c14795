import { isOutpostError, type ErrorCode } from './index.ts';

const codes: Partial<Record<ErrorCode, number>> = {
  BAD_CSV: 2,
  BAD_INPUT: 2,
  NOT_FOUND: 2,
  BAD_COURIER: 2,
  WRONG_PASSPHRASE: 2,
  FORBIDDEN: 2,
  BAD_MODEL: 3,
  BAD_MANIFEST: 3,
  DISK_FULL: 2,
  NOT_WRITABLE: 2,
  FOLDER_BUSY: 4,
  MODEL_FAILED: 5,
  NOT_APPROVED: 6,
  BAD_CLOCK: 7,
  CANCELLED: 130,
};

/** Exit code of wrong arguments, as of any other input that is refused. */
export const badUse = 2;

/** Exit code of an error, as `--help` of the three command lines documents it: 2 for what was asked and is not there, or cannot be read; 1 for anything that has no code of its own. */
export function exitCodeOf(error: unknown): number {
  return isOutpostError(error) ? (codes[error.code] ?? 1) : 1;
}
