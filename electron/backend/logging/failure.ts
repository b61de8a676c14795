import { OutpostError } from '../../../shared/errors/index.ts';

/** What a log may say of a failure. */
interface Failure {
  readonly kind: string;
  readonly code?: string;
  readonly at?: readonly string[];
}

/**
 * Kind, code and place of a failure, never its message: messages of libraries may quote what they choked on, and that
 * may be words of a case.
 */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { kind: typeof error };
  const at =
    error.stack
      ?.split('\n')
      .filter((line) => line.startsWith('    at '))
      .slice(0, 8) ?? [];
  return { kind: error.name, at, ...(error instanceof OutpostError ? { code: error.code } : {}) };
}
