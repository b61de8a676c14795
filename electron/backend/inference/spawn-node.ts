import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { quietRuntime } from '../../../shared/hosting/quiet-runtime.ts';
import type { SpawnInference } from './child-handle.ts';

/** Variables a program needs to start on some systems; nothing else of the environment, secrets least of all, is passed on. */
const passedOn = ['SystemRoot', 'TEMP', 'TMP', 'TMPDIR', 'LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH'];

/** Starts the inference process under plain Node. */
export function spawnNodeInference(): SpawnInference {
  return () => {
    const given = passedOn.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : []));
    const env = { ...Object.fromEntries(given), ...quietRuntime };
    const child = fork(fileURLToPath(new URL('./child.ts', import.meta.url)), [], {
      serialization: 'advanced',
      execArgv: [],
      env,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    return {
      pid: child.pid,
      send: (message) => void child.send(message as Parameters<typeof child.send>[0], () => undefined),
      onMessage: (listener) => void child.on('message', listener),
      onExit: (listener) => {
        // A child that could not be started, or was sent to after its end, reports an error and perhaps no exit.
        child.on('error', () => listener(null));
        child.on('exit', (code) => listener(code));
      },
      kill: () => void child.kill('SIGKILL'),
    };
  };
}
