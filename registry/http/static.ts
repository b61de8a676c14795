import { createReadStream, statSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { OutpostError } from '../../shared/errors/index.ts';
import { metadataFolder, targetsFolder } from '../releases/repository.ts';

/** Start and end (inclusive) of a single byte range; null for none, 'bad' for one that cannot be given. */
export function parseRange(header: string | undefined, length: number): { start: number; end: number } | null | 'bad' {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (match === null || (match[1] === '' && match[2] === '')) return null; // several ranges may be answered with the whole
  const [, first = '', last = ''] = match;
  const start = first === '' ? Math.max(0, length - Number(last)) : Number(first);
  const end = first === '' || last === '' ? length - 1 : Math.min(Number(last), length - 1);
  return start > end || start >= length ? 'bad' : { start, end };
}

function fileIn(folder: string, path: string): { file: string; length: number } {
  // Only what this registry writes: no dot files, no way up, no empty parts.
  if (!/^(?:[a-z0-9][a-z0-9._-]*\/)*[a-z0-9][a-z0-9._-]*$/.test(path)) throw new OutpostError('NOT_FOUND');
  const file = join(folder, path);
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat === undefined || !stat.isFile()) throw new OutpostError('NOT_FOUND');
  return { file, length: stat.size };
}

function sendFile(
  request: FastifyRequest,
  reply: FastifyReply,
  folder: string,
  type: string,
  cache: string,
): FastifyReply {
  const { file, length } = fileIn(folder, (request.params as { '*': string })['*']);
  void reply
    .type(type)
    .header('accept-ranges', 'bytes')
    .header('cache-control', cache)
    .header('x-content-type-options', 'nosniff');
  const range = parseRange(request.headers.range, length);
  if (range === 'bad') return reply.status(416).header('content-range', `bytes */${length}`).send();
  const { start, end } = range ?? { start: 0, end: length - 1 };
  if (range !== null) void reply.status(206).header('content-range', `bytes ${start}-${end}/${length}`);
  void reply.header('content-length', length === 0 ? 0 : end - start + 1);
  return reply.send(length === 0 ? '' : createReadStream(file, { start, end }));
}

/** Release metadata and target files as plain files; single byte ranges let an interrupted download go on. */
export function releaseRoutes(app: FastifyInstance, folder: string): void {
  const hour = 'public, max-age=3600, immutable';
  app.get('/releases/metadata/*', (request, reply) =>
    sendFile(request, reply, metadataFolder(folder), 'application/json', 'no-cache'),
  );
  app.get('/releases/targets/*', (request, reply) =>
    sendFile(request, reply, targetsFolder(folder), 'application/octet-stream', hour),
  );
}
