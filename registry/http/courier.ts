import type { FastifyInstance } from 'fastify';
import { courierLimits } from '../../shared/courier/format.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import type { RegistryContext } from '../identity/context.ts';
import { importUp } from '../laptops/courier.ts';

/**
 * Takes courier files over HTTP, from whoever forwards them: a file proves itself by its signature, and the answer is
 * sealed for the laptop it came from.
 */
export function courierRoutes(app: FastifyInstance, context: RegistryContext): void {
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('application/octet-stream', { parseAs: 'buffer' }, (_request, body, done) =>
      done(null, body),
    );
    scope.post('/courier', { bodyLimit: courierLimits.sealed }, async (request, reply) => {
      if (!Buffer.isBuffer(request.body)) throw new OutpostError('BAD_COURIER');
      const answer = await importUp(context, new Uint8Array(request.body));
      return reply.type('application/octet-stream').header('cache-control', 'no-store').send(Buffer.from(answer.bytes));
    });
  });
}
