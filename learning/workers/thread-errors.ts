import { isOutpostError, messageOf, OutpostError, sentenceOf, type ErrorCode } from '../../shared/errors/index.ts';
import { sentence, type Sentence } from '../../shared/language/sentence.ts';

/** An error on its way from thread to thread, where its class and hidden fields would be lost. */
export interface ThreadFailure {
  readonly kind: 'failed';
  /** Null for an error that nobody expected. */
  readonly code: ErrorCode | null;
  readonly name: string;
  readonly message: string;
  readonly says: Sentence;
  readonly stack: string | null;
  readonly data: Record<string, unknown>;
  readonly cause: ThreadFailure | null;
}

/** Causes of causes that are kept. */
const deepest = 5;

/** What cannot be cloned (functions, handles) stays behind. */
function cloneable(data: Record<string, unknown>): Record<string, unknown> {
  try {
    return structuredClone(data);
  } catch {
    return { notSent: Object.keys(data) };
  }
}

/** An error as plain data that goes to another thread: name, sentence, stack, code, data and causes. */
export function failureOf(error: unknown, depth = 0): ThreadFailure {
  const known = isOutpostError(error);
  const cause = error instanceof Error && error.cause !== undefined && depth < deepest ? error.cause : null;
  return {
    kind: 'failed',
    code: known ? error.code : null,
    name: error instanceof Error ? error.name : 'Error',
    message: messageOf(error),
    says: sentenceOf(error),
    stack: error instanceof Error ? (error.stack ?? null) : null,
    data: known ? cloneable(error.data) : {},
    cause: cause === null ? null : failureOf(cause, depth + 1),
  };
}

function thrownIn({ name, message, stack, cause }: ThreadFailure): Error {
  const error = new Error(message, cause === null ? undefined : { cause: errorIn(cause) });
  error.name = name;
  if (stack !== null) error.stack = stack;
  return error;
}

function errorIn(failure: ThreadFailure): Error {
  const { code, says, data, stack, cause } = failure;
  if (code === null) return thrownIn(failure);
  const error = new OutpostError(code, says, { data, ...(cause === null ? {} : { cause: errorIn(cause) }) });
  if (stack !== null) error.stack = stack;
  return error;
}

/** Where an error came about: the first line of its stack that names a place. */
function placeOf(stack: string | null): string {
  const place = stack?.split('\n').find((line) => /^\s+at /.test(line));
  return place === undefined ? '' : ` ${place.trim()}`;
}

/**
 * The error of another thread. One with a code of ours is itself again; any other is the cause, with name and stack, of
 * an INTERNAL error that says what happened, what is safe and what to do.
 */
export function errorOf(failure: ThreadFailure): OutpostError {
  const error = errorIn(failure);
  if (isOutpostError(error)) return error;
  return new OutpostError(
    'INTERNAL',
    sentence('workers.thread_mistake', { name: failure.name, why: failure.message, place: placeOf(failure.stack) }),
    { cause: error },
  );
}
