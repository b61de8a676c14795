import type { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { requireRight } from '../identity/access.ts';
import { maxBlobBytes, openBlob, receiveBlob } from '../../platform/blobs/by-hash.ts';
import type { RegistryContext } from '../identity/context.ts';

/** Files of candidates (model, manifest, evidence) by their hash, for signed-in admins only. */
export function fileRoutes(app: FastifyInstance, context: RegistryContext): void {
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    // The body stays a stream: hash and size are checked while it is written.
    scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
    scope.put('/files/:sha256', { bodyLimit: maxBlobBytes }, async (request, reply) => {
      await requireRight(context, request.headers.authorization, 'propose');
      const { sha256 } = request.params as { sha256: string };
      await receiveBlob(context.blobs, sha256, (request.body ?? request.raw) as Readable);
      return reply.status(201).send({ sha256 });
    });
    scope.get('/files/:sha256', async (request, reply) => {
      await requireRight(context, request.headers.authorization, 'read');
      const { stream, length } = await openBlob(context.blobs, (request.params as { sha256: string }).sha256);
      return reply
        .type('application/octet-stream')
        .header('content-length', length)
        .header('cache-control', 'no-store')
        .send(stream);
    });
  });
}
