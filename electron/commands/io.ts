import type { Readable, Writable } from 'node:stream';
import { isOutpostError, type ErrorCode } from '../../shared/errors/index.ts';

/** What a command is given instead of reaching for the process. */
export interface CommandIo {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
  /** Folder of the bundled release. */
  readonly modelsDir: string;
  /** Aborted when the person interrupts the command. */
  readonly signal: AbortSignal;
}

const codes: Partial<Record<ErrorCode, number>> = {
  BAD_CSV: 2,
  BAD_INPUT: 2,
  BAD_MODEL: 3,
  BAD_MANIFEST: 3,
  FOLDER_BUSY: 4,
  MODEL_FAILED: 5,
  NOT_APPROVED: 6,
  CANCELLED: 130,
};

/** Exit code of an error, as `--help` documents it; 1 for anything unexpected. */
export function exitCodeOf(error: unknown): number {
  return isOutpostError(error) ? (codes[error.code] ?? 1) : 1;
}

export const exitCodesHelp = `
Exit codes:
  0    done
  1    something unexpected went wrong
  2    the input or an option was refused; a file named by --out was not written
  3    the model or its manifest was refused
  4    another Outpost uses the data folder
  5    the model failed while scoring
  6    an approval was refused
  130  interrupted`;
