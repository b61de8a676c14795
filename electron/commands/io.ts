import type { Readable, Writable } from 'node:stream';

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
