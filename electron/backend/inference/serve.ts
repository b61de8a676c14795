import { isOutpostError } from '../../../shared/errors/index.ts';
import { sentence } from '../../../shared/language/sentence.ts';
import { requestSchema, type Reply, type Request } from './messages.ts';
import type { Port } from './port.ts';
import type { Sessions } from './sessions.ts';

function failure(request: Request, error: unknown): Reply {
  const code = isOutpostError(error, 'BAD_MODEL') ? 'BAD_MODEL' : 'MODEL_FAILED';
  // Messages of the runtime about a run may quote the row, so only our own sentences are passed on.
  const why = isOutpostError(error) ? error.sentence : sentence('inference.could_not_score');
  return { kind: 'failed', id: request.id, code, sentence: why };
}

async function answer(sessions: Sessions, request: Request): Promise<Reply> {
  try {
    if (request.kind === 'run') return { kind: 'done', id: request.id, scores: await sessions.run(request) };
    if (request.kind === 'load') await sessions.load(request);
    else await sessions.unload(request.key);
    return { kind: 'done', id: request.id, scores: null };
  } catch (error) {
    return failure(request, error);
  }
}

/** Answers requests from the port until it closes. A message that is no request ends the process: the peer is wrong. */
export function serve(port: Port, sessions: Sessions, exit: (code: number) => void): void {
  port.onClose(() => exit(0));
  port.onMessage((message) => {
    const request = requestSchema.safeParse(message);
    if (!request.success) return exit(70);
    void answer(sessions, request.data).then((reply) => port.send(reply));
  });
}
