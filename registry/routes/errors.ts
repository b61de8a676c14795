import { ORPCError } from '@orpc/server';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { errorTable, OutpostError } from '../../shared/errors/index.ts';
import { storageFailure } from '../../shared/errors/storage.ts';

/** Plain shape of an error on routes that are not remote calls. */
export interface ErrorBody {
  readonly code: string;
  readonly message: string;
  readonly data: Record<string, unknown>;
}

/** Turns what a handler threw into the contract's error. Anything unexpected becomes INTERNAL and is logged without contents. */
export function toContractError(error: unknown, logger: Pick<Logger, 'error'>): ORPCError<string, unknown> {
  if (error instanceof ORPCError && Object.hasOwn(errorTable, error.code)) return error;
  if (error instanceof ORPCError && error.code === 'BAD_REQUEST') return badInputOf(error);
  const storage = storageFailure(error);
  if (storage !== null) logger.error({ code: storage.code }, 'nothing can be stored');
  const known = storage ?? error;
  if (known instanceof OutpostError) {
    return new ORPCError(known.code, {
      defined: true,
      status: errorTable[known.code].status,
      message: known.message,
      data: known.data,
      cause: known,
    });
  }
  logger.error(
    {
      name: error instanceof Error ? error.name : typeof error,
      stack: error instanceof Error ? error.stack : undefined,
    },
    'unexpected error',
  );
  const { status, message } = errorTable.INTERNAL;
  return new ORPCError('INTERNAL', { defined: true, status, message, data: {}, cause: error });
}

/** The framework's own refusals of an input, in the contract's words: names fields, never repeats values. */
function badInputOf(error: ORPCError<string, unknown>): ORPCError<string, unknown> {
  const issues = (error.data as { issues?: { path?: PropertyKey[] }[] } | undefined)?.issues ?? [];
  const fields = [...new Set(issues.map((issue) => (issue.path ?? []).map(String).join('.')))]
    .filter((field) => field !== '')
    .slice(0, 5);
  const message = fields.length === 0 ? errorTable.BAD_INPUT.message : `The input is not valid: ${fields.join(', ')}.`;
  return new ORPCError('BAD_INPUT', {
    defined: true,
    status: errorTable.BAD_INPUT.status,
    message,
    data: { fields },
    cause: error,
  });
}

/** For bodies that are JSON but no call; what handlers throw was turned into a contract error before. */
export function malformedCall(error: unknown): ORPCError<string, unknown> {
  if (error instanceof ORPCError) return error;
  const { status, message } = errorTable.BAD_INPUT;
  return new ORPCError('BAD_INPUT', { defined: true, status, message, data: {}, cause: error });
}

function describe(error: unknown, logger: Pick<Logger, 'error'>): { status: number; body: ErrorBody } {
  const status = (error as Partial<FastifyError>).statusCode;
  if (!(error instanceof OutpostError) && status !== undefined && status >= 400 && status < 500) {
    const message =
      status === 413 ? 'The request is too large. Send it in smaller parts.' : 'The request cannot be read.';
    return { status, body: { code: 'BAD_INPUT', message, data: {} } };
  }
  const known = toContractError(error, logger);
  return {
    status: known.status,
    body: { code: known.code, message: known.message, data: known.data as Record<string, unknown> },
  };
}

/** Answers errors outside of remote calls, in the shape the caller's protocol expects. */
export function errorHandler(logger: Pick<Logger, 'error'>) {
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): void => {
    const { status, body } = describe(error, logger);
    const remoteCall = request.url.startsWith('/rpc/');
    void reply.status(status).send(remoteCall ? { json: { defined: true, status, ...body } } : body);
  };
}
