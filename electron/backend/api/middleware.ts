import { ORPCError } from '@orpc/server';
import type { Logger } from 'pino';
import { errorTable, OutpostError } from '../../../shared/errors/index.ts';
import { sentenceOfIssue } from '../../../shared/errors/issues.ts';
import { storageFailure } from '../../../shared/errors/storage.ts';
import { wireData } from '../../../shared/errors/wire.ts';
import { failureOf } from '../logging/failure.ts';
import { closedByLock } from '../vault/closed-database.ts';
import { sentence } from '../../../shared/language/sentence.ts';

/** Calls that happen by themselves while a window is open: they do not keep the vault open. */
const passive = new Set(['app.status', 'live.changes']);

/** Calls a window makes by itself when it hears of a change: then they are no sign of a person being there. */
const readAgain = new Set([
  'cases.list',
  'cases.get',
  'cases.explain',
  'jobs.list',
  'models.list',
  'monitor.report',
  'sync.status',
  'sync.preview',
  'people.list',
  'settings.get',
  'intake.form',
  'imports.list',
]);

/** What the wrapper around every call needs. */
interface CallHooks {
  readonly logger: Logger;
  readonly touch: () => void;
  /** True shortly after a change was announced to the windows. */
  readonly justChanged: () => boolean;
}

/** Whether a call shows that somebody is there, and so moves the time of locking. */
function byPerson(hooks: CallHooks, path: readonly string[]): boolean {
  const name = path.join('.');
  return !passive.has(name) && !(readAgain.has(name) && hooks.justChanged());
}

function invalidInput(error: ORPCError<string, unknown>): OutpostError {
  const issues =
    (error.cause as { issues?: readonly { path?: readonly unknown[]; message: string }[] } | undefined)?.issues ?? [];
  const field = issues[0]?.path?.map(String).join('.') ?? '';
  const why =
    field === '' ? sentence('api.bad_input') : sentence('api.bad_field', { field, why: sentenceOfIssue(issues[0]) });
  return new OutpostError('BAD_INPUT', why, { cause: error, data: { field } });
}

function known(error: unknown): OutpostError | null {
  const storage = storageFailure(error);
  if (storage !== null) return storage;
  if (error instanceof OutpostError) return error;
  if (error instanceof ORPCError && error.code === 'BAD_REQUEST') return invalidInput(error);
  if (error instanceof Error && error.name === 'AbortError')
    return new OutpostError('CANCELLED', undefined, { cause: error });
  return closedByLock(error);
}

/** The typed error of the contract for anything thrown; what is not in the table is logged and becomes INTERNAL. */
function toContractError(error: unknown, path: readonly string[], logger: Logger): ORPCError<string, unknown> {
  const outpost = known(error) ?? new OutpostError('INTERNAL', undefined, { cause: error });
  if (['INTERNAL', 'DISK_FULL', 'NOT_WRITABLE'].includes(outpost.code)) {
    logger.error({ ...failureOf(error), call: path.join('.') }, 'call failed');
  }
  const { status } = errorTable[outpost.code];
  return new ORPCError(outpost.code, {
    defined: true,
    status,
    message: outpost.message,
    data: wireData(outpost),
    cause: outpost,
  });
}

function isStream(output: unknown): output is AsyncGenerator {
  return typeof output === 'object' && output !== null && Symbol.asyncIterator in output;
}

/** A stream whose failure gets its code; it begins as soon as its first event is asked for. */
async function* withCodes(stream: AsyncGenerator, coded: (error: unknown) => Error): AsyncGenerator {
  try {
    yield* stream;
  } catch (error) {
    throw coded(error);
  }
}

/**
 * Runs a call: notes that a person is there, and gives every failure its code, also that of a stream which fails after the
 * call was answered.
 */
export async function aroundCall<T extends { readonly output: unknown }>(
  hooks: CallHooks,
  path: readonly string[],
  next: () => Promise<T>,
): Promise<T> {
  if (byPerson(hooks, path)) hooks.touch();
  const coded = (error: unknown) => toContractError(error, path, hooks.logger);
  try {
    const result = await next();
    if (!isStream(result.output)) return result;
    return { ...result, output: withCodes(result.output, coded) };
  } catch (error) {
    throw coded(error);
  }
}
