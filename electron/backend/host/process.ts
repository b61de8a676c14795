import type { AnyRouter } from '@orpc/server';
import { isOutpostError, sentenceOf } from '../../../shared/errors/index.ts';
import { toBackendSchema, type FromBackend, type ToBackend } from '../../../shared/hosting/process-messages.ts';
import type { Sentence } from '../../../shared/language/sentence.ts';
import type { SpawnInference } from '../inference/child-handle.ts';
import type { Secrets } from '../vault/keyring.ts';
import {
  brokerInference,
  brokerSecrets,
  type BrokeredInference,
  type BrokeredPort,
  type BrokeredSecrets,
} from './brokered.ts';
import { createPortTransport, type PortTransport } from './message-port.ts';

/** The line to the main process, as Electron gives it to a utility process. */
export interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown; ports: BrokeredPort[] }) => void): unknown;
}

type StartMessage = Extract<ToBackend, { kind: 'start' }>;

/** What the backend of this process is made of; the rest comes from the composition root. */
export interface ProcessStart {
  readonly message: StartMessage;
  readonly secrets: Secrets;
  readonly spawnInference: SpawnInference;
}

/** The part of a backend that its process needs. */
export interface HostedBackend {
  readonly router: AnyRouter;
  /** What who started the program has to know once it is ready. */
  readonly notice?: Sentence;
  lock(): Promise<void>;
  close(): Promise<void>;
}

interface State {
  readonly inference: BrokeredInference;
  secrets: BrokeredSecrets | null;
  transport: Promise<PortTransport> | null;
  backend: Promise<HostedBackend> | null;
}

type Make = (start: ProcessStart) => Promise<HostedBackend>;
type Tell = (message: FromBackend) => void;

function start(state: State, tell: Tell, make: Make, message: StartMessage): void {
  if (state.backend !== null) return;
  state.secrets = brokerSecrets(tell, message.canWrap);
  state.backend = make({ message, secrets: state.secrets.secrets, spawnInference: state.inference.spawn });
  state.transport = state.backend.then((backend) => createPortTransport(backend.router));
  Promise.all([state.backend, state.transport]).then(
    ([{ notice = null }]) => tell({ kind: 'ready', notice }),
    (error: unknown) => {
      tell({ kind: 'failed', code: isOutpostError(error) ? error.code : 'INTERNAL', sentence: sentenceOf(error) });
    },
  );
}

async function serveWindow(state: State, port: BrokeredPort | undefined): Promise<void> {
  if (port === undefined || state.transport === null) return;
  // When the backend could not be made, the main process has the reason; there is nothing to serve.
  const transport = await state.transport.catch(() => null);
  transport?.serve(port);
}

async function lock(state: State): Promise<void> {
  // One that could not be made has nothing open; the main process has the reason.
  const backend = await state.backend?.catch(() => null);
  await backend?.lock();
}

async function close(state: State, exit: (code: number) => void): Promise<void> {
  try {
    await (await state.backend)?.close();
    exit(0);
  } catch {
    exit(1); // The main process has the reason, or is about to see the code.
  }
}

/**
 * Runs a backend inside a process that the desktop shell started: waits for the `start` message, serves a port per
 * window, and asks the main process for keys and inference processes. Messages it cannot understand end the process,
 * since both sides are of one build. `exit` is called when all is closed.
 */
export function runBackendProcess(parent: ParentPort, make: Make, exit: (code: number) => void): void {
  const tell: Tell = (message) => parent.postMessage(message);
  const state: State = { inference: brokerInference(tell), secrets: null, transport: null, backend: null };
  parent.on('message', ({ data, ports }) => {
    const message = toBackendSchema.parse(data);
    const [port] = ports;
    switch (message.kind) {
      case 'start':
        return start(state, tell, make, message);
      case 'window':
        return void serveWindow(state, port);
      case 'key':
        return state.secrets?.settle(message.id, message.bytes);
      case 'key_failed':
        return state.secrets?.fail(message.id, message.message);
      case 'inference_started':
        return port && state.inference.started(message.id, message.pid, port);
      case 'inference_exited':
        return state.inference.exited(message.id, message.code);
      case 'lock':
        return void lock(state);
      case 'close':
        return void close(state, exit);
    }
  });
}
