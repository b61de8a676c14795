import { z } from 'zod';

/** The child's end of the line to its supervisor, however it was started. */
export interface Port {
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called when the other end is gone. */
  onClose(listener: () => void): void;
}

/** The part of Electron's message ports that is used here; its types are not available to this process. */
interface MessagePortLike {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown; ports: MessagePortLike[] }) => void): void;
  on(event: 'close', listener: () => void): void;
  start?(): void;
}

const parentPortSchema = z.looseObject({
  parentPort: z.custom<MessagePortLike>((value) => typeof value === 'object' && value !== null),
});

function forked(): Port {
  return {
    send: (message) => process.send?.(message),
    onMessage: (listener) => process.on('message', listener),
    onClose: (listener) => process.on('disconnect', listener),
  };
}

/**
 * A utility process may be handed a port to another process in its first message: from then on it talks over that.
 * Without one it talks to whoever started it.
 */
function utility(parent: MessagePortLike): Port {
  let peer = parent;
  const listeners: ((message: unknown) => void)[] = [];
  const closers: (() => void)[] = [];
  const deliver = (message: unknown): void => listeners.forEach((listener) => listener(message));
  parent.on('message', ({ data, ports }) => {
    const [given] = ports;
    if (given === undefined) return deliver(data);
    peer = given;
    given.on('message', (event) => deliver(event.data));
    given.on('close', () => closers.forEach((close) => close()));
    given.start?.();
  });
  return {
    send: (message) => peer.postMessage(message),
    onMessage: (listener) => void listeners.push(listener),
    onClose: (listener) => void closers.push(listener),
  };
}

/**
 * Finds the line to the supervisor: `parentPort` of an Electron utility process, else the fork's channel. `host` is
 * the process the program runs in.
 */
export function openPort(host: object = process): Port {
  const found = parentPortSchema.safeParse(host);
  return found.success ? utility(found.data.parentPort) : forked();
}
