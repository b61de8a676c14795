import { availableParallelism } from 'node:os';
import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads';
import { OutpostError } from '../../shared/errors/index.ts';
import type { TrainingRows } from '../dataset/dataset.ts';
import type { CrossValidation } from './fitting.ts';
import type { Frame } from '../dataset/frame.ts';
import type { TrainSettings } from './settings.ts';
import { errorOf, type ThreadFailure } from '../workers/thread-errors.ts';
import type { TrainResult } from './train.ts';
import type { Validation, ValidationBlock } from './inner-validation.ts';
import { sentence } from '../../shared/language/sentence.ts';

/** What the thread is to do, and with what. The arrays of frames are shared, not copied. */
type WorkerTask =
  | { readonly work: 'train' | 'cross-validate'; readonly dataset: TrainingRows }
  | { readonly work: 'validate'; readonly blocks: readonly ValidationBlock[] };

/** What the training thread is started with. */
export interface WorkerStart {
  /** One number: 1 asks the threads to stop. */
  readonly cancel: Int32Array;
  /** Where the helpers are spoken to. */
  readonly helpers: readonly MessagePort[];
}

/** What it is told to do, once. */
export interface WorkerOrder {
  readonly task: WorkerTask;
  readonly settings: TrainSettings;
}

/** What a thread that helps with fits is started with. What it is told, once, is the frame. */
export interface HelperStart {
  readonly cancel: Int32Array;
  readonly port: MessagePort;
}

/** What the training thread says. */
export type WorkerWord =
  | { readonly kind: 'progress'; readonly share: number }
  | { readonly kind: 'done'; readonly result: unknown }
  | ThreadFailure;

interface InWorkerOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called with the share of the work that is done, 0 to 1. */
  readonly onProgress?: ((share: number) => void) | undefined;
  /** Threads that share the fits; as many as cores and rows are worth unless said. What comes out is the same. */
  readonly threads?: number | undefined;
  /** Threads that wait for this work already. They end with it. */
  readonly started?: StartedThreads | undefined;
}

/** Rows that make a further thread worth its start, and most threads: one for each of five folds and the whole. */
const rowsPerThread = 10_000;
const mostThreads = 6;

/** How many threads are worth their start for so many rows, on so many cores. */
export function threadsFor(rows: number, cores = availableParallelism()): number {
  return Math.max(1, Math.min(cores, mostThreads, Math.floor(rows / rowsPerThread)));
}

/** Rows whose fits several threads can share; null where fits follow one another on frames of their own. */
function sharedFrame({ task }: WorkerOrder): Frame | null {
  return task.work === 'validate' ? null : task.dataset.frame;
}

/** A task without what a thread has no use for: the names of a million incidents would be copied for nothing. */
function lightTask(task: WorkerTask): WorkerTask {
  if (task.work === 'validate') return task;
  const { schema, texts, frame, received, incidents, scammers, tactics, hash, format } = task.dataset;
  return { work: task.work, dataset: { schema, texts, frame, received, incidents, scammers, tactics, hash, format } };
}

/** Threads that wait for one piece of work, the first of which does it. */
export interface StartedThreads {
  readonly workers: readonly Worker[];
  readonly cancel: Int32Array;
  /** What the first one says in the end; rejects with what went wrong in any of them. */
  readonly said: Promise<unknown>;
  readonly end: () => Promise<void>;
}

function lastWord([first, ...helpers]: readonly Worker[]): Promise<unknown> {
  return new Promise<unknown>((resolve, reject) => {
    first!.on('message', (word: WorkerWord) => {
      if (word.kind === 'done') resolve(word.result);
      else if (word.kind === 'failed') reject(errorOf(word));
    });
    for (const worker of [first!, ...helpers]) {
      worker.on('error', (cause) => reject(new OutpostError('INTERNAL', sentence('train.training_ended'), { cause })));
      // A helper ends by itself when the first thread has: by then that one has said what came of it.
      worker.on('exit', (code) => {
        if (worker === first || code !== 0)
          reject(new OutpostError('INTERNAL', sentence('train.training_ended_without_result')));
      });
    }
  });
}

/** Starts threads that wait for work: it takes a while, in which its data can be read. */
export function startThreads(count: number): StartedThreads {
  const cancel = new Int32Array(new SharedArrayBuffer(4));
  const channels = Array.from({ length: count - 1 }, () => new MessageChannel());
  const helpers = channels.map(({ port1 }) => port1);
  const workerData: WorkerStart = { cancel, helpers };
  const first = new Worker(new URL('./train-worker.ts', import.meta.url), { workerData, transferList: helpers });
  const others = channels.map(({ port2: port }) => {
    const start: HelperStart = { cancel, port };
    return new Worker(new URL('./fit-worker.ts', import.meta.url), { workerData: start, transferList: [port] });
  });
  const workers = [first, ...others];
  const said = lastWord(workers);
  // Whoever gives them work hears of it; before that nobody does.
  said.catch(() => undefined);
  const end = async (): Promise<void> => void (await Promise.all(workers.map((worker) => worker.terminate())));
  return { workers, cancel, said, end };
}

/** Does a piece of work in threads and answers what the first one says; the caller knows what that is. */
async function inWorker(order: WorkerOrder, options: InWorkerOptions): Promise<unknown> {
  const { signal, onProgress, threads = threadsFor(sharedFrame(order)?.rows ?? 0) } = options;
  if (signal?.aborted === true) throw new OutpostError('CANCELLED', sentence('trainers.training_cancelled'));
  const { workers, cancel, said, end } = options.started ?? startThreads(threads);
  const stop = (): void => void Atomics.store(cancel, 0, 1);
  signal?.addEventListener('abort', stop);
  try {
    const [first, ...helpers] = workers;
    first!.on('message', (word: WorkerWord) => {
      if (word.kind === 'progress') onProgress?.(word.share);
    });
    for (const helper of helpers) helper.postMessage(sharedFrame(order));
    first!.postMessage({ ...order, task: lightTask(order.task) } satisfies WorkerOrder);
    return await said;
  } finally {
    signal?.removeEventListener('abort', stop);
    await end();
  }
}

/**
 * `trainRun` in threads of its own, so that whoever asks stays responsive; the same dataset and settings give the same
 * bytes as without a thread. Throws what `trainRun` throws, CANCELLED when the signal aborts, and INTERNAL when a
 * thread ends without a word (out of memory).
 */
export async function trainInWorker(
  dataset: TrainingRows,
  settings: TrainSettings,
  options: InWorkerOptions = {},
): Promise<TrainResult> {
  return (await inWorker({ task: { work: 'train', dataset }, settings }, options)) as TrainResult;
}

/** `crossValidateRun` in a thread of its own; throws as `trainInWorker` does. */
export async function crossValidateInWorker(
  dataset: TrainingRows,
  settings: TrainSettings,
  options: InWorkerOptions = {},
): Promise<CrossValidation> {
  return (await inWorker({ task: { work: 'cross-validate', dataset }, settings }, options)) as CrossValidation;
}

/** `validate` in a thread of its own; throws as `trainInWorker` does. */
export async function validateInWorker(
  blocks: readonly ValidationBlock[],
  settings: TrainSettings,
  options: Omit<InWorkerOptions, 'threads'> = {},
): Promise<Validation> {
  return (await inWorker({ task: { work: 'validate', blocks }, settings }, { ...options, threads: 1 })) as Validation;
}
