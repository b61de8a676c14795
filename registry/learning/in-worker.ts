import { Worker } from 'node:worker_threads';
import { OutpostError, type ErrorCode } from '../../shared/errors/index.ts';
import type { Dataset } from './dataset.ts';
import type { CrossValidation } from './fitting.ts';
import type { TrainSettings } from './settings.ts';
import type { TrainResult } from './train.ts';

/** What the training thread is started with. The frame's arrays are shared, not copied. */
export interface WorkerOrder {
  readonly work: 'train' | 'cross-validate';
  readonly dataset: Dataset;
  readonly settings: TrainSettings;
  /** One number: 1 asks the thread to stop. */
  readonly cancel: Int32Array;
}

/** What the training thread says. */
export type WorkerWord =
  | { readonly kind: 'progress'; readonly share: number }
  | { readonly kind: 'done'; readonly result: unknown }
  | { readonly kind: 'failed'; readonly code: ErrorCode; readonly message: string };

export interface InWorkerOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called with the share of the work that is done, 0 to 1. */
  readonly onProgress?: ((share: number) => void) | undefined;
}

/** Does a piece of work in a thread and answers what it says; the caller knows what that is. */
async function inWorker(order: Omit<WorkerOrder, 'cancel'>, { signal, onProgress }: InWorkerOptions): Promise<unknown> {
  if (signal?.aborted === true) throw new OutpostError('CANCELLED', 'Training was cancelled.');
  const cancel = new Int32Array(new SharedArrayBuffer(4));
  const workerData: WorkerOrder = { ...order, cancel };
  const worker = new Worker(new URL('./train-worker.ts', import.meta.url), { workerData });
  const stop = (): void => void Atomics.store(cancel, 0, 1);
  signal?.addEventListener('abort', stop);
  try {
    return await new Promise<unknown>((resolve, reject) => {
      worker.on('message', (word: WorkerWord) => {
        if (word.kind === 'progress') onProgress?.(word.share);
        else if (word.kind === 'done') resolve(word.result);
        else reject(new OutpostError(word.code, word.message));
      });
      worker.on('error', (cause) =>
        reject(new OutpostError('INTERNAL', 'Training ended: its thread failed or ran out of memory.', { cause })),
      );
      worker.on('exit', () => reject(new OutpostError('INTERNAL', 'Training ended without a result.')));
    });
  } finally {
    signal?.removeEventListener('abort', stop);
    await worker.terminate();
  }
}

/**
 * `trainRun` in a thread of its own, so that whoever asks stays responsive; the same dataset and settings give the same
 * bytes as without a thread. Throws what `trainRun` throws, CANCELLED when the signal aborts, and INTERNAL when the
 * thread ends without a word (out of memory).
 */
export async function trainInWorker(
  dataset: Dataset,
  settings: TrainSettings,
  options: InWorkerOptions = {},
): Promise<TrainResult> {
  return (await inWorker({ work: 'train', dataset, settings }, options)) as TrainResult;
}

/** `crossValidateRun` in a thread of its own; throws as `trainInWorker` does. */
export async function crossValidateInWorker(
  dataset: Dataset,
  settings: TrainSettings,
  options: InWorkerOptions = {},
): Promise<CrossValidation> {
  return (await inWorker({ work: 'cross-validate', dataset, settings }, options)) as CrossValidation;
}
