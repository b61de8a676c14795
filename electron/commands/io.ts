import type { Readable } from 'node:stream';
import type { Output } from '../../platform/command-io.ts';

/** What a command is given instead of reaching for the process. */
export interface CommandIo extends Output {
  readonly stdin: Readable;
  /** Folder of the bundled release. */
  readonly modelsDir: string;
  /** Aborted when the person interrupts the command. */
  readonly signal: AbortSignal;
}
