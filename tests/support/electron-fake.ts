import { EventEmitter } from 'node:events';
import { MessageChannel, type MessagePort } from 'node:worker_threads';

/** One end of a message channel with the interface of Electron's main process, over a real port. */
export class FakePort extends EventEmitter {
  readonly port: MessagePort;

  constructor(port: MessagePort) {
    super();
    this.port = port;
    port.on('close', () => this.emit('close'));
  }
  postMessage(message: unknown): void {
    this.port.postMessage(message);
  }
  /** Messages wait until then; a listener of Node would start the port by itself, Electron's does not. */
  start(): void {
    this.port.on('message', (data: unknown) => this.emit('message', { data, ports: [] }));
  }
  close(): void {
    this.port.close();
  }
}

/** Electron's `MessageChannelMain` over a channel of `node:worker_threads`. */
export class FakeChannel {
  readonly port1: FakePort;
  readonly port2: FakePort;

  constructor() {
    const { port1, port2 } = new MessageChannel();
    this.port1 = new FakePort(port1);
    this.port2 = new FakePort(port2);
  }
}

/** A message on its way to or from a fake process. */
export interface FakeMessage {
  readonly data: unknown;
  readonly ports: FakePort[];
}

/** Electron's `UtilityProcess` without a process: the test plays the child through `parentPort` and `end`. */
export class FakeProcess extends EventEmitter {
  pid: number | undefined;
  killed = false;
  readonly received: FakeMessage[] = [];
  readonly parentPort = new EventEmitter() as EventEmitter & { postMessage(message: unknown): void };

  constructor() {
    super();
    // What the child says arrives a moment later, as it would from another process.
    this.parentPort.postMessage = (message) => void setImmediate(() => this.emit('message', structuredClone(message)));
  }
  postMessage(data: unknown, ports: FakePort[] = []): void {
    const message = { data: structuredClone(data), ports };
    this.received.push(message);
    setImmediate(() => this.parentPort.emit('message', message));
  }
  spawned(pid: number): void {
    this.pid = pid;
    this.emit('spawn');
  }
  end(code: number): void {
    this.emit('exit', code);
  }
  kill(): boolean {
    this.killed = true;
    return true;
  }
}

/** The messages of one kind that a fake process was sent. */
export function sentTo(process: FakeProcess, kind: string): FakeMessage[] {
  return process.received.filter(({ data }) => (data as { kind?: string }).kind === kind);
}
