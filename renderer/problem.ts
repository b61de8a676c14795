import { ORPCError } from '@orpc/client';
import { isErrorCode, OutpostError, type ErrorCode } from '../shared/errors/index.ts';
import { text } from './strings.ts';

/** A failure as shown to people: the code to branch on and what happened, what is safe, what to do. */
export interface Problem {
  readonly code: ErrorCode | 'UNREACHABLE';
  readonly message: string;
  /** Name of the entry that was refused, as the contract calls it; absent when the failure is about no entry. */
  readonly field?: string;
}

function fieldOf(data: unknown): { field?: string } {
  if (typeof data !== 'object' || data === null || !('field' in data)) return {};
  return typeof data.field === 'string' && data.field !== '' ? { field: data.field } : {};
}

/** Turns anything thrown by a call into a problem; failures of the transport itself become UNREACHABLE. */
export function problemOf(error: unknown): Problem {
  if (error instanceof OutpostError) return { code: error.code, message: error.message, ...fieldOf(error.data) };
  if (error instanceof ORPCError) {
    const code = String(error.code);
    if (isErrorCode(code)) return { code, message: error.message, ...fieldOf(error.data) };
    return code === 'BAD_REQUEST'
      ? { code: 'BAD_INPUT', message: text.frame.badInput }
      : { code: 'INTERNAL', message: new OutpostError('INTERNAL').message };
  }
  if (error instanceof TypeError) return { code: 'UNREACHABLE', message: text.frame.unreachable };
  return { code: 'INTERNAL', message: new OutpostError('INTERNAL').message };
}
