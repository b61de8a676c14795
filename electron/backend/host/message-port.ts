import type { SupportedMessagePort } from '@orpc/client/message-port';
import type { AnyRouter } from '@orpc/server';
import { RPCHandler } from '@orpc/server/message-port';

/** Carries calls of the backend's contract over message ports, one per window. */
export interface PortTransport {
  /** Answers calls that come in through a port until it closes; what is still running then is cancelled. */
  serve(port: SupportedMessagePort): void;
}

/** Makes the transport over a router. The same file serves Electron's ports and those of `node:worker_threads`. */
export function createPortTransport(router: AnyRouter): PortTransport {
  const handler = new RPCHandler(router);
  return {
    serve(port) {
      handler.upgrade(port);
      // A port is silent until it is started; those of a browser start by themselves only with `onmessage`.
      if ('start' in port && typeof port.start === 'function') port.start();
    },
  };
}
