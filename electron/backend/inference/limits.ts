/** Resident memory at which the inference process is ended, in bytes: laptops have 4 GB in all. */
export const memoryLimitBytes = 1536 * 1024 * 1024;

export interface InferenceLimits {
  /** Longest time to load a model, in milliseconds; includes the start of the process. */
  readonly loadMs: number;
  /** Longest time for one batch, in milliseconds. */
  readonly runMs: number;
  readonly memoryBytes: number;
  /** How often memory is looked at during a call, in milliseconds. */
  readonly pollMs: number;
  /** Rows sent at a time. */
  readonly batchRows: number;
  /** Model runs spent on one explanation, in rows. */
  readonly explainRows: number;
}

export const defaultLimits: InferenceLimits = {
  loadMs: 30_000,
  runMs: 20_000,
  memoryBytes: memoryLimitBytes,
  pollMs: 250,
  batchRows: 2048,
  explainRows: 4_000,
};
