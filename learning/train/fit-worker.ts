import { parentPort, workerData } from 'node:worker_threads';
import type { Frame } from '../dataset/frame.ts';
import { helpWithFits } from '../workers/worker-pool.ts';
import { withoutPersonalNumbers } from './personal-digits.ts';
import type { HelperStart } from './train-in-worker.ts';

// Entry of a thread that helps the one that trains with its fits. Only `train-in-worker.ts` starts and ends it.
const { port, cancel } = workerData as HelperStart;
parentPort?.once('message', (frame: Frame) => {
  // As the thread that trains does: both fit the same numbers.
  helpWithFits(port, withoutPersonalNumbers(frame), () => Atomics.load(cancel, 0) === 1);
});
