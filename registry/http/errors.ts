import { ORPCError } from '@orpc/server';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { errorTable, isErrorCode, OutpostError } from '../../shared/errors/index.ts';
import { storageFailure } from '../../shared/errors/storage.ts';
import { wireData } from '../../shared/errors/wire.ts';
import { listed, sentence } from '../../shared/language/sentence.ts';

/** Plain shape of an error on routes that are not remote calls. */
interface ErrorBody {
  readonly code: string;
  readonly message: string;
  readonly data: Record<string, unknown>;
}

/** An error of ours as such a route sends it. */
export function errorBody(error: OutpostError): ErrorBody {
  return { code: error.code, message: error.message, data: wireData(error) };
}

function asCall(error: OutpostError): ORPCError<string, unknown> {
  return new ORPCError(error.code, {
    defined: true,
    status: errorTable[error.code].status,
    message: error.message,
    data: wireData(error),
    cause: error,
  });
}

/** Turns what a handler threw into the contract's error. Anything unexpected becomes INTERNAL and is logged without contents. */
export function toContractError(error: unknown, logger: Pick<Logger, 'error'>): ORPCError<string, unknown> {
  if (error instanceof ORPCError && isErrorCode(error.code)) return error;
  if (error instanceof ORPCError && error.code === 'BAD_REQUEST') return badInputOf(error);
  const storage = storageFailure(error);
  if (storage !== null) logger.error({ code: storage.code }, 'nothing can be stored');
  const known = storage ?? error;
  if (known instanceof OutpostError) return asCall(known);
  logger.error(
    {
      name: error instanceof Error ? error.name : typeof error,
      stack: error instanceof Error ? error.stack : undefined,
    },
    'unexpected error',
  );
  return asCall(new OutpostError('INTERNAL', undefined, { cause: error }));
}

/** The framework's own refusals of an input, in the contract's words: names fields, never repeats values. */
function badInputOf(error: ORPCError<string, unknown>): ORPCError<string, unknown> {
  const issues = (error.data as { issues?: { path?: PropertyKey[] }[] } | undefined)?.issues ?? [];
  const fields = [...new Set(issues.map((issue) => (issue.path ?? []).map(String).join('.')))]
    .filter((field) => field !== '')
    .slice(0, 5);
  const says = fields.length === 0 ? undefined : sentence('errors.bad_fields', { fields: listed(fields) });
  return asCall(new OutpostError('BAD_INPUT', says, { cause: error, data: { fields } }));
}

/** For bodies that are JSON but no call; what handlers throw was turned into a contract error before. */
export function malformedCall(error: unknown): ORPCError<string, unknown> {
  return error instanceof ORPCError ? error : asCall(new OutpostError('BAD_INPUT', undefined, { cause: error }));
}

function describe(error: unknown, logger: Pick<Logger, 'error'>): { status: number; body: ErrorBody } {
  const status = (error as Partial<FastifyError>).statusCode;
  const refused = !(error instanceof OutpostError) && status !== undefined && status >= 400 && status < 500;
  const says = sentence(status === 413 ? 'errors.request_too_large' : 'errors.request_unreadable');
  const known = refused ? asCall(new OutpostError('BAD_INPUT', says)) : toContractError(error, logger);
  return {
    status: refused ? status : known.status,
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
