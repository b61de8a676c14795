import { foreign, OutpostError } from '../../../shared/errors/index.ts';
import type { FromBackend } from '../../../shared/hosting/process-messages.ts';
import type { ChildHandle, SpawnInference } from '../inference/child-handle.ts';
import type { Secrets } from '../vault/keyring.ts';

/** The part of Electron's message ports that is used here; its types are not available to this process. */
export interface BrokeredPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  start(): void;
}

type Tell = (message: FromBackend) => void;

/** The operating system's key protection, asked for through the main process. */
export interface BrokeredSecrets {
  readonly secrets: Secrets;
  settle(id: number, bytes: string): void;
  fail(id: number, message: string): void;
}

/** Makes the secrets; with `canWrap` false there is no protection worth the name, and both are null. */
export function brokerSecrets(tell: Tell, canWrap: boolean): BrokeredSecrets {
  const open = new Map<number, PromiseWithResolvers<Uint8Array>>();
  let last = 0;
  const ask = (kind: 'wrap' | 'unwrap') => (bytes: Uint8Array) => {
    last += 1;
    const asked = Promise.withResolvers<Uint8Array>();
    open.set(last, asked);
    tell({ kind, id: last, bytes: Buffer.from(bytes).toString('base64') });
    return asked.promise;
  };
  const take = (id: number): PromiseWithResolvers<Uint8Array> | undefined => {
    const asked = open.get(id);
    open.delete(id);
    return asked;
  };
  return {
    secrets: canWrap ? { wrap: ask('wrap'), unwrap: ask('unwrap') } : { wrap: null, unwrap: null },
    settle: (id, bytes) => take(id)?.resolve(new Uint8Array(Buffer.from(bytes, 'base64'))),
    fail: (id, message) => take(id)?.reject(new OutpostError('INTERNAL', foreign(message))),
  };
}

interface Brokered {
  readonly handle: ChildHandle;
  started(pid: number | undefined, port: BrokeredPort): void;
  exited(code: number | null): void;
}

function brokeredChild(id: number, tell: Tell): Brokered {
  let pid: number | undefined;
  let port: BrokeredPort | null = null;
  const waiting: unknown[] = [];
  const onMessage: ((message: unknown) => void)[] = [];
  const onExit: ((code: number | null) => void)[] = [];
  return {
    handle: {
      get pid() {
        return pid;
      },
      send: (message) => (port === null ? void waiting.push(message) : port.postMessage(message)),
      onMessage: (listener) => void onMessage.push(listener),
      onExit: (listener) => void onExit.push(listener),
      kill: () => tell({ kind: 'kill_inference', id }),
    },
    started(itsPid, itsPort) {
      pid = itsPid;
      port = itsPort;
      itsPort.on('message', (event) => onMessage.forEach((listener) => listener(event.data)));
      itsPort.start();
      for (const message of waiting.splice(0)) itsPort.postMessage(message);
    },
    exited: (code) => onExit.forEach((listener) => listener(code)),
  };
}

/** Inference processes that the main process starts for the backend, each with a direct line between the two. */
export interface BrokeredInference {
  readonly spawn: SpawnInference;
  started(id: number, pid: number | undefined, port: BrokeredPort): void;
  exited(id: number, code: number | null): void;
}

/** Makes the spawner; what is sent before the line stands is kept and sent then. */
export function brokerInference(tell: Tell): BrokeredInference {
  const children = new Map<number, Brokered>();
  let last = 0;
  return {
    spawn() {
      last += 1;
      const child = brokeredChild(last, tell);
      children.set(last, child);
      tell({ kind: 'spawn_inference', id: last });
      return child.handle;
    },
    started: (id, pid, port) => children.get(id)?.started(pid, port),
    exited(id, code) {
      children.get(id)?.exited(code);
      children.delete(id);
    },
  };
}
