import { workerData } from 'node:worker_threads';
import { helpWithFits } from '../workers/worker-pool.ts';
import { withoutPersonalNumbers } from './personal-digits.ts';
import type { HelperOrder } from './train-in-worker.ts';

// Entry of a thread that helps the one that trains with its fits. Only `in-worker.ts` starts and ends it.
const { frame, port, cancel } = workerData as HelperOrder;
// As the thread that trains does: both fit the same numbers.
helpWithFits(port, withoutPersonalNumbers(frame), () => Atomics.load(cancel, 0) === 1);
