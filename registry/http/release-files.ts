import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { OutpostError } from '../../shared/errors/index.ts';
import type { BlobStore } from '../../platform/blobs/blob-store.ts';

/** Start and end (inclusive) of a single byte range; null for none, 'bad' for one that cannot be given. */
function parseRange(header: string | undefined, length: number): { start: number; end: number } | null | 'bad' {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (match === null || (match[1] === '' && match[2] === '')) return null; // several ranges may be answered with the whole
  const [, first = '', last = ''] = match;
  const start = first === '' ? Math.max(0, length - Number(last)) : Number(first);
  const end = first === '' || last === '' ? length - 1 : Math.min(Number(last), length - 1);
  return start > end || start >= length ? 'bad' : { start, end };
}

/** Answers with a blob, or the part of it that is asked for. NOT_FOUND without words: its name says nothing to a stranger. */
async function sendBlob(
  request: FastifyRequest,
  reply: FastifyReply,
  blobs: BlobStore,
  name: string,
): Promise<FastifyReply> {
  const length = await blobs.size(name);
  if (length === null) throw new OutpostError('NOT_FOUND');
  void reply.header('accept-ranges', 'bytes').header('x-content-type-options', 'nosniff');
  const range = parseRange(request.headers.range, length);
  if (range === 'bad') return reply.status(416).header('content-range', `bytes */${length}`).send();
  const part = await blobs.open(name, range ?? undefined);
  if (range !== null) void reply.status(206).header('content-range', `bytes ${range.start}-${range.end}/${length}`);
  return reply.header('content-length', part.length).send(part.stream);
}

const kinds = {
  metadata: { type: 'application/json', cache: 'no-cache' },
  targets: { type: 'application/octet-stream', cache: 'public, max-age=3600, immutable' },
} as const;

/** Release metadata and target files as plain files; single byte ranges let an interrupted download go on. */
export function releaseRoutes(app: FastifyInstance, blobs: BlobStore): void {
  for (const [kind, { type, cache }] of Object.entries(kinds)) {
    app.get(`/releases/${kind}/*`, (request, reply) => {
      void reply.type(type).header('cache-control', cache);
      return sendBlob(request, reply, blobs, `releases/${kind}/${(request.params as { '*': string })['*']}`);
    });
  }
}
