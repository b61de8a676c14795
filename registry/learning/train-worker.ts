import { parentPort, workerData } from 'node:worker_threads';
import { isOutpostError, messageOf } from '../../shared/errors/index.ts';
import type { WorkerOrder, WorkerWord } from './in-worker.ts';
import { trainRun } from './train.ts';

// Entry of the thread that trains: one order in, progress and one result out. Only `trainInWorker` starts it.
const { dataset, settings, cancel } = workerData as WorkerOrder;

function say(word: WorkerWord): void {
  parentPort?.postMessage(word);
}

try {
  const result = trainRun(dataset, settings, {
    cancelled: () => Atomics.load(cancel, 0) === 1,
    onProgress: (share) => say({ kind: 'progress', share }),
  });
  say({ kind: 'done', result });
} catch (error) {
  // Classes do not survive the way to another thread: code and sentence do.
  if (isOutpostError(error)) say({ kind: 'failed', code: error.code, message: error.message });
  else say({ kind: 'failed', code: 'INTERNAL', message: messageOf(error) });
}
