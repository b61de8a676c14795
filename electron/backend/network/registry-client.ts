import { createORPCClient, ORPCError } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import type { ContractRouterClient } from '@orpc/contract';
import type { RegistryContract } from '../../../shared/contract/registry.ts';
import { isErrorCode, isOutpostError, OutpostError, type ErrorCode } from '../../../shared/errors/index.ts';
import { sentence, type Sentence } from '../../../shared/language/sentence.ts';
import { sentenceIn } from '../../../shared/errors/wire.ts';
import type { BackendOptions } from '../session/context.ts';
import { offline, startDeadline } from './deadline.ts';
import { baseOf } from './base-address.ts';

export type RegistryClient = ContractRouterClient<RegistryContract>;

/** What one call of the registry needs. */
export interface ClientEnvironment {
  readonly options: Pick<BackendOptions, 'fetch' | 'clock'>;
  readonly signal: AbortSignal;
}

/** Marks an answer that did come, but not from a registry: a captive portal's page, a proxy's error. */
class NotARegistry extends Error {
  constructor(cause: unknown) {
    super('The answer did not come from a registry.', { cause });
    this.name = 'NotARegistry';
  }
}

async function readAnswer(response: Response): Promise<Response> {
  const type = response.headers.get('content-type') ?? '';
  const text = await response.text();
  if (type.includes('json')) return new Response(text, { status: response.status, headers: { 'content-type': type } });
  if (response.status >= 500)
    throw new OutpostError('OFFLINE', sentence('network.registry_answered_status', { status: response.status }));
  throw new NotARegistry(new Error(`status ${response.status}, type ${type.slice(0, 60)}`));
}

async function send(request: Request, environment: ClientEnvironment): Promise<Response> {
  const { options, signal } = environment;
  const deadline = startDeadline(options.clock, AbortSignal.any([signal, request.signal]));
  try {
    return await readAnswer(await options.fetch(new Request(request, { signal: deadline.signal, redirect: 'error' })));
  } catch (error) {
    throw error instanceof NotARegistry ? error : offline(error, signal);
  } finally {
    deadline.end();
  }
}

/** Typed client of the registry at `address`. Wrap every call in `ask`. */
export function registryClient(address: string, environment: ClientEnvironment): RegistryClient {
  const link = new RPCLink({
    url: new URL('rpc', baseOf(address)).href,
    fetch: (request) => send(request, environment),
  });
  return createORPCClient(link);
}

function dataOf(error: ORPCError<string, unknown>): Record<string, unknown> {
  return typeof error.data === 'object' && error.data !== null ? (error.data as Record<string, unknown>) : {};
}

/** What failures of the registry's own machine are to this laptop: it must not report its own disk as full. */
function atRegistry(code: ErrorCode): Sentence | null {
  switch (code) {
    case 'DISK_FULL':
      return sentence('sync.registry_full');
    case 'NOT_WRITABLE':
      return sentence('sync.registry_read_only');
    case 'INTERNAL':
      return sentence('sync.registry_failed');
    default:
      return null;
  }
}

/**
 * Makes one call and turns what goes wrong into an error of the table: the registry's own code, CANCELLED, OFFLINE when
 * nothing came back or the registry's machine failed, BAD_RECEIPT when something else than a registry answered.
 */
export async function ask<T>(signal: AbortSignal, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (isOutpostError(error)) throw error;
    if (error instanceof ORPCError && isErrorCode(error.code)) {
      const data = dataOf(error);
      const theirs = atRegistry(error.code);
      if (theirs !== null) throw new OutpostError('OFFLINE', theirs, { cause: error });
      throw new OutpostError(error.code, sentenceIn(data, error.message), { cause: error, data });
    }
    if (signal.aborted) throw new OutpostError('CANCELLED', undefined, { cause: error });
    throw new OutpostError('BAD_RECEIPT', undefined, { cause: error });
  }
}
