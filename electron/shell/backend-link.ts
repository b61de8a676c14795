import type { MessageChannelMain, MessagePortMain, UtilityProcess } from 'electron';
import { messageOf } from '../../shared/errors/index.ts';
import type { Sentence } from '../../shared/language/sentence.ts';
import { fromBackendSchema, type FromBackend, type ToBackend } from '../../shared/hosting/process-messages.ts';
import { createInferenceBroker, type InferenceBroker } from './inference.ts';
import type { Keychain } from './keychain.ts';

/** What the link to the backend process is made of. */
export interface BackendLinkOptions {
  readonly forkBackend: () => UtilityProcess;
  readonly forkInference: () => UtilityProcess;
  readonly channel: () => MessageChannelMain;
  readonly keychain: Keychain;
  readonly start: Omit<Extract<ToBackend, { kind: 'start' }>, 'kind' | 'canWrap'>;
  /** `notice` is for who started the program. */
  readonly onReady: (notice: Sentence | null) => void;
  /** The backend could not be opened (folder in use, damaged database …); the sentence is for people. */
  readonly onFailed: (code: string, why: Sentence) => void;
  /** The process ended by itself. `again` = it may be started once more. */
  readonly onGone: (again: boolean) => void;
  readonly now: () => number;
}

/** The main process's end of the line to the backend process. */
export interface BackendLink {
  start(): Promise<void>;
  /** Gives the backend the line to a window. */
  connect(port: MessagePortMain): void;
  /** Asks the backend to lock the vault. */
  lock(): void;
  /** Asks the backend to close everything; resolves when its process has ended. */
  close(): Promise<void>;
}

const MAX_RESTARTS = 3;
const RESTART_WINDOW_MS = 60_000;
const CLOSE_LIMIT_MS = 15_000;

interface State {
  child: UtilityProcess | null;
  inference: InferenceBroker | null;
  readonly ended: number[];
  closing: boolean;
}

function tell(state: State, message: ToBackend, ports: MessagePortMain[] = []): void {
  state.child?.postMessage(message, ports);
}

async function keep(state: State, id: number, work: () => Promise<string>): Promise<void> {
  try {
    tell(state, { kind: 'key', id, bytes: await work() });
  } catch (error) {
    tell(state, { kind: 'key_failed', id, message: messageOf(error) });
  }
}

function listen(state: State, options: BackendLinkOptions, message: FromBackend): void {
  switch (message.kind) {
    case 'ready':
      return options.onReady(message.notice);
    case 'failed':
      return options.onFailed(message.code, message.sentence);
    case 'wrap':
      return void keep(state, message.id, () => options.keychain.wrap(message.bytes));
    case 'unwrap':
      return void keep(state, message.id, () => options.keychain.unwrap(message.bytes));
    case 'spawn_inference':
      return state.inference?.spawn(message.id);
    case 'kill_inference':
      return state.inference?.kill(message.id);
  }
}

function gone(state: State, options: BackendLinkOptions): void {
  state.inference?.killAll();
  state.child = null;
  if (state.closing) return;
  const now = options.now();
  state.ended.push(now);
  const lately = state.ended.filter((at) => now - at < RESTART_WINDOW_MS).length;
  options.onGone(lately <= MAX_RESTARTS);
}

async function start(state: State, options: BackendLinkOptions): Promise<void> {
  const canWrap = await options.keychain.available();
  const child = options.forkBackend();
  state.child = child;
  state.inference = createInferenceBroker({
    fork: options.forkInference,
    channel: options.channel,
    started: (id, pid, port) =>
      tell(state, { kind: 'inference_started', id, ...(pid === undefined ? {} : { pid }) }, [port]),
    exited: (id, code) => tell(state, { kind: 'inference_exited', id, code }),
  });
  child.on('message', (message: unknown) => listen(state, options, fromBackendSchema.parse(message)));
  child.once('exit', () => gone(state, options));
  tell(state, { kind: 'start', ...options.start, canWrap });
}

/**
 * Starts the backend in a process of its own and brokers for it: windows get a port each, keys are wrapped by the
 * operating system, inference processes are started on request. No case passes through here.
 */
export function createBackendLink(options: BackendLinkOptions): BackendLink {
  const state: State = { child: null, inference: null, ended: [], closing: false };
  return {
    start: () => start(state, options),
    connect: (port) => tell(state, { kind: 'window' }, [port]),
    lock: () => tell(state, { kind: 'lock' }),
    async close() {
      state.closing = true;
      const { child } = state;
      if (child === null) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      child.once('exit', () => resolve());
      tell(state, { kind: 'close' });
      // A backend that hangs must not keep the program from ending; every event is on the disk already.
      const limit = setTimeout(() => void child.kill(), CLOSE_LIMIT_MS);
      await promise;
      clearTimeout(limit);
    },
  };
}
