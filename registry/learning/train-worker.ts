import { parentPort, workerData } from 'node:worker_threads';
import { isOutpostError, messageOf } from '../../shared/errors/index.ts';
import type { WorkerOrder, WorkerWord } from './in-worker.ts';
import { crossValidateRun, trainRun, type RunContext } from './train.ts';

// Entry of the thread that trains: one order in, progress and one result out. Only `in-worker.ts` starts it.
const { work, dataset, settings, cancel, helpers } = workerData as WorkerOrder;

function say(word: WorkerWord): void {
  parentPort?.postMessage(word);
}

try {
  const context: RunContext = {
    cancelled: () => Atomics.load(cancel, 0) === 1,
    onProgress: (share) => say({ kind: 'progress', share }),
    helpers,
  };
  const run = work === 'train' ? trainRun : crossValidateRun;
  say({ kind: 'done', result: run(dataset, settings, context) });
} catch (error) {
  // Classes do not survive the way to another thread: code and sentence do.
  if (isOutpostError(error)) say({ kind: 'failed', code: error.code, message: error.message });
  else say({ kind: 'failed', code: 'INTERNAL', message: messageOf(error) });
}
