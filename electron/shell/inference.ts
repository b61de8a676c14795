import type { MessageChannelMain, MessagePortMain, UtilityProcess } from 'electron';

/** What is needed to start inference processes. */
interface InferenceBrokerOptions {
  readonly fork: () => UtilityProcess;
  readonly channel: () => MessageChannelMain;
  readonly started: (id: number, pid: number | undefined, port: MessagePortMain) => void;
  readonly exited: (id: number, code: number | null) => void;
}

/** Starts and ends inference processes for the backend, which then talks to them without us in between. */
export interface InferenceBroker {
  spawn(id: number): void;
  kill(id: number): void;
  killAll(): void;
}

/** Makes a broker; ids are given by the backend process and unknown ones are ignored. */
export function createInferenceBroker(options: InferenceBrokerOptions): InferenceBroker {
  const running = new Map<number, UtilityProcess>();
  return {
    spawn(id) {
      const child = options.fork();
      running.set(id, child);
      const { port1, port2 } = options.channel();
      child.once('spawn', () => options.started(id, child.pid, port2));
      child.once('exit', (code) => {
        running.delete(id);
        options.exited(id, code);
      });
      child.postMessage({ kind: 'line' }, [port1]);
    },
    kill: (id) => void running.get(id)?.kill(),
    killAll: () => running.forEach((child) => void child.kill()),
  };
}
