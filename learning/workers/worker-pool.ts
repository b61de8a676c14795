import { receiveMessageOnPort, type MessagePort } from 'node:worker_threads';
import { effortOf, makeFit, type FoldedRows, type FitResult, type FitTask, type FitResults } from './fit-tasks.ts';
import { shared, type Frame } from '../dataset/frame.ts';
import { errorOf, failureOf, type ThreadFailure } from './thread-errors.ts';
import type { Memory } from '../trainers/base/memory.ts';
import { goOn, type FitContext } from '../trainers/base/trainer.ts';
import { trainerOf, type TrainerName } from '../trainers/index.ts';

/** Fits that some threads make together: each takes the next one that nobody has taken. */
interface Batch {
  readonly seed: number;
  readonly foldedRows: readonly FoldedRows[];
  readonly tasks: readonly {
    readonly trainer: TrainerName;
    readonly params: unknown;
    /** Place in `foldedRows`. */
    readonly foldedRows: number;
    readonly without: number | null;
  }[];
  /** Numbers by `places`. */
  readonly state: Int32Array;
  /** Millionths that are done of each task. */
  readonly progress: Int32Array;
}

/** Places in the state of a batch: the next task, how many replies helpers have sent, and 1 to give up. */
const places = { next: 0, replies: 1, stop: 2 } as const;

/** What a helper sends back for a task. */
type HelperReply = { readonly at: number } & (
  | ThreadFailure
  | { readonly kind: 'margins'; readonly margins: Float64Array | null }
  | { readonly kind: 'model'; readonly saved: unknown }
);

function batchOf(tasks: readonly FitTask[], seed: number): Batch {
  const foldedRows = [...new Set(tasks.map((task) => task.foldedRows))];
  return {
    seed,
    foldedRows,
    tasks: tasks.map(({ trainer, without, ...task }) => {
      return {
        trainer: trainer.name,
        params: trainer.params,
        foldedRows: foldedRows.indexOf(task.foldedRows),
        without,
      };
    }),
    state: shared(Int32Array, 4, Object.keys(places).length),
    progress: shared(Int32Array, 4, tasks.length),
  };
}

/** Takes the next task nobody has taken; null when all are. */
function takeNext({ tasks, state }: Pick<Batch, 'tasks' | 'state'>): number | null {
  if (Atomics.load(state, places.stop) === 1) return null;
  const at = Atomics.add(state, places.next, 1);
  return at < tasks.length ? at : null;
}

function contextOf(
  batch: Batch,
  at: number,
  memory: Memory,
  cancelled: () => boolean,
  afterStep?: () => void,
): FitContext {
  return {
    seed: batch.seed,
    memory,
    cancelled: () => cancelled() || Atomics.load(batch.state, places.stop) === 1,
    onProgress(share) {
      Atomics.store(batch.progress, at, Math.round(share * 1e6));
      afterStep?.();
    },
  };
}

/** What a helper does: it makes fits of the batches that come through the port, until its thread is ended. */
export function helpWithFits(port: MessagePort, frame: Frame, cancelled: () => boolean): void {
  port.on('message', (batch: Batch) => {
    const memory: Memory = new Map();
    for (let at = takeNext(batch); at !== null; at = takeNext(batch)) {
      port.postMessage(helped(batch, at, frame, memory, cancelled));
      Atomics.add(batch.state, places.replies, 1);
      Atomics.notify(batch.state, places.replies);
    }
  });
}

function helped(batch: Batch, at: number, frame: Frame, memory: Memory, cancelled: () => boolean): HelperReply {
  const { trainer, params, foldedRows, without } = batch.tasks[at]!;
  try {
    const task = {
      trainer: trainerOf(trainer, params as Record<string, unknown>),
      foldedRows: batch.foldedRows[foldedRows]!,
      without,
    };
    const result = makeFit(frame, task, contextOf(batch, at, memory, cancelled));
    return result.kind === 'model' ? { at, kind: 'model', saved: result.model.saved } : { at, ...result };
  } catch (error) {
    return { at, ...failureOf(error) };
  }
}

/** Milliseconds after which whoever waits looks at progress and cancel again. */
const lookAgainMs = 100;

/**
 * Makes fits, with helpers when there are any (the other ends of ports given to `helpWithFits`), the longest first. What
 * comes out is the same whoever made it. Blocks this thread until all are made. Throws what a fit threw, and CANCELLED
 * when asked to stop.
 */
export function makeFits(
  frame: Frame,
  wanted: readonly FitTask[],
  context: FitContext,
  helpers: readonly MessagePort[] = [],
): FitResults {
  const tasks = wanted.toSorted((a, b) => effortOf(b) - effortOf(a));
  const batch = batchOf(tasks, context.seed);
  const report = reporter(tasks, batch, context);
  const results = new Map<FitTask, FitResult>();
  const memory: Memory = new Map();
  for (const helper of helpers) helper.postMessage(batch);
  try {
    for (let at = takeNext(batch); at !== null; at = takeNext(batch)) {
      const own = contextOf(batch, at, memory, () => context.cancelled?.() === true, report);
      results.set(tasks[at]!, makeFit(frame, tasks[at]!, own));
      own.onProgress?.(1);
    }
    while (results.size < tasks.length) {
      const replies = Atomics.load(batch.state, places.replies);
      for (const helper of helpers) collect(helper, batch, tasks, results);
      report();
      goOn(context);
      // A reply between looking and waiting changes the number, and then there is no waiting.
      if (results.size < tasks.length) Atomics.wait(batch.state, places.replies, replies, lookAgainMs);
    }
    return results;
  } catch (error) {
    Atomics.store(batch.state, places.stop, 1);
    throw error;
  }
}

function reporter(tasks: readonly FitTask[], { progress }: Batch, { onProgress }: FitContext): () => void {
  const efforts = tasks.map(effortOf);
  const all = efforts.reduce((a, b) => a + b, 0);
  return () => {
    const done = efforts.reduce((sum, effort, at) => sum + effort * Atomics.load(progress, at), 0);
    onProgress?.(Math.min(1, done / (1e6 * all)));
  };
}

/** Takes in the replies of a helper. */
function collect(
  helper: MessagePort,
  { progress }: Batch,
  tasks: readonly FitTask[],
  results: Map<FitTask, FitResult>,
): void {
  for (let message = receiveMessageOnPort(helper); message !== undefined; message = receiveMessageOnPort(helper)) {
    const reply = message.message as HelperReply;
    if (reply.kind === 'failed') throw errorOf(reply);
    const task = tasks[reply.at]!;
    results.set(task, reply.kind === 'model' ? { kind: 'model', model: task.trainer.revive(reply.saved) } : reply);
    Atomics.store(progress, reply.at, 1e6);
  }
}
