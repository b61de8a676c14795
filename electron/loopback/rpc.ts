import type { AnyRouter } from '@orpc/server';
import { BodyLimitPlugin, RPCHandler } from '@orpc/server/node';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerText } from './responses.ts';
import type { OpenWindows } from './open-windows.ts';
import type { Language } from '../../shared/language/language.ts';
import { sentence } from '../../shared/language/sentence.ts';

/** The longest narrative with all its facts stays far below; files do not come this way. */
const MAX_CALL_BYTES = 4 * 1024 * 1024;
export const RPC_PREFIX = '/rpc';
const CHANGES = `${RPC_PREFIX}/live/changes`;

/** Carries calls of the backend's contract over HTTP and tells who is there. */
export type RpcTransport = (request: IncomingMessage, response: ServerResponse, pathname: string) => Promise<void>;

function count(pathname: string, response: ServerResponse, presence: OpenWindows): void {
  if (pathname === CHANGES) {
    presence.windowOpened();
    response.once('close', () => presence.windowClosed());
  } else {
    presence.workBegan();
    response.once('close', () => presence.workEnded());
  }
}

/** Makes the transport over a router. An open stream of changes counts as a window, every other call as work. */
export function createRpcTransport(router: AnyRouter, presence: OpenWindows, language: Language): RpcTransport {
  const handler = new RPCHandler(router, { plugins: [new BodyLimitPlugin({ maxBodySize: MAX_CALL_BYTES })] });
  return async (request, response, pathname) => {
    if (request.method !== 'POST') return answerText(response, 405, sentence('host.calls_by_post'), language);
    count(pathname, response, presence);
    const { matched } = await handler.handle(request, response, { prefix: RPC_PREFIX });
    if (!matched) answerText(response, 404, sentence('host.no_such_call'), language);
  };
}
