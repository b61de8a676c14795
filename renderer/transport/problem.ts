import { ORPCError } from '@orpc/client';
import { isErrorCode, OutpostError, type ErrorCode } from '../../shared/errors/index.ts';
import { sentenceIn } from '../../shared/errors/wire.ts';
import { sentence, type Sentence } from '../../shared/language/sentence.ts';

/** A failure as shown to people: the code to branch on and what happened, what is safe, what to do. */
export interface Problem {
  readonly code: ErrorCode | 'UNREACHABLE';
  readonly sentence: Sentence;
  /** Name of the entry that was refused, as the contract calls it; absent when the failure is about no entry. */
  readonly field?: string;
}

function fieldOf(data: unknown): { field?: string } {
  if (typeof data !== 'object' || data === null || !('field' in data)) return {};
  return typeof data.field === 'string' && data.field !== '' ? { field: data.field } : {};
}

/** Turns anything thrown by a call into a problem; failures of the transport itself become UNREACHABLE. */
export function problemOf(error: unknown): Problem {
  if (error instanceof OutpostError) return { code: error.code, sentence: error.sentence, ...fieldOf(error.data) };
  if (error instanceof ORPCError) {
    const code = String(error.code);
    if (isErrorCode(code)) return { code, sentence: sentenceIn(error.data, error.message), ...fieldOf(error.data) };
    if (code === 'BAD_REQUEST') return { code: 'BAD_INPUT', sentence: sentence('window_frame.bad_input') };
  }
  return error instanceof TypeError
    ? { code: 'UNREACHABLE', sentence: sentence('window_frame.unreachable') }
    : { code: 'INTERNAL', sentence: sentence('errors.internal') };
}
