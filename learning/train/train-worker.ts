import { parentPort, workerData } from 'node:worker_threads';
import type { WorkerOrder, WorkerStart, WorkerWord } from './train-in-worker.ts';
import { failureOf } from '../workers/thread-errors.ts';
import { crossValidateRun, trainRun, type RunContext } from './train.ts';
import { validate } from './inner-validation.ts';

// Entry of the thread that trains: one order in, progress and one result out. Only `train-in-worker.ts` starts it.
const { cancel, helpers } = workerData as WorkerStart;

function say(word: WorkerWord): void {
  parentPort?.postMessage(word);
}

function done({ task, settings }: WorkerOrder, context: RunContext): unknown {
  switch (task.work) {
    case 'train':
      return trainRun(task.dataset, settings, context);
    case 'cross-validate':
      return crossValidateRun(task.dataset, settings, context);
    case 'validate':
      return validate(task.blocks, settings, { ...context, seed: settings.seed });
  }
}

parentPort?.once('message', (order: WorkerOrder) => {
  try {
    const context: RunContext = {
      cancelled: () => Atomics.load(cancel, 0) === 1,
      onProgress: (share) => say({ kind: 'progress', share }),
      helpers,
    };
    say({ kind: 'done', result: done(order, context) });
  } catch (error) {
    say(failureOf(error));
  }
});
