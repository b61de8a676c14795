import { receiveMessageOnPort, type MessagePort } from 'node:worker_threads';
import { effortOf, makeFit, type Dealt, type FitAnswer, type FitOrder, type Fits } from './fit-tasks.ts';
import { shared, type Frame } from '../dataset/frame.ts';
import { errorOf, failureOf, type ThreadFailure } from './thread-errors.ts';
import { goOn, type FitContext } from '../trainers/base/trainer.ts';
import { trainerOf, type TrainerName } from '../trainers/index.ts';

/** Fits that some threads make together: each takes the next one that nobody has taken. */
interface Batch {
  readonly seed: number;
  readonly dealt: readonly Dealt[];
  readonly orders: readonly {
    readonly trainer: TrainerName;
    readonly params: unknown;
    /** Place in `dealt`. */
    readonly dealt: number;
    readonly without: number | null;
  }[];
  /** Numbers by `places`. */
  readonly state: Int32Array;
  /** Millionths that are done of each order. */
  readonly progress: Int32Array;
}

/** Places in the state of a batch: the next order, how often a helper said something, and 1 to give up. */
const places = { next: 0, said: 1, stop: 2 } as const;

type Said = { readonly at: number } & (
  | ThreadFailure
  | { readonly kind: 'margins'; readonly margins: Float64Array | null }
  | { readonly kind: 'model'; readonly saved: unknown }
);

function batchOf(orders: readonly FitOrder[], seed: number): Batch {
  const dealt = [...new Set(orders.map((order) => order.dealt))];
  return {
    seed,
    dealt,
    orders: orders.map(({ trainer, without, ...order }) => {
      return { trainer: trainer.name, params: trainer.params, dealt: dealt.indexOf(order.dealt), without };
    }),
    state: shared(Int32Array, 4, Object.keys(places).length),
    progress: shared(Int32Array, 4, orders.length),
  };
}

/** Takes the next order nobody has taken; null when all are. */
function takeNext({ orders, state }: Pick<Batch, 'orders' | 'state'>): number | null {
  if (Atomics.load(state, places.stop) === 1) return null;
  const at = Atomics.add(state, places.next, 1);
  return at < orders.length ? at : null;
}

function contextOf(batch: Batch, at: number, cancelled: () => boolean, afterStep?: () => void): FitContext {
  return {
    seed: batch.seed,
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
    for (let at = takeNext(batch); at !== null; at = takeNext(batch)) {
      port.postMessage(helped(batch, at, frame, cancelled));
      Atomics.add(batch.state, places.said, 1);
      Atomics.notify(batch.state, places.said);
    }
  });
}

function helped(batch: Batch, at: number, frame: Frame, cancelled: () => boolean): Said {
  const { trainer, params, dealt, without } = batch.orders[at]!;
  try {
    const order = {
      trainer: trainerOf(trainer, params as Record<string, unknown>),
      dealt: batch.dealt[dealt]!,
      without,
    };
    const answer = makeFit(frame, order, contextOf(batch, at, cancelled));
    return answer.kind === 'model' ? { at, kind: 'model', saved: answer.model.saved } : { at, ...answer };
  } catch (error) {
    return { at, ...failureOf(error) };
  }
}

/** Milliseconds after which whoever waits looks at progress and cancel again. */
const patience = 100;

/**
 * Makes fits, with helpers when there are any (the other ends of ports given to `helpWithFits`), the longest first. What
 * comes out is the same whoever made it. Blocks this thread until all are made. Throws what a fit threw, and CANCELLED
 * when asked to stop.
 */
export function makeFits(
  frame: Frame,
  wanted: readonly FitOrder[],
  context: FitContext,
  helpers: readonly MessagePort[] = [],
): Fits {
  const orders = wanted.toSorted((a, b) => effortOf(b) - effortOf(a));
  const batch = batchOf(orders, context.seed);
  const report = reporter(orders, batch, context);
  const answers = new Map<FitOrder, FitAnswer>();
  for (const helper of helpers) helper.postMessage(batch);
  try {
    for (let at = takeNext(batch); at !== null; at = takeNext(batch)) {
      const own = contextOf(batch, at, () => context.cancelled?.() === true, report);
      answers.set(orders[at]!, makeFit(frame, orders[at]!, own));
      own.onProgress?.(1);
    }
    while (answers.size < orders.length) {
      const said = Atomics.load(batch.state, places.said);
      for (const helper of helpers) collect(helper, batch, orders, answers);
      report();
      goOn(context);
      // What is said between looking and waiting changes the number, and then there is no waiting.
      if (answers.size < orders.length) Atomics.wait(batch.state, places.said, said, patience);
    }
    return answers;
  } catch (error) {
    Atomics.store(batch.state, places.stop, 1);
    throw error;
  }
}

function reporter(orders: readonly FitOrder[], { progress }: Batch, { onProgress }: FitContext): () => void {
  const efforts = orders.map(effortOf);
  const all = efforts.reduce((a, b) => a + b, 0);
  return () => {
    const done = efforts.reduce((sum, effort, at) => sum + effort * Atomics.load(progress, at), 0);
    onProgress?.(Math.min(1, done / (1e6 * all)));
  };
}

/** Takes in what a helper has said. */
function collect(
  helper: MessagePort,
  { progress }: Batch,
  orders: readonly FitOrder[],
  answers: Map<FitOrder, FitAnswer>,
): void {
  for (let word = receiveMessageOnPort(helper); word !== undefined; word = receiveMessageOnPort(helper)) {
    const said = word.message as Said;
    if (said.kind === 'failed') throw errorOf(said);
    const order = orders[said.at]!;
    answers.set(order, said.kind === 'model' ? { kind: 'model', model: order.trainer.revive(said.saved) } : said);
    Atomics.store(progress, said.at, 1e6);
  }
}
