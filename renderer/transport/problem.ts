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
  /** The case it is about, where the failure names one. */
  readonly case?: string;
}

/** What a failure names by machine: the entry that was refused, the case it is about. */
function namedIn(data: unknown): Pick<Problem, 'field' | 'case'> {
  if (typeof data !== 'object' || data === null) return {};
  const named = data as Readonly<Record<string, unknown>>;
  const of = (name: 'field' | 'case'): Pick<Problem, 'field' | 'case'> =>
    typeof named[name] === 'string' && named[name] !== '' ? { [name]: named[name] } : {};
  return { ...of('field'), ...of('case') };
}

/** Turns anything thrown by a call into a problem; failures of the transport itself become UNREACHABLE. */
export function problemOf(error: unknown): Problem {
  if (error instanceof OutpostError) return { code: error.code, sentence: error.sentence, ...namedIn(error.data) };
  if (error instanceof ORPCError) {
    const code = String(error.code);
    if (isErrorCode(code)) return { code, sentence: sentenceIn(error.data, error.message), ...namedIn(error.data) };
    if (code === 'BAD_REQUEST') return { code: 'BAD_INPUT', sentence: sentence('window_frame.bad_input') };
  }
  return error instanceof TypeError
    ? { code: 'UNREACHABLE', sentence: sentence('window_frame.unreachable') }
    : { code: 'INTERNAL', sentence: sentence('errors.internal') };
}
