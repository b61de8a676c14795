import { os } from '@orpc/server';
import { RPCHandler } from '@orpc/server/fastify';
import { fastify, type FastifyInstance } from 'fastify';
import { adminRoutes } from './http/admin.ts';
import type { AppOptions } from './http/options.ts';
import { courierRoutes } from './http/courier.ts';
import { errorBody, errorHandler, malformedCall, toContractError } from './http/errors.ts';
import { OutpostError } from '../shared/errors/index.ts';
import { sentence } from '../shared/language/sentence.ts';
import { fileRoutes } from './http/files.ts';
import { laptopRoutes, type CallContext } from './http/laptops.ts';
import { releaseRoutes } from './http/release-files.ts';

/** Largest remote call, in bytes: a batch of 200 entries is far below it. */
const maxCallBytes = 24 * 1024 * 1024;

function remoteCalls(app: FastifyInstance, { context, logger, watch }: AppOptions): void {
  const errors = os.$context<CallContext>().middleware(async ({ next }) => {
    try {
      return await next();
    } catch (error) {
      throw toContractError(error, logger);
    }
  });
  const router = os
    .$context<CallContext>()
    .use(errors)
    .router({ ...laptopRoutes(context), admin: adminRoutes(context, watch) });
  const handler = new RPCHandler<CallContext>(router, {
    interceptors: [
      async (call) => {
        try {
          return await call.next();
        } catch (error) {
          throw malformedCall(error);
        }
      },
    ],
  });
  app.all('/rpc/*', async (request, reply) => {
    const call = { authorization: request.headers.authorization };
    const { matched } = await handler.handle(request, reply, { prefix: '/rpc', context: call });
    if (!matched) reply.callNotFound();
    return reply;
  });
}

/**
 * Builds the registry's HTTP server without listening. Remote calls are under `/rpc`, release files under `/releases`,
 * candidates' files under `/files`. Bodies are never logged.
 */
export function buildRegistry(options: AppOptions): FastifyInstance {
  const { context, logger } = options;
  const app = fastify({
    loggerInstance: logger,
    bodyLimit: maxCallBytes,
    requestTimeout: 300_000,
  }) as unknown as FastifyInstance;
  app.setErrorHandler(errorHandler(logger));
  app.setNotFoundHandler((_request, reply) =>
    reply.status(404).send(errorBody(new OutpostError('NOT_FOUND', sentence('http.nothing_here')))),
  );
  app.get('/health', async () => ({ registry: context.registry, ok: true }));
  remoteCalls(app, options);
  releaseRoutes(app, context.blobs);
  fileRoutes(app, context);
  courierRoutes(app, context);
  return app;
}
